import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0026_look_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="申请后版本")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="申请时间")),
                ("asked_on", models.DateField(verbose_name="申请日期")),
                ("present_due_on", models.DateField(verbose_name="申请时的时限")),
                ("asked_due_on", models.DateField(verbose_name="申请延至")),
                ("reason", models.TextField(verbose_name="延期理由")),
                ("ground", models.CharField(max_length=200, verbose_name="依据")),
                ("progress", models.TextField(verbose_name="目前进展")),
                ("steps", models.CharField(max_length=40, verbose_name="审批环节")),
                (
                    "waits_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unit", "部门负责人或责任领导"),
                            ("office", "整改办"),
                            ("party", "党组"),
                            ("inspector", "巡察办"),
                        ],
                        max_length=10,
                        verbose_name="待谁审批",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "待审批"),
                            ("approved", "已批准"),
                            ("refused", "未批准"),
                            ("returned", "已退回"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                (
                    "permitted_due_on",
                    models.DateField(blank=True, null=True, verbose_name="批准延至"),
                ),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
            ],
            options={
                "verbose_name": "延期",
                "verbose_name_plural": "延期",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ExtensionDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="审批后版本")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("unit", "部门负责人或责任领导"),
                            ("office", "整改办"),
                            ("party", "党组"),
                            ("inspector", "巡察办"),
                        ],
                        max_length=10,
                        verbose_name="环节",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                (
                    "ruling",
                    models.CharField(
                        choices=[("agree", "同意"), ("return", "退回补充"), ("refuse", "不同意")],
                        max_length=10,
                        verbose_name="决定",
                    ),
                ),
                ("opinion", models.TextField(blank=True, verbose_name="意见")),
                ("ground", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="同意延至")),
            ],
            options={
                "verbose_name": "延期审批",
                "verbose_name_plural": "延期审批",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="交接原因")),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="发起时间")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "待确认"),
                            ("done", "已交接"),
                            ("cancelled", "已取消"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "giver_confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="移交确认时间"),
                ),
                (
                    "giver_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="代为确认的原因"),
                ),
                (
                    "receiver_confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="接收确认时间"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                (
                    "cancel_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="取消原因"),
                ),
            ],
            options={
                "verbose_name": "责任交接",
                "verbose_name_plural": "责任交接",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="HandoverItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("leader", "责任领导"),
                            ("person", "责任人"),
                            ("reporter", "填报人"),
                        ],
                        max_length=10,
                        verbose_name="身份",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("moved", "已移交"),
                            ("left_out", "未移交"),
                            ("cancelled", "已取消"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="原因")),
            ],
            options={
                "verbose_name": "交接事项",
                "verbose_name_plural": "交接事项",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Substitution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField(verbose_name="起")),
                ("to_on", models.DateField(verbose_name="止")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("named_on", models.DateField(verbose_name="指定日期")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
            ],
            options={
                "verbose_name": "代理",
                "verbose_name_plural": "代理",
                "ordering": ["-from_on", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="round",
            name="extension_steps",
            field=models.CharField(
                default="unit,office",
                help_text="申请延期后逐级审批，最后一级批准并定下日期。",
                max_length=40,
                verbose_name="延期审批",
            ),
        ),
        migrations.AddField(
            model_name="transition",
            name="acting_for",
            field=models.ForeignKey(
                blank=True,
                help_text="以代理人身份办理时，被代理的人。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="代",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "extension_steps__in",
                        [
                            "office",
                            "party",
                            "inspector",
                            "office,party",
                            "office,inspector",
                            "party,inspector",
                            "office,party,inspector",
                            "unit,office",
                            "unit,party",
                            "unit,inspector",
                            "unit,office,party",
                            "unit,office,inspector",
                            "unit,party,inspector",
                            "unit,office,party,inspector",
                        ],
                    )
                ),
                name="round_extension_steps_in_order",
                violation_error_message="延期审批应至少有整改办、党组或巡察办一级。",
            ),
        ),
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("acting_for__isnull", True),
                    models.Q(("acting_for", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="transition_acts_for_another",
                violation_error_message="不能代自己办理。",
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="申请人",
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extensions",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="extensiondecision",
            name="acting_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="代",
            ),
        ),
        migrations.AddField(
            model_name="extensiondecision",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="审批人",
            ),
        ),
        migrations.AddField(
            model_name="extensiondecision",
            name="extension",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="tracker.extension",
                verbose_name="延期申请",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="cancelled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="取消人",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="giver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handovers_given",
                to=settings.AUTH_USER_MODEL,
                verbose_name="移交人",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="giver_confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="移交确认人",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="receiver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handovers_received",
                to=settings.AUTH_USER_MODEL,
                verbose_name="接收人",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="started_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发起人",
            ),
        ),
        migrations.AddField(
            model_name="handoveritem",
            name="handover",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="tracker.handover",
                verbose_name="交接单",
            ),
        ),
        migrations.AddField(
            model_name="handoveritem",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handover_items",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="named_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="指定人",
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="principal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="substitutions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="被代理人",
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="撤销人",
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="substitute",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stands_in_by",
                to=settings.AUTH_USER_MODEL,
                verbose_name="代理人",
            ),
        ),
        migrations.AddIndex(
            model_name="extension",
            index=models.Index(fields=["status", "waits_for"], name="extension_waiting"),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "pending")),
                fields=("ticket",),
                name="extension_one_pending",
                violation_error_message="这个问题已有一项延期申请在审批。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.UniqueConstraint(
                fields=("ticket", "ticket_version"), name="extension_once_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_due_on__gt", models.F("present_due_on"))),
                name="extension_asks_for_later",
                violation_error_message="申请的日期必须晚于现在的时限。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_on__lte", models.F("present_due_on"))),
                name="extension_asked_in_time",
                violation_error_message="时限已过，不能再申请延期。请联系整改办，由整改办按督办程序处理。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("ground", ""), _negated=True),
                    models.Q(("progress", ""), _negated=True),
                ),
                name="extension_says_why",
                violation_error_message="延期理由、依据和目前进展都要写明。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["pending", "approved", "refused", "returned", "withdrawn"])
                ),
                name="extension_status_is_known",
                violation_error_message="没有这种结果。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_on__isnull", True),
                        ("status", "pending"),
                        ("waits_for__in", ["unit", "office", "party", "inspector"]),
                    ),
                    models.Q(
                        models.Q(("status", "pending"), _negated=True),
                        ("settled_on__isnull", False),
                        ("waits_for", ""),
                    ),
                    _connector="OR",
                ),
                name="extension_waits_iff_pending",
                violation_error_message="在审批的申请要写明待谁审批，办结的要有办结日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("permitted_due_on__gt", models.F("present_due_on")),
                        ("permitted_due_on__isnull", False),
                        ("status", "approved"),
                    ),
                    models.Q(
                        models.Q(("status", "approved"), _negated=True),
                        ("permitted_due_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="extension_permits_a_date",
                violation_error_message="批准的延期必须写明晚于原来时限的日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensiondecision",
            constraint=models.UniqueConstraint(
                fields=("extension", "step"),
                name="extension_step_decided_once",
                violation_error_message="这一环节已经审批。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensiondecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ruling__in", ["agree", "return", "refuse"]),
                    ("step__in", ["unit", "office", "party", "inspector"]),
                ),
                name="extension_ruling_is_known",
                violation_error_message="没有这种决定。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensiondecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ruling", "agree"), models.Q(("opinion", ""), _negated=True), _connector="OR"
                ),
                name="extension_no_has_a_reason",
                violation_error_message="退回和不同意必须写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensiondecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on__isnull", False), ("ruling", "agree")),
                    models.Q(
                        models.Q(("ruling", "agree"), _negated=True), ("due_on__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="extension_yes_has_a_date",
                violation_error_message="同意必须写明日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensiondecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("acting_for__isnull", True),
                    models.Q(("acting_for", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="extension_acts_for_another",
                violation_error_message="不能代自己审批。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("receiver")), _negated=True),
                name="handover_between_two",
                violation_error_message="接收人不能是移交人本人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="handover_has_a_reason",
                violation_error_message="请写明交接原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["waiting", "done", "cancelled"])),
                name="handover_status_is_known",
                violation_error_message="没有这种状态。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "done"), _negated=True),
                    models.Q(
                        ("giver_confirmed_at__isnull", False),
                        ("receiver_confirmed_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="handover_done_by_both",
                violation_error_message="双方都确认后才能交接。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("giver_confirmed_at__isnull", True), ("giver_confirmed_by__isnull", True)
                    ),
                    models.Q(
                        ("giver_confirmed_at__isnull", False), ("giver_confirmed_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="handover_given_by_someone",
                violation_error_message="移交确认必须记下确认人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("giver_confirmed_by__isnull", True),
                    models.Q(("giver_confirmed_by", models.F("receiver")), _negated=True),
                    _connector="OR",
                ),
                name="handover_not_both_by_one",
                violation_error_message="接收人不能代移交人确认。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("giver_confirmed_by__isnull", True),
                    ("giver_confirmed_by", models.F("giver")),
                    models.Q(("giver_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="handover_for_giver_says_why",
                violation_error_message="代移交人确认必须写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("cancelled_by__isnull", False),
                        ("status", "cancelled"),
                        models.Q(("cancel_reason", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("status", "cancelled"), _negated=True),
                        ("cancel_reason", ""),
                        ("cancelled_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="handover_cancelled_with_reason",
                violation_error_message="取消交接必须记下由谁、为何取消。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("status", "waiting")),
                    models.Q(
                        models.Q(("status", "waiting"), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="handover_ended_iff_settled",
                violation_error_message="已交接、已取消的要有办结时间，待确认的不能有。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.UniqueConstraint(
                fields=("handover", "ticket", "part"),
                name="handover_item_once",
                violation_error_message="同一事项在一份交接单中只能列一次。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")),
                fields=("ticket", "part"),
                name="handover_item_waits_once",
                violation_error_message="这一事项已在另一份待确认的交接单中。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", ["leader", "person", "reporter"])),
                name="handover_item_part_is_known",
                violation_error_message="没有这种身份。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "left_out"), _negated=True),
                    models.Q(("why", ""), _negated=True),
                    _connector="OR",
                ),
                name="handover_item_left_out_why",
                violation_error_message="未移交的事项必须写明原因。",
            ),
        ),
        migrations.AddIndex(
            model_name="substitution",
            index=models.Index(
                fields=["substitute", "from_on", "to_on"], name="substitution_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(("principal", models.F("substitute")), _negated=True),
                name="substitution_not_of_oneself",
                violation_error_message="代理人不能是本人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_on__gte", models.F("from_on"))),
                name="substitution_ends_after_start",
                violation_error_message="止日不能早于起日。",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_on__gte", models.F("named_on"))),
                name="substitution_not_backdated",
                violation_error_message="代理不能从过去的日子开始。",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="substitution_has_a_reason",
                violation_error_message="请写明代理原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                    _connector="OR",
                ),
                name="substitution_revoked_by_someone",
                violation_error_message="撤销必须记下撤销人。",
            ),
        ),
    ]
