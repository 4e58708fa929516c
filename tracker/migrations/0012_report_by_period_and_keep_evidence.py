import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0011_drop_warn_days_of_rounds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        editable=False, max_length=100, unique=True, verbose_name="存放位置"
                    ),
                ),
                ("is_key", models.BooleanField(default=False, verbose_name="关键佐证")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
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
            ],
            options={
                "verbose_name": "佐证材料",
                "verbose_name_plural": "佐证材料",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("typed", models.JSONField(default=dict, verbose_name="已填内容")),
                ("saved_at", models.DateTimeField(auto_now=True, verbose_name="暂存时间")),
            ],
            options={
                "verbose_name": "暂存的填报",
                "verbose_name_plural": "暂存的填报",
                "ordering": ["-saved_at"],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="审核后版本")),
                (
                    "result",
                    models.CharField(
                        choices=[("accepted", "认可"), ("returned", "进展退回")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("reason", models.TextField(blank=True, verbose_name="意见")),
            ],
            options={
                "verbose_name": "进展审核",
                "verbose_name_plural": "进展审核",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="progress",
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correction",
                to="tracker.progress",
                verbose_name="更正的填报",
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="difficulty",
            field=models.TextField(blank=True, verbose_name="困难"),
        ),
        migrations.AddField(
            model_name="progress",
            name="forecast_on",
            field=models.DateField(blank=True, null=True, verbose_name="预计完成"),
        ),
        migrations.AddField(
            model_name="progress",
            name="next_step",
            field=models.TextField(blank=True, verbose_name="下一步"),
        ),
        migrations.AddField(
            model_name="progress",
            name="period_key",
            field=models.CharField(
                blank=True,
                help_text="空则不计入任何一期：通报所写，或早先的记录。",
                max_length=10,
                verbose_name="反馈期",
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="unchanged_why",
            field=models.CharField(
                blank=True,
                help_text="填写后，进展、困难和下一步沿用上期的文字。",
                max_length=300,
                verbose_name="与上期相同的原因",
            ),
        ),
        migrations.AddIndex(
            model_name="progress",
            index=models.Index(fields=["ticket", "period_key"], name="progress_by_period"),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bulletin__isnull", True),
                    models.Q(("corrects__isnull", True), ("period_key", "")),
                    _connector="OR",
                ),
                name="progress_of_bulletin_no_period",
                violation_error_message="通报所写的进展不计入反馈期，也不更正填报。",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="上传人",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="measure",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="tracker.measure",
                verbose_name="措施",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="progress",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="tracker.progress",
                verbose_name="进展",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="撤回人",
            ),
        ),
        migrations.AddField(
            model_name="reportdraft",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="report_drafts",
                to=settings.AUTH_USER_MODEL,
                verbose_name="填写人",
            ),
        ),
        migrations.AddField(
            model_name="reportdraft",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="report_drafts",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="审核人",
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="progress",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verdicts",
                to="tracker.progress",
                verbose_name="进展",
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verdicts",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["ticket", "-id"], name="evidence_latest_first"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["sha256"], name="evidence_by_digest"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_key", True)),
                fields=("ticket",),
                name="evidence_one_key_per_ticket",
                violation_error_message="一个问题只能有一份关键佐证。",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("ticket", "sha256"),
                name="evidence_once_per_ticket",
                violation_error_message="该问题已有内容相同的材料。",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("withdrawn_at__isnull", True),
                        ("withdrawn_by__isnull", True),
                        ("withdrawn_why", ""),
                    ),
                    models.Q(
                        ("is_key", False),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        models.Q(("withdrawn_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_withdrawn_with_reason",
                violation_error_message="撤回材料必须写明原因，关键佐证须先另行指定。",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["pdf", "ofd", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "png", "jpeg"],
                    )
                ),
                name="evidence_kind_is_known",
                violation_error_message="没有这种文件类型。",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0), models.Q(("name", ""), _negated=True)),
                name="evidence_is_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportdraft",
            constraint=models.UniqueConstraint(
                fields=("ticket", "person"), name="report_draft_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(
                fields=("progress", "result"),
                name="verdict_once_per_result",
                violation_error_message="这次填报已有这一审核结果。",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(
                fields=("ticket", "ticket_version"), name="verdict_once_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ["accepted", "returned"])),
                name="verdict_result_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", "returned"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="verdict_return_has_a_reason",
                violation_error_message="退回进展必须写明原因。",
            ),
        ),
    ]
