import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tracker.models.importing


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0002_load_holidays"),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        default=tracker.models.importing._random_name,
                        max_length=32,
                        unique=True,
                        verbose_name="名称",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="内容")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
            ],
            options={
                "verbose_name": "待确认文件",
                "verbose_name_plural": "待确认文件",
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(editable=False, verbose_name="全文")),
                ("read", models.JSONField(default=dict, editable=False, verbose_name="识别结果")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "校对中"),
                            ("discarded", "已作废"),
                            ("imported", "已入库"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="标题")),
                (
                    "unit_text",
                    models.CharField(blank=True, max_length=200, verbose_name="被巡察单位（原文）"),
                ),
                (
                    "inspecting_body",
                    models.CharField(blank=True, max_length=100, verbose_name="巡视巡察机构"),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
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
                ("feedback_on", models.DateField(blank=True, null=True, verbose_name="反馈日期")),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="进驻日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="公布日期")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="落款日期")),
                (
                    "publicity_from",
                    models.DateField(blank=True, null=True, verbose_name="公开期限起"),
                ),
                (
                    "publicity_to",
                    models.DateField(blank=True, null=True, verbose_name="公开期限止"),
                ),
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
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="保存时间")),
                (
                    "bulletin",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft",
                        to="tracker.bulletin",
                        verbose_name="通报",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="校对人",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.round",
                        verbose_name="轮次",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="tracker.sourcefile",
                        verbose_name="原始文件",
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
                        verbose_name="被巡察单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入草稿",
                "verbose_name_plural": "导入草稿",
                "ordering": ["-updated_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DraftProblem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveIntegerField(verbose_name="顺序")),
                ("keys", models.JSONField(default=list, verbose_name="识别键")),
                ("path", models.JSONField(default=list, verbose_name="标题链")),
                (
                    "printed_number",
                    models.CharField(blank=True, max_length=20, verbose_name="原文序号"),
                ),
                ("title", models.CharField(max_length=300, verbose_name="问题")),
                ("problem", models.TextField(verbose_name="问题原文")),
                ("source_start", models.PositiveIntegerField(verbose_name="原文起")),
                ("source_end", models.PositiveIntegerField(verbose_name="原文止")),
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
                        max_length=12,
                        verbose_name="通报所称",
                    ),
                ),
                ("claim_quote", models.TextField(blank=True, verbose_name="所称原话")),
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
                ("due_on", models.DateField(blank=True, null=True, verbose_name="整改时限")),
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
                ("measures", models.JSONField(default=list, verbose_name="措施")),
                ("indicators", models.JSONField(default=list, verbose_name="指标")),
                ("is_excluded", models.BooleanField(default=False, verbose_name="不导入")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="tracker.draft",
                        verbose_name="草稿",
                    ),
                ),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.unit",
                        verbose_name="牵头单位",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="责任领导",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="责任人",
                    ),
                ),
            ],
            options={
                "verbose_name": "草稿问题",
                "verbose_name_plural": "草稿问题",
                "ordering": ["draft", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
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
                        choices=[("bulletin", "通报"), ("ledger", "台账")],
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="文件名")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="导入时间")),
                (
                    "bulletin",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batch",
                        to="tracker.bulletin",
                        verbose_name="通报",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="导入人",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入历史",
                "verbose_name_plural": "导入历史",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "新增"),
                            ("changed", "变更"),
                            ("unchanged", "未变"),
                            ("missing", "文件中缺失"),
                            ("closed", "与已销号相同"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("changes", models.JSONField(default=list, verbose_name="变更")),
                ("values", models.JSONField(default=dict, verbose_name="文件所写")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="tracker.importbatch",
                        verbose_name="导入批次",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_rows",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入结果",
                "verbose_name_plural": "导入结果",
                "ordering": ["batch", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")),
                fields=("source", "by"),
                name="draft_open_once_per_file_and_person",
                violation_error_message="这份文件已有您的草稿。",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bulletin__isnull", False), ("status", "imported")),
                    models.Q(
                        models.Q(("status", "imported"), _negated=True), ("bulletin__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="draft_has_bulletin_iff_imported",
                violation_error_message="只有已入库的草稿才有通报。",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("started_on__isnull", True),
                    ("ended_on__isnull", True),
                    ("ended_on__gte", models.F("started_on")),
                    _connector="OR",
                ),
                name="draft_ends_after_start",
                violation_error_message="结束日期不能早于进驻日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("publicity_from__isnull", True),
                    ("publicity_to__isnull", True),
                    ("publicity_to__gte", models.F("publicity_from")),
                    _connector="OR",
                ),
                name="draft_publicity_in_order",
                violation_error_message="公开期限的止日不能早于起日。",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftproblem",
            constraint=models.CheckConstraint(
                condition=models.Q(("source_end__gt", models.F("source_start"))),
                name="draftproblem_span_in_order",
                violation_error_message="原文位置的止必须大于起。",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftproblem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_basis", "derived"), ("due_on__isnull", True)),
                    models.Q(
                        ("due_on__isnull", False), models.Q(("due_basis", "derived"), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="draftproblem_derived_iff_no_date",
                violation_error_message="没有写明或指定时限的，按推定处理。",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bulletin__isnull", False), ("kind", "bulletin")),
                    models.Q(("bulletin__isnull", True), ("kind", "ledger")),
                    _connector="OR",
                ),
                name="importbatch_bulletin_iff_from_one",
                violation_error_message="通报的导入批次必须关联通报。",
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["ticket", "-id"], name="importrow_latest_first"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(
                fields=("batch", "ticket"),
                name="importrow_once_per_ticket",
                violation_error_message="同一批次中一个问题只能有一条结果。",
            ),
        ),
    ]
