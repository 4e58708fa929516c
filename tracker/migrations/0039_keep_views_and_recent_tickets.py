import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0038_wall_displays"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecentTickets",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("keys", models.JSONField(default=list, verbose_name="问题")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recent",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "最近打开",
                "verbose_name_plural": "最近打开",
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "view",
                    models.CharField(
                        choices=[
                            ("timeline", "作战图"),
                            ("matrix", "矩阵"),
                            ("kanban", "看板"),
                            ("wall", "台账"),
                            ("calendar", "日历"),
                            ("ticket-list", "清单"),
                            ("sheets", "责任"),
                        ],
                        max_length=12,
                        verbose_name="页面",
                    ),
                ),
                ("query", models.CharField(blank=True, max_length=1500, verbose_name="条件")),
                (
                    "shared_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("staff", "承办人"),
                            ("head", "部门负责人"),
                            ("leader", "责任领导"),
                            ("office", "整改办"),
                            ("party", "党组"),
                            ("inspector", "巡察办"),
                            ("viewer", "只读领导"),
                            ("operator", "导入员"),
                        ],
                        help_text="空则为这些单位的所有人。",
                        max_length=12,
                        verbose_name="共享给角色",
                    ),
                ),
                (
                    "is_default",
                    models.BooleanField(
                        default=False,
                        help_text="点“挂图作战”时先打开它；自己的默认视图优先于共享的。",
                        verbose_name="设为默认",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="保存时间")),
                (
                    "owner",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="保存人",
                    ),
                ),
                (
                    "shared_unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="本单位和下级单位的人都能看到这个视图；各人打开时只看到自己有权看的问题。",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shared_views",
                        to="tracker.unit",
                        verbose_name="共享给单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "保存的视图",
                "verbose_name_plural": "保存的视图",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "name"),
                        name="saved_view_name_once",
                        violation_error_message="您已有同名的视图，请换一个名称。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True), ("shared_unit__isnull", True)),
                        fields=("owner",),
                        name="saved_view_one_own_default",
                        violation_error_message="您已有默认视图。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True), ("shared_unit__isnull", False)),
                        fields=("shared_unit", "shared_role"),
                        name="saved_view_one_role_default",
                        violation_error_message="这个单位的这一角色已有默认视图，请先取消那一个。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "view__in",
                                [
                                    "timeline",
                                    "matrix",
                                    "kanban",
                                    "wall",
                                    "calendar",
                                    "ticket-list",
                                    "sheets",
                                ],
                            )
                        ),
                        name="saved_view_is_a_view",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="saved_view_has_a_name",
                        violation_error_message="请填写名称。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "shared_role__in",
                                [
                                    "",
                                    "staff",
                                    "head",
                                    "leader",
                                    "office",
                                    "party",
                                    "inspector",
                                    "viewer",
                                    "operator",
                                ],
                            )
                        ),
                        name="saved_view_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shared_role", ""), ("shared_unit__isnull", False), _connector="OR"
                        ),
                        name="saved_view_role_in_a_unit",
                        violation_error_message="共享给角色时，请选择单位。",
                    ),
                ],
            },
        ),
    ]
