import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0037_place_the_look_backs_there_are"),
    ]

    operations = [
        migrations.CreateModel(
            name="Screen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        editable=False, max_length=64, unique=True, verbose_name="摘要"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "used_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="最近读取"
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="作废时间"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="挂在哪里，如“三楼会议室”。", max_length=40, verbose_name="位置"
                    ),
                ),
                (
                    "masks_names",
                    models.BooleanField(
                        default=True,
                        help_text="责任人只写姓，如“梁某某”。",
                        verbose_name="隐去姓名",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screens",
                        to="tracker.inspection",
                        verbose_name="巡视巡察",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设置人",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作废人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screens",
                        to="tracker.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "大屏",
                "verbose_name_plural": "大屏",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("inspection__isnull", True), ("unit__isnull", False)),
                            models.Q(("inspection__isnull", False), ("unit__isnull", True)),
                            _connector="OR",
                        ),
                        name="screen_shows_one_thing",
                        violation_error_message="大屏只能对应一次巡视巡察或一个单位。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="screen_revoked_by_someone",
                        violation_error_message="作废必须有作废人和时间。",
                    ),
                ],
            },
        ),
    ]
