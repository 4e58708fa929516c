import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0024_name_verdicts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="节点")),
                ("due_on", models.DateField(verbose_name="应到日期")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="到达日期")),
            ],
            options={
                "verbose_name": "节点",
                "verbose_name_plural": "节点",
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("drafting", "拟定中"),
                            ("submitted", "待审定"),
                            ("approved", "已批准"),
                            ("returned", "退回修改"),
                        ],
                        default="drafting",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "edition",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, verbose_name="稿次"
                    ),
                ),
                (
                    "approved_on",
                    models.DateField(editable=False, null=True, verbose_name="批准日期"),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="版本"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
            ],
            options={
                "verbose_name": "整改方案",
                "verbose_name_plural": "整改方案",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanAsk",
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
                        choices=[("change", "调整措施"), ("add", "增加措施"), ("drop", "撤下措施")],
                        max_length=8,
                        verbose_name="调整",
                    ),
                ),
                ("fields", models.JSONField(default=list, verbose_name="内容")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="申请时间")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "待审定"),
                            ("approved", "已同意"),
                            ("refused", "未同意"),
                        ],
                        default="pending",
                        editable=False,
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="审定时间"
                    ),
                ),
                ("opinion", models.CharField(blank=True, max_length=500, verbose_name="审定意见")),
            ],
            options={
                "verbose_name": "方案调整",
                "verbose_name_plural": "方案调整",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("plan_version", models.PositiveIntegerField(verbose_name="办理后版本")),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("begin", "开始编制"),
                            ("submit", "提请审定"),
                            ("return", "退回修改"),
                            ("approve", "批准方案"),
                        ],
                        max_length=12,
                        verbose_name="办理",
                    ),
                ),
                ("edition", models.PositiveSmallIntegerField(verbose_name="稿次")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("note", models.TextField(blank=True, verbose_name="意见")),
                ("content", models.JSONField(default=list, verbose_name="提请时的方案")),
            ],
            options={
                "verbose_name": "方案办理",
                "verbose_name_plural": "方案办理",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SelfCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.TextField(verbose_name="自查什么")),
                ("due_on", models.DateField(verbose_name="答复时限")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="发送时间")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("", "未答复"), ("none", "无此类问题"), ("found", "存在此类问题")],
                        default="",
                        editable=False,
                        max_length=8,
                        verbose_name="答复",
                    ),
                ),
                ("statement", models.TextField(blank=True, verbose_name="自查情况")),
                (
                    "answered_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="答复时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "自查",
                "verbose_name_plural": "自查",
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="measure",
            options={
                "default_manager_name": "objects",
                "ordering": ["ticket", "order"],
                "verbose_name": "整改措施",
                "verbose_name_plural": "整改措施",
            },
        ),
        migrations.RemoveConstraint(
            model_name="measure",
            name="measure_order_once_per_ticket",
        ),
        migrations.RemoveConstraint(
            model_name="ticket",
            name="ticket_serial_once",
        ),
        migrations.AddField(
            model_name="inspection",
            name="last_found_serial",
            field=models.PositiveIntegerField(
                default=0, editable=False, verbose_name="已用自查序号"
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="编制人",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="dropped_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="撤下日期"),
        ),
        migrations.AddField(
            model_name="measure",
            name="goal",
            field=models.CharField(blank=True, max_length=500, verbose_name="目标（标准）"),
        ),
        migrations.AddField(
            model_name="measure",
            name="person",
            field=models.ForeignKey(
                blank=True,
                help_text="空则为问题的责任人。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measures",
                to=settings.AUTH_USER_MODEL,
                verbose_name="责任人",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="printed",
            field=models.ForeignKey(
                blank=True,
                help_text="这条措施在通报里的写法；通报没有写的不选。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="planned_as",
                to="tracker.measure",
                verbose_name="对应的通报措施",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="starts_on",
            field=models.DateField(blank=True, null=True, verbose_name="开始日期"),
        ),
        migrations.AddField(
            model_name="measure",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                help_text="空则为问题的牵头单位。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measures",
                to="tracker.unit",
                verbose_name="责任部门",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="plan_approver",
            field=models.CharField(
                choices=[("office", "整改办"), ("party", "党组"), ("inspector", "巡察办")],
                default="party",
                help_text="整改方案和方案调整由谁审定；被巡察单位没有这一角色的人时由整改办审定。",
                max_length=12,
                verbose_name="方案审定",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="plan_days",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="整改方案应在反馈后这么多天内批准。",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(365),
                ],
                verbose_name="方案报送期限（天）",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="due_reason",
            field=models.CharField(
                blank=True,
                help_text="完成时限晚于集中整改期满时必须写明。",
                max_length=300,
                verbose_name="超出集中整改期的理由",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="found_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="登记人",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="origin",
            field=models.CharField(
                choices=[
                    ("feedback", "反馈"),
                    ("self", "自查"),
                    ("similar", "举一反三"),
                    ("transferred", "移交"),
                ],
                default="feedback",
                editable=False,
                max_length=12,
                verbose_name="问题来源",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="由哪个问题举一反三查出。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="found_by_it",
                to="tracker.ticket",
                verbose_name="由此查出",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="recurs",
            field=models.ForeignKey(
                blank=True,
                help_text="以前已经反馈过的同一问题。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recurred_as",
                to="tracker.ticket",
                verbose_name="屡改屡犯",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="bulletin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="tracker.bulletin",
                verbose_name="通报",
            ),
        ),
        migrations.AlterField(
            model_name="transition",
            name="move",
            field=models.CharField(
                choices=[
                    ("import", "导入建立"),
                    ("found", "自查登记"),
                    ("claim", "认领"),
                    ("start", "启动整改"),
                    ("submit", "提交销号"),
                    ("return", "退回"),
                    ("review", "审核通过"),
                    ("close", "确认销号"),
                    ("keep", "列入长期坚持"),
                    ("reopen", "重启整改"),
                ],
                max_length=12,
                verbose_name="办理",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dropped_on", None)),
                fields=("ticket", "order"),
                name="measure_order_once_per_ticket",
                violation_error_message="该问题已有这一顺序的措施。",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on__isnull", True),
                    ("due_on__isnull", True),
                    ("due_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="measure_ends_after_start",
                violation_error_message="完成时限不能早于开始日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="measure_has_text",
                violation_error_message="请写明措施。",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dropped_on__isnull", True), ("added_by__isnull", False), _connector="OR"
                ),
                name="measure_printed_is_kept",
                violation_error_message="通报所印的措施不能撤下。",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("plan_days__gte", 1), ("plan_days__lte", 365)),
                name="round_plan_days_in_range",
                violation_error_message="方案报送期限应为1至365天。",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("plan_approver__in", ("office", "party", "inspector"))),
                name="round_plan_approver_is_known",
                violation_error_message="方案只能由党组、整改办或巡察办审定。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", "feedback")),
                fields=("inspection", "serial"),
                name="ticket_serial_once",
                violation_error_message="这次巡视巡察已有这一序号。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", "feedback"), _negated=True),
                fields=("inspection", "serial"),
                name="ticket_found_serial_once",
                violation_error_message="这次巡视巡察已有这一自查序号。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["feedback", "self", "similar", "transferred"])),
                name="ticket_origin_is_known",
                violation_error_message="没有这种问题来源。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", "feedback"), _negated=True),
                    models.Q(("bulletin__isnull", False), ("parent__isnull", True)),
                    _connector="OR",
                ),
                name="ticket_fed_back_has_bulletin",
                violation_error_message="反馈问题必须有通报。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin__in", ["self", "similar"]), _negated=True),
                    models.Q(
                        ("bulletin__isnull", True),
                        ("found_by__isnull", False),
                        ("parent__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="ticket_found_has_parent",
                violation_error_message="自查问题必须写明由哪个问题查出、由谁登记，并且没有通报。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recurs__isnull", True),
                    models.Q(("recurs", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="ticket_recurs_another",
                violation_error_message="不能指向问题自己。",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="measure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="milestones",
                to="tracker.measure",
                verbose_name="措施",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="decided_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="审定人",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="inspection",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan",
                to="tracker.inspection",
                verbose_name="巡视巡察",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="submitted_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提请人",
            ),
        ),
        migrations.AddField(
            model_name="planask",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="申请人",
            ),
        ),
        migrations.AddField(
            model_name="planask",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="审定人",
            ),
        ),
        migrations.AddField(
            model_name="planask",
            name="measure",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_asks",
                to="tracker.measure",
                verbose_name="措施",
            ),
        ),
        migrations.AddField(
            model_name="planask",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_asks",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="plandecision",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="办理人",
            ),
        ),
        migrations.AddField(
            model_name="plandecision",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="tracker.plan",
                verbose_name="整改方案",
            ),
        ),
        migrations.AddField(
            model_name="plandecision",
            name="submitter",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提请人",
            ),
        ),
        migrations.AddField(
            model_name="selfcheck",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="答复人",
            ),
        ),
        migrations.AddField(
            model_name="selfcheck",
            name="found",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="tracker.ticket",
                verbose_name="自查出的问题",
            ),
        ),
        migrations.AddField(
            model_name="selfcheck",
            name="sent_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发送人",
            ),
        ),
        migrations.AddField(
            model_name="selfcheck",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="self_checks",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="selfcheck",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="self_checks",
                to="tracker.unit",
                verbose_name="自查单位",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True),
                name="milestone_has_a_title",
                violation_error_message="请写明节点。",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["drafting", "submitted", "approved", "returned"])
                ),
                name="plan_status_is_known",
                violation_error_message="没有这种状态。",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("submitted_by")), _negated=True),
                    _connector="OR",
                ),
                name="plan_decided_by_another",
                violation_error_message="提请人不能审定自己提请的方案。",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "submitted"), _negated=True),
                    models.Q(("decided_by__isnull", True), ("submitted_by__isnull", False)),
                    _connector="OR",
                ),
                name="plan_submitted_has_submitter",
                violation_error_message="待审定的方案必须有提请人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approved_on__isnull", False),
                        ("decided_by__isnull", False),
                        ("status", "approved"),
                        ("submitted_by__isnull", False),
                    ),
                    models.Q(
                        models.Q(("status", "approved"), _negated=True),
                        ("approved_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="plan_approved_by_somebody",
                violation_error_message="已批准的方案必须有提请人、审定人和批准日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="planask",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="planask_has_a_reason",
                violation_error_message="请写明调整理由。",
            ),
        ),
        migrations.AddConstraint(
            model_name="planask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "add"), ("measure__isnull", True)),
                    models.Q(("kind__in", ["change", "drop"]), ("measure__isnull", False)),
                    _connector="OR",
                ),
                name="planask_names_its_measure",
                violation_error_message="调整或撤下要指明措施。",
            ),
        ),
        migrations.AddConstraint(
            model_name="planask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="planask_decided_by_another",
                violation_error_message="申请人不能审定自己的申请。",
            ),
        ),
        migrations.AddConstraint(
            model_name="planask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("status", "pending"),
                    ),
                    models.Q(
                        ("status__in", ["approved", "refused"]),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        models.Q(("opinion", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="planask_decided_by_somebody",
                violation_error_message="审定的申请必须有审定人、时间和意见。",
            ),
        ),
        migrations.AddConstraint(
            model_name="planask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "pending")),
                fields=("measure",),
                name="planask_one_pending_a_measure",
                violation_error_message="这条措施已有一个待审定的调整申请。",
            ),
        ),
        migrations.AddConstraint(
            model_name="plandecision",
            constraint=models.UniqueConstraint(
                fields=("plan", "plan_version"), name="plandecision_once_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="plandecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("move__in", ["approve", "return"]), _negated=True),
                    models.Q(
                        ("submitter__isnull", False),
                        models.Q(("submitter", models.F("by")), _negated=True),
                        models.Q(("note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="plandecision_by_another",
                violation_error_message="审定人不能是提请人，并且要写明意见。",
            ),
        ),
        migrations.AddConstraint(
            model_name="selfcheck",
            constraint=models.UniqueConstraint(
                fields=("ticket", "unit"),
                name="selfcheck_once_per_unit",
                violation_error_message="这个问题已经发给该单位自查。",
            ),
        ),
        migrations.AddConstraint(
            model_name="selfcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True),
                name="selfcheck_says_what",
                violation_error_message="请写明自查什么。",
            ),
        ),
        migrations.AddConstraint(
            model_name="selfcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""),
                        ("answered_at__isnull", True),
                        ("answered_by__isnull", True),
                        ("found__isnull", True),
                    ),
                    models.Q(
                        ("answer", "none"),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("found__isnull", True),
                        models.Q(("statement", ""), _negated=True),
                    ),
                    models.Q(
                        ("answer", "found"),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("found__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="selfcheck_answer_is_whole",
                violation_error_message="答复无此类问题要写明自查情况；存在此类问题要登记问题。",
            ),
        ),
    ]
