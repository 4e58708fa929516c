import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0025_plan_measures_and_self_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="LookBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("immediate", "立行立改"),
                            ("time_limited", "限期整改"),
                            ("long_term", "长期坚持"),
                        ],
                        max_length=12,
                        verbose_name="整改类型",
                    ),
                ),
                (
                    "size",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="抽查数",
                    ),
                ),
                ("seed", models.CharField(max_length=32, verbose_name="随机种子")),
                ("population", models.JSONField(verbose_name="抽取范围")),
                ("drawn_at", models.DateTimeField(auto_now_add=True, verbose_name="抽取时间")),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="抽取人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="牵头单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "回头看",
                "verbose_name_plural": "回头看",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="LookBackItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("holds", "成效巩固"),
                            ("partly", "部分巩固"),
                            ("rebounded", "问题反弹"),
                        ],
                        max_length=12,
                        verbose_name="结果",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="情况")),
                ("checked_on", models.DateField(null=True, verbose_name="核查日期")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核查人",
                    ),
                ),
                (
                    "look_back",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="tracker.lookback",
                        verbose_name="回头看",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="look_backs",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "回头看抽查",
                "verbose_name_plural": "回头看抽查",
                "ordering": ["look_back", "place"],
            },
        ),
        migrations.AddConstraint(
            model_name="lookback",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gte", 1), models.Q(("seed", ""), _negated=True)),
                name="lookback_has_size_and_seed",
                violation_error_message="抽查数至少为1，种子不能为空。",
            ),
        ),
        migrations.AddConstraint(
            model_name="lookbackitem",
            constraint=models.UniqueConstraint(
                fields=("look_back", "ticket"), name="lookback_ticket_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="lookbackitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("by__isnull", True),
                        ("checked_on__isnull", True),
                        ("note", ""),
                        ("result", ""),
                    ),
                    models.Q(
                        ("by__isnull", False),
                        ("checked_on__isnull", False),
                        ("result__in", ["holds", "partly", "rebounded"]),
                        models.Q(("note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lookback_result_is_whole",
                violation_error_message="回头看结果须写明情况。",
            ),
        ),
    ]
