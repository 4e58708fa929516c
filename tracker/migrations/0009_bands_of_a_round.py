import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0008_round_reporting_period"),
    ]

    operations = [
        migrations.CreateModel(
            name="Band",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="判灯顺序")),
                (
                    "light",
                    models.CharField(
                        choices=[
                            ("late", "超期"),
                            ("warn", "临期"),
                            ("notice", "预警"),
                            ("block", "受阻"),
                            ("stale", "久未更新"),
                            ("ok", "正常"),
                            ("idle", "未开始"),
                            ("long_term", "长期坚持"),
                            ("done", "已销号"),
                        ],
                        help_text="网址和统计用的名称；页面上印下面的字。",
                        max_length=12,
                        verbose_name="灯",
                    ),
                ),
                ("word", models.CharField(max_length=10, verbose_name="字")),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("red", "红"),
                            ("orange", "橙"),
                            ("amber", "黄"),
                            ("green", "绿"),
                            ("teal", "青"),
                            ("blue", "蓝"),
                            ("violet", "紫"),
                            ("grey", "灰"),
                        ],
                        max_length=8,
                        verbose_name="色",
                    ),
                ),
                (
                    "shape",
                    models.CharField(
                        choices=[
                            ("square", "实心方"),
                            ("triangle", "实心三角"),
                            ("flag", "三角旗"),
                            ("diamond", "实心菱"),
                            ("hourglass", "沙漏"),
                            ("disc", "实心圆"),
                            ("ring", "虚线圈"),
                            ("loop", "双环"),
                            ("tick", "圈内勾"),
                        ],
                        max_length=10,
                        verbose_name="形",
                    ),
                ),
                (
                    "conditions",
                    models.JSONField(
                        default=list, help_text="有一条成立就亮。", verbose_name="亮灯条件"
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="用于“距整改时限”和“没有填报”；后者空则按轮次的反馈周期。",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="天数",
                    ),
                ),
                ("in_workdays", models.BooleanField(default=True, verbose_name="按工作日计")),
                ("tells", models.JSONField(blank=True, default=list, verbose_name="亮灯时告知")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="band_rows",
                        to="tracker.round",
                        verbose_name="轮次",
                    ),
                ),
            ],
            options={
                "verbose_name": "灯",
                "verbose_name_plural": "灯",
                "ordering": ["round", "order"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "light"),
                        name="band_once_per_round",
                        violation_error_message="这一轮次已有这种灯。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "light__in",
                                [
                                    "late",
                                    "warn",
                                    "notice",
                                    "block",
                                    "stale",
                                    "ok",
                                    "idle",
                                    "long_term",
                                    "done",
                                ],
                            ),
                            (
                                "colour__in",
                                [
                                    "red",
                                    "orange",
                                    "amber",
                                    "green",
                                    "teal",
                                    "blue",
                                    "violet",
                                    "grey",
                                ],
                            ),
                            (
                                "shape__in",
                                [
                                    "square",
                                    "triangle",
                                    "flag",
                                    "diamond",
                                    "hourglass",
                                    "disc",
                                    "ring",
                                    "loop",
                                    "tick",
                                ],
                            ),
                            models.Q(("word", ""), _negated=True),
                        ),
                        name="band_look_is_known",
                        violation_error_message="灯的名称、色、形须从所列中选，字不能空。",
                    ),
                ],
            },
        ),
    ]
