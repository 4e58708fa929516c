import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0003_drafts_and_import_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="adopts_undecided",
            field=models.BooleanField(
                default=True,
                help_text="称完成情况、写明的时限、可跟踪的数字、本次印发的文件；其余的核对后才采用。",
                verbose_name="未处理的按识别结果采用",
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="bulletin",
            field=models.ForeignKey(
                blank=True,
                help_text="进展取自这份通报；空则为单位填报。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="progress",
                to="tracker.bulletin",
                verbose_name="通报",
            ),
        ),
        migrations.CreateModel(
            name="Finding",
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
                        choices=[
                            ("claim", "称"),
                            ("owner", "责任"),
                            ("deadline", "时间"),
                            ("indicator", "数字"),
                            ("document", "文件"),
                            ("blocker", "困难"),
                        ],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("value", models.JSONField(default=dict, verbose_name="内容")),
                ("quote", models.TextField(blank=True, verbose_name="原文")),
                ("source_start", models.PositiveIntegerField(null=True, verbose_name="原文起")),
                ("source_end", models.PositiveIntegerField(null=True, verbose_name="原文止")),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("pending", "未核"),
                            ("accepted", "采用"),
                            ("corrected", "已更正"),
                            ("discarded", "不采用"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="核对",
                    ),
                ),
                ("read_value", models.JSONField(null=True, verbose_name="识别为")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="采用时间")),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
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
                        verbose_name="采用人",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="tracker.ticket",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "通报所写",
                "verbose_name_plural": "通报所写",
                "ordering": ["ticket", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="indicator",
            name="finding",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="indicator",
                to="tracker.finding",
            ),
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("group", models.CharField(db_index=True, max_length=32, verbose_name="一次上传")),
                ("name", models.CharField(max_length=255, verbose_name="文件名")),
                ("content", models.BinaryField(null=True, verbose_name="内容")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                ("taken_at", models.DateTimeField(null=True, verbose_name="开始识别")),
                ("outcome", models.CharField(blank=True, max_length=10, verbose_name="结果")),
                ("message", models.TextField(blank=True, verbose_name="说明")),
                (
                    "bulletin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.bulletin",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tracker.draft",
                    ),
                ),
            ],
            options={
                "verbose_name": "上传",
                "verbose_name_plural": "上传",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="DraftFinding",
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
                        choices=[
                            ("claim", "称"),
                            ("owner", "责任"),
                            ("deadline", "时间"),
                            ("indicator", "数字"),
                            ("document", "文件"),
                            ("blocker", "困难"),
                        ],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("value", models.JSONField(default=dict, verbose_name="内容")),
                ("quote", models.TextField(blank=True, verbose_name="原文")),
                ("source_start", models.PositiveIntegerField(null=True, verbose_name="原文起")),
                ("source_end", models.PositiveIntegerField(null=True, verbose_name="原文止")),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("pending", "未核"),
                            ("accepted", "采用"),
                            ("corrected", "已更正"),
                            ("discarded", "不采用"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="核对",
                    ),
                ),
                ("read_value", models.JSONField(null=True, verbose_name="识别为")),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="tracker.draftproblem",
                        verbose_name="草稿问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "识别项",
                "verbose_name_plural": "识别项",
                "ordering": ["problem", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["claim", "owner", "deadline", "indicator", "document", "blocker"],
                            )
                        ),
                        name="draftfinding_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source_end__isnull", True), ("source_start__isnull", True)),
                            ("source_end__gt", models.F("source_start")),
                            _connector="OR",
                        ),
                        name="draftfinding_span_in_order",
                        violation_error_message="原文位置的止必须大于起。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "corrected"), ("read_value__isnull", False)),
                            models.Q(
                                models.Q(("decision", "corrected"), _negated=True),
                                ("read_value__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="draftfinding_read_value_iff_corrected",
                        violation_error_message="更正过的才留有识别结果。",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["ticket", "kind"], name="finding_by_ticket_kind"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["claim", "owner", "deadline", "indicator", "document", "blocker"])
                ),
                name="finding_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source_end__isnull", True), ("source_start__isnull", True)),
                    ("source_end__gt", models.F("source_start")),
                    _connector="OR",
                ),
                name="finding_span_in_order",
                violation_error_message="原文位置的止必须大于起。",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "corrected"), ("read_value__isnull", False)),
                    models.Q(
                        models.Q(("decision", "corrected"), _negated=True),
                        ("read_value__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="finding_read_value_iff_corrected",
                violation_error_message="更正过的才留有识别结果。",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision", "discarded"), _negated=True),
                name="finding_is_not_discarded",
                violation_error_message="不采用的不写入问题。",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content__isnull", False), ("outcome", "")),
                    models.Q(models.Q(("outcome", ""), _negated=True), ("content__isnull", True)),
                    _connector="OR",
                ),
                name="upload_content_until_read",
                violation_error_message="识别之后不再保留上传的内容。",
            ),
        ),
    ]
