import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0018_protect_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cycle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="轮次")),
                ("opened_on", models.DateField(verbose_name="开始日期")),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("failed_review", "复核不合格"),
                            ("rebound", "问题反弹"),
                            ("look_back", "回头看发现"),
                        ],
                        max_length=16,
                        verbose_name="重启依据",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="重启原因")),
                ("due_on", models.DateField(null=True, verbose_name="首个时限")),
                ("submitted_on", models.DateField(null=True, verbose_name="提交日期")),
                ("closed_on", models.DateField(null=True, verbose_name="销号日期")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="开始人",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cycles",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "整改轮次",
                "verbose_name_plural": "整改轮次",
                "ordering": ["ticket", "number"],
            },
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="提交后版本")),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次提交")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="提交时间")),
                ("result", models.TextField(verbose_name="整改成效")),
                ("explained", models.JSONField(blank=True, default=dict, verbose_name="验收说明")),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signoffs",
                        to="tracker.cycle",
                        verbose_name="整改轮次",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="责任人",
                    ),
                ),
                (
                    "submitter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signoffs",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "对账销号单",
                "verbose_name_plural": "对账销号单",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="办理后版本")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("head", "部门初审"),
                            ("leader", "责任领导复核"),
                            ("office", "整改办复核"),
                            ("party", "党组审定"),
                            ("inspector", "巡察办验收"),
                        ],
                        max_length=12,
                        verbose_name="审核级次",
                    ),
                ),
                ("is_approval", models.BooleanField(verbose_name="通过")),
                ("text", models.TextField(verbose_name="意见")),
                (
                    "way",
                    models.CharField(
                        choices=[("on_site", "现场核查"), ("documents", "查阅资料")],
                        max_length=12,
                        verbose_name="核查方式",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                (
                    "acting_for",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="代理谁",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="责任人",
                    ),
                ),
                (
                    "submitter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
                (
                    "signoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="tracker.signoff",
                        verbose_name="对账销号单",
                    ),
                ),
            ],
            options={
                "verbose_name": "审核意见",
                "verbose_name_plural": "审核意见",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.UniqueConstraint(
                fields=("ticket", "number"), name="cycle_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on__isnull", True)),
                fields=("ticket",),
                name="cycle_one_is_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", ""), ("number", 1), ("reason", "")),
                    models.Q(
                        ("ground__in", ["failed_review", "rebound", "look_back"]),
                        ("number__gt", 1),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cycle_reopened_with_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", True), ("submitted_on__isnull", True)),
                    models.Q(("closed_on__isnull", False), ("submitted_on__isnull", False)),
                    _connector="OR",
                ),
                name="cycle_closed_once_submitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.UniqueConstraint(
                fields=("ticket", "number"), name="signoff_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.UniqueConstraint(
                fields=("ticket", "ticket_version"), name="signoff_once_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("responsible__isnull", True),
                    models.Q(("submitter", models.F("responsible")), _negated=True),
                    _connector="OR",
                ),
                name="signoff_not_by_responsible",
                violation_error_message="提交人和责任人不能是同一人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("result", ""), _negated=True),
                name="signoff_has_result",
                violation_error_message="请填写整改成效。",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                fields=("signoff", "by"), name="opinion_once_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                fields=("signoff", "level"), name="opinion_once_per_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by", models.F("submitter")), _negated=True),
                    models.Q(
                        ("acting_for__isnull", True),
                        models.Q(("acting_for", models.F("submitter")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="opinion_not_by_submitter",
                violation_error_message="提交人不能审核自己提交的问题。",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("responsible__isnull", True),
                    models.Q(
                        models.Q(("by", models.F("responsible")), _negated=True),
                        models.Q(
                            ("acting_for__isnull", True),
                            models.Q(("acting_for", models.F("responsible")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="opinion_not_by_responsible",
                violation_error_message="责任人不能审核自己负责的问题。",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("acting_for__isnull", True),
                    models.Q(("acting_for", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="opinion_acts_for_another",
                violation_error_message="不能代理自己。",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("level__in", ("head", "leader", "office", "party", "inspector")),
                    ("way__in", ["on_site", "documents"]),
                ),
                name="opinion_level_is_known",
                violation_error_message="没有这种审核级次或核查方式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="opinion_has_words",
                violation_error_message="请填写审核意见。",
            ),
        ),
    ]
