import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import tracker.models.tracked


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0027_extensions_substitutes_and_handovers"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalBand",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
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
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.round",
                        verbose_name="轮次",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 灯",
                "verbose_name_plural": "historical 灯",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCategory",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("heading", models.CharField(max_length=300, verbose_name="标题")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.inspection",
                        verbose_name="巡视巡察",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.category",
                        verbose_name="上级",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 方面与大类",
                "verbose_name_plural": "historical 方面与大类",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCoordination",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="标记后版本")),
                ("reason", models.CharField(max_length=300, verbose_name="受阻原因")),
                (
                    "needs_text",
                    models.CharField(blank=True, max_length=100, verbose_name="需协调的其他方面"),
                ),
                ("since_on", models.DateField(verbose_name="受阻自")),
                ("at", models.DateTimeField(blank=True, editable=False, verbose_name="标记时间")),
                (
                    "ended_version",
                    models.PositiveIntegerField(
                        editable=False, null=True, verbose_name="解除后版本"
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="解除时间"),
                ),
                ("outcome", models.TextField(blank=True, verbose_name="解除说明")),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="标记人",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="解除人",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "needs_unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="需协调单位",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 协调请求",
                "verbose_name_plural": "historical 协调请求",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCycle",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
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
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="开始人",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 整改轮次",
                "verbose_name_plural": "historical 整改轮次",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEvidence",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("ofd", "OFD"),
                            ("docx", "Word 文档"),
                            ("xlsx", "Excel 工作簿"),
                            ("pptx", "PowerPoint 演示"),
                            ("doc", "Word 97 或 WPS 文字"),
                            ("xls", "Excel 97 或 WPS 表格"),
                            ("ppt", "PowerPoint 97 或 WPS 演示"),
                            ("png", "PNG 图片"),
                            ("jpeg", "JPEG 图片"),
                        ],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("size", models.PositiveBigIntegerField(verbose_name="字节数")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "path",
                    models.CharField(
                        db_index=True, editable=False, max_length=100, verbose_name="存放位置"
                    ),
                ),
                ("is_key", models.BooleanField(default=False, verbose_name="关键佐证")),
                ("at", models.DateTimeField(blank=True, editable=False, verbose_name="上传时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="撤回时间"
                    ),
                ),
                (
                    "withdrawn_why",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="撤回原因"
                    ),
                ),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.measure",
                        verbose_name="措施",
                    ),
                ),
                (
                    "progress",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.progress",
                        verbose_name="进展",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤回人",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 佐证材料",
                "verbose_name_plural": "historical 佐证材料",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalExtension",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="申请后版本")),
                ("at", models.DateTimeField(blank=True, editable=False, verbose_name="申请时间")),
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
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 延期",
                "verbose_name_plural": "historical 延期",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalHandover",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="交接原因")),
                (
                    "started_at",
                    models.DateTimeField(blank=True, editable=False, verbose_name="发起时间"),
                ),
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
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="取消人",
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="移交人",
                    ),
                ),
                (
                    "giver_confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="移交确认人",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="接收人",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发起人",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 责任交接",
                "verbose_name_plural": "historical 责任交接",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalHandoverItem",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
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
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.handover",
                        verbose_name="交接单",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 交接事项",
                "verbose_name_plural": "historical 交接事项",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalHoliday",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(db_index=True, verbose_name="日期")),
                (
                    "is_workday",
                    models.BooleanField(
                        default=False, help_text="周末补班的日子打勾。", verbose_name="调休上班"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=20, verbose_name="名称")),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 节假日",
                "verbose_name_plural": "historical 节假日",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIndicator",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=100, verbose_name="指标")),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="计量单位")),
                (
                    "total",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="总数"
                    ),
                ),
                (
                    "done",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=16,
                        null=True,
                        verbose_name="已完成",
                    ),
                ),
                (
                    "stated_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        verbose_name="原文百分比",
                    ),
                ),
                ("quote", models.CharField(blank=True, max_length=300, verbose_name="原文")),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.finding",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.measure",
                        verbose_name="措施",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 量化指标",
                "verbose_name_plural": "historical 量化指标",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalInspection",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        db_index=True, editable=False, max_length=20, null=True, verbose_name="编号"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tour", "巡视"),
                            ("local", "巡察"),
                            ("audit", "审计"),
                            ("environment", "环保督察"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("inspecting_body", models.CharField(max_length=100, verbose_name="巡视巡察机构")),
                (
                    "unit_text",
                    models.CharField(blank=True, max_length=200, verbose_name="被巡察单位（原文）"),
                ),
                (
                    "chief_text",
                    models.CharField(blank=True, max_length=50, verbose_name="第一责任人"),
                ),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="进驻日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("feedback_on", models.DateField(verbose_name="反馈日期")),
                ("phone", models.CharField(blank=True, max_length=50, verbose_name="电话")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("postcode", models.CharField(blank=True, max_length=10, verbose_name="邮编")),
                ("email", models.CharField(blank=True, max_length=100, verbose_name="电子邮箱")),
                (
                    "stated_aspects",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="文中称方面数"),
                ),
                (
                    "stated_categories",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="文中称大类数"),
                ),
                (
                    "stated_problems",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="文中称问题数"),
                ),
                (
                    "stated_measures",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="文中称措施数"),
                ),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.round",
                        verbose_name="轮次",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="被巡察单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 巡视巡察",
                "verbose_name_plural": "historical 巡视巡察",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalLookBackItem",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
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
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核查人",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "look_back",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.lookback",
                        verbose_name="回头看",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 回头看抽查",
                "verbose_name_plural": "historical 回头看抽查",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMeasure",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "number",
                    models.CharField(
                        blank=True,
                        help_text="如“一”；原文没有则空。",
                        max_length=10,
                        verbose_name="序号",
                    ),
                ),
                ("text", models.TextField(verbose_name="措施")),
                (
                    "due_on",
                    models.DateField(
                        blank=True,
                        help_text="空则随问题的时限。",
                        null=True,
                        verbose_name="完成时限",
                    ),
                ),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                (
                    "source_start",
                    models.PositiveIntegerField(editable=False, null=True, verbose_name="原文起"),
                ),
                (
                    "source_end",
                    models.PositiveIntegerField(editable=False, null=True, verbose_name="原文止"),
                ),
                ("goal", models.CharField(blank=True, max_length=500, verbose_name="目标（标准）")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="开始日期")),
                (
                    "dropped_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="撤下日期"
                    ),
                ),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="编制人",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="空则为问题的责任人。",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="责任人",
                    ),
                ),
                (
                    "printed",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="这条措施在通报里的写法；通报没有写的不选。",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.measure",
                        verbose_name="对应的通报措施",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="空则为问题的牵头单位。",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="责任部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 整改措施",
                "verbose_name_plural": "historical 整改措施",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMembership",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
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
                        max_length=12,
                        verbose_name="角色",
                    ),
                ),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 任职",
                "verbose_name_plural": "historical 任职",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMilestone",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="节点")),
                ("due_on", models.DateField(verbose_name="应到日期")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="到达日期")),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.measure",
                        verbose_name="措施",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 节点",
                "verbose_name_plural": "historical 节点",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPerson",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        db_index=True,
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                ("title", models.CharField(blank=True, max_length=50, verbose_name="职务")),
                (
                    "post",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("system", "系统管理员"),
                            ("security", "安全管理员"),
                            ("auditor", "审计管理员"),
                        ],
                        help_text="三员分立：有管理岗位的人不能有任职，看不到业务。",
                        max_length=12,
                        verbose_name="管理岗位",
                    ),
                ),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 人员",
                "verbose_name_plural": "historical 人员",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPlan",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
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
                (
                    "created_at",
                    models.DateTimeField(blank=True, editable=False, verbose_name="建立时间"),
                ),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审定人",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.inspection",
                        verbose_name="巡视巡察",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提请人",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 整改方案",
                "verbose_name_plural": "historical 整改方案",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPlanAsk",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
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
                (
                    "asked_at",
                    models.DateTimeField(blank=True, editable=False, verbose_name="申请时间"),
                ),
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
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审定人",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.measure",
                        verbose_name="措施",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 方案调整",
                "verbose_name_plural": "historical 方案调整",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRound",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(db_index=True, max_length=100, verbose_name="轮次")),
                (
                    "focus_months",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="通报没有写明时限的问题，从反馈之日起按这个月数推定。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="集中整改期（月）",
                    ),
                ),
                (
                    "review_roles",
                    models.CharField(
                        default="office",
                        help_text="提交销号后逐级审核，最后一级确认销号。至少一级。",
                        max_length=60,
                        verbose_name="审核级次",
                    ),
                ),
                (
                    "extension_steps",
                    models.CharField(
                        default="unit,office",
                        help_text="申请延期后逐级审批，最后一级批准并定下日期。",
                        max_length=40,
                        verbose_name="延期审批",
                    ),
                ),
                (
                    "plan_first",
                    models.BooleanField(
                        default=False,
                        help_text="整改方案审定以前，问题不能启动整改。",
                        verbose_name="先审定方案",
                    ),
                ),
                (
                    "reporting_period",
                    models.CharField(
                        choices=[("week", "每周"), ("half_month", "每半月"), ("month", "每月")],
                        default="half_month",
                        help_text="在办问题每期填报一次进展。",
                        max_length=12,
                        verbose_name="反馈周期",
                    ),
                ),
                (
                    "ranks_units",
                    models.BooleanField(
                        default=False,
                        help_text="只按事项（超期、销号）排，写明最少项数和并列办法；不排人员，不计登录。",
                        verbose_name="显示单位排名",
                    ),
                ),
                (
                    "press_pause",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="同一个问题催办后，过了这段时间才能再催。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="催办间隔",
                    ),
                ),
                (
                    "press_pause_in_workdays",
                    models.BooleanField(
                        default=True,
                        help_text="不勾选则按小时计。",
                        verbose_name="催办间隔按工作日计",
                    ),
                ),
                (
                    "plan_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="整改方案应在反馈后这么多天内批准。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="方案报送期限（天）",
                    ),
                ),
                (
                    "plan_approver",
                    models.CharField(
                        choices=[("office", "整改办"), ("party", "党组"), ("inspector", "巡察办")],
                        default="party",
                        help_text="整改方案和方案调整由谁审定；被巡察单位没有这一角色的人时由整改办审定。",
                        max_length=12,
                        verbose_name="方案审定",
                    ),
                ),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 轮次",
                "verbose_name_plural": "historical 轮次",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSelfCheck",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("words", models.TextField(verbose_name="自查什么")),
                ("due_on", models.DateField(verbose_name="答复时限")),
                (
                    "sent_at",
                    models.DateTimeField(blank=True, editable=False, verbose_name="发送时间"),
                ),
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
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                (
                    "found",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="自查出的问题",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发送人",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="自查单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 自查",
                "verbose_name_plural": "historical 自查",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSubstitution",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
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
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="指定人",
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="被代理人",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤销人",
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="代理人",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 代理",
                "verbose_name_plural": "historical 代理",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalTicket",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
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
                ("serial", models.PositiveIntegerField(editable=False, verbose_name="序号")),
                (
                    "number",
                    models.CharField(
                        db_index=True, editable=False, max_length=24, verbose_name="编号"
                    ),
                ),
                (
                    "printed_number",
                    models.CharField(blank=True, max_length=20, verbose_name="原文序号"),
                ),
                ("order", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                ("title", models.CharField(max_length=300, verbose_name="问题")),
                (
                    "problem",
                    models.TextField(
                        help_text="通报所印的标题，锁定不改。", verbose_name="问题原文"
                    ),
                ),
                (
                    "source_start",
                    models.PositiveIntegerField(editable=False, null=True, verbose_name="原文起"),
                ),
                (
                    "source_end",
                    models.PositiveIntegerField(editable=False, null=True, verbose_name="原文止"),
                ),
                (
                    "claim",
                    models.CharField(
                        choices=[
                            ("done", "称已完成"),
                            ("in_progress", "称正在整改"),
                            ("long_term", "称长期坚持"),
                            ("not_stated", "未说明"),
                        ],
                        default="not_stated",
                        editable=False,
                        max_length=12,
                        verbose_name="通报所称",
                    ),
                ),
                (
                    "claim_quote",
                    models.TextField(blank=True, editable=False, verbose_name="所称原话"),
                ),
                (
                    "leader_text",
                    models.CharField(blank=True, max_length=100, verbose_name="责任领导（原文）"),
                ),
                (
                    "lead_unit_text",
                    models.CharField(blank=True, max_length=100, verbose_name="牵头单位（原文）"),
                ),
                (
                    "person_text",
                    models.CharField(blank=True, max_length=100, verbose_name="责任人（原文）"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("immediate", "立行立改"),
                            ("time_limited", "限期整改"),
                            ("long_term", "长期坚持"),
                        ],
                        default="time_limited",
                        max_length=12,
                        verbose_name="整改类型",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="整改时限")),
                (
                    "original_due_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="原时限"),
                ),
                (
                    "due_basis",
                    models.CharField(
                        choices=[
                            ("stated", "原文写明"),
                            ("derived", "推定"),
                            ("decided", "人工指定"),
                        ],
                        default="derived",
                        max_length=8,
                        verbose_name="时限来源",
                    ),
                ),
                (
                    "due_reason",
                    models.CharField(
                        blank=True,
                        help_text="完成时限晚于集中整改期满时必须写明。",
                        max_length=300,
                        verbose_name="超出集中整改期的理由",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("unclaimed", "待认领"),
                            ("claimed", "待启动"),
                            ("in_progress", "整改中"),
                            ("returned", "已退回"),
                            ("submitted", "待审核"),
                            ("closed", "已销号"),
                        ],
                        default="unclaimed",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "review_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("head", "部门初审"),
                            ("leader", "责任领导复核"),
                            ("office", "整改办复核"),
                            ("party", "党组审定"),
                            ("inspector", "巡察办验收"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="待谁审核",
                    ),
                ),
                (
                    "submitted_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="提交日期"
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="销号日期"
                    ),
                ),
                (
                    "long_term_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="列入长期坚持日期"
                    ),
                ),
                (
                    "cycle_number",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, verbose_name="整改轮次"
                    ),
                ),
                (
                    "is_blocked",
                    models.BooleanField(default=False, editable=False, verbose_name="受阻"),
                ),
                (
                    "blocked_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="受阻原因"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="版本"),
                ),
                (
                    "created_at",
                    models.DateTimeField(blank=True, editable=False, verbose_name="建立时间"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(blank=True, editable=False, verbose_name="更新时间"),
                ),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "bulletin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.bulletin",
                        verbose_name="通报",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.category",
                        verbose_name="方面与大类",
                    ),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.inspection",
                        verbose_name="巡视巡察",
                    ),
                ),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="牵头单位",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="责任领导",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        help_text="由哪个问题举一反三查出。",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="由此查出",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="责任人",
                    ),
                ),
                (
                    "recurs",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="以前已经反馈过的同一问题。",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.ticket",
                        verbose_name="屡改屡犯",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填报人",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 问题",
                "verbose_name_plural": "historical 问题",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalUnit",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("short_name", models.CharField(blank=True, max_length=30, verbose_name="简称")),
                (
                    "sort_no",
                    models.PositiveIntegerField(
                        default=0, help_text="官方序列，小的在前。", verbose_name="排序"
                    ),
                ),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="上级单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 单位",
                "verbose_name_plural": "historical 单位",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalUnitAlias",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(db_index=True, max_length=100, verbose_name="别名")),
                (
                    "request_id",
                    models.CharField(
                        blank=True,
                        default=tracker.models.tracked._request_id,
                        max_length=32,
                        verbose_name="请求号",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True, verbose_name="说明")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 单位别名",
                "verbose_name_plural": "historical 单位别名",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="MembershipProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
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
                        max_length=12,
                        verbose_name="角色",
                    ),
                ),
                ("proposed_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                (
                    "decided_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="决定时间"),
                ),
                (
                    "is_granted",
                    models.BooleanField(default=False, editable=False, verbose_name="已授权"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "待授权",
                "verbose_name_plural": "待授权",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None)),
                        fields=("person", "unit", "role"),
                        name="proposal_open_once",
                        violation_error_message="已提出过，等待授权。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("is_granted", False)
                            ),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="proposal_decided_by_someone",
                        violation_error_message="决定必须有决定人和时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                        name="proposal_not_decided_alone",
                        violation_error_message="提出人不能自己授权。",
                    ),
                ],
            },
        ),
    ]
