import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0021_rounds_may_rank_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="Coordination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="标记后版本")),
                ("reason", models.CharField(max_length=300, verbose_name="受阻原因")),
                (
                    "needs_text",
                    models.CharField(blank=True, max_length=100, verbose_name="需协调的其他方面"),
                ),
                ("since_on", models.DateField(verbose_name="受阻自")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="标记时间")),
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
            ],
            options={
                "verbose_name": "协调请求",
                "verbose_name_plural": "协调请求",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="批示时版本")),
                ("text", models.TextField(verbose_name="批示")),
                ("reply_due_on", models.DateField(blank=True, null=True, verbose_name="回复期限")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="批示时间")),
            ],
            options={
                "verbose_name": "批示",
                "verbose_name_plural": "批示",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                            ("pressed", "催办"),
                            ("instructed", "批示"),
                            ("answered", "回复"),
                            ("blocked", "协调"),
                            ("unblocked", "解除受阻"),
                            ("returned", "退回"),
                            ("review", "待审核"),
                            ("extension", "延期"),
                            ("handover", "交接"),
                            ("plan", "方案"),
                            ("closed", "销号"),
                            ("reopened", "重启"),
                            ("reporting", "反馈"),
                            ("other", "通知"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="内容")),
                ("link", models.CharField(blank=True, max_length=200, verbose_name="去处")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="阅读时间")),
            ],
            options={
                "verbose_name": "消息",
                "verbose_name_plural": "消息",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Press",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="催办时版本")),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("note", models.TextField(verbose_name="催办内容")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="催办时间")),
            ],
            options={
                "verbose_name": "催办",
                "verbose_name_plural": "催办",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_version", models.PositiveIntegerField(verbose_name="回复时版本")),
                (
                    "kind",
                    models.CharField(
                        choices=[("received", "签收"), ("answered", "回复")],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="回复")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
            ],
            options={
                "verbose_name": "批示回复",
                "verbose_name_plural": "批示回复",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="round",
            name="press_pause",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="同一个问题催办后，过了这段时间才能再催。",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(240),
                ],
                verbose_name="催办间隔",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="press_pause_in_workdays",
            field=models.BooleanField(
                default=True, help_text="不勾选则按小时计。", verbose_name="催办间隔按工作日计"
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="blocked_reason",
            field=models.CharField(
                blank=True, editable=False, max_length=300, verbose_name="受阻原因"
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="is_blocked",
            field=models.BooleanField(default=False, editable=False, verbose_name="受阻"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("press_pause__gte", 1), ("press_pause__lte", 240)),
                name="round_press_pause_in_range",
                violation_error_message="催办间隔应为1至240。",
            ),
        ),
        migrations.AddField(
            model_name="coordination",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="标记人",
            ),
        ),
        migrations.AddField(
            model_name="coordination",
            name="ended_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="解除人",
            ),
        ),
        migrations.AddField(
            model_name="coordination",
            name="needs_unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.unit",
                verbose_name="需协调单位",
            ),
        ),
        migrations.AddField(
            model_name="coordination",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="coordinations",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="批示人",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="coordination",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instructions",
                to="tracker.coordination",
                verbose_name="所答复的协调请求",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instructions",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="交办给",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="来自",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
                verbose_name="收件人",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="ticket",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="press",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="催办人",
            ),
        ),
        migrations.AddField(
            model_name="press",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="presses",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="回复人",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="instruction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies",
                to="tracker.instruction",
                verbose_name="批示",
            ),
        ),
        migrations.AddConstraint(
            model_name="coordination",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("ticket",),
                name="coordination_one_open",
                violation_error_message="这个问题已经标记受阻。",
            ),
        ),
        migrations.AddConstraint(
            model_name="coordination",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="coordination_has_a_reason",
                violation_error_message="标记受阻必须写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="coordination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("needs_unit__isnull", False),
                    models.Q(("needs_text", ""), _negated=True),
                    _connector="OR",
                ),
                name="coordination_names_who_acts",
                violation_error_message="请写明需要谁来办。",
            ),
        ),
        migrations.AddConstraint(
            model_name="coordination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", True),
                        ("ended_by__isnull", True),
                        ("ended_version__isnull", True),
                        ("outcome", ""),
                    ),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        ("ended_version__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="coordination_ends_as_a_whole",
                violation_error_message="解除受阻必须写明由谁、因何解除。",
            ),
        ),
        migrations.AddIndex(
            model_name="instruction",
            index=models.Index(fields=["ticket", "-id"], name="instruction_latest_first"),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="instruction_has_text",
                violation_error_message="请填写批示。",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["person", "-id"], name="notice_latest_first"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["person"],
                name="notice_unread",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "pressed",
                            "instructed",
                            "answered",
                            "blocked",
                            "unblocked",
                            "returned",
                            "review",
                            "extension",
                            "handover",
                            "plan",
                            "closed",
                            "reopened",
                            "reporting",
                            "other",
                        ],
                    )
                ),
                name="notice_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="notice_has_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="press",
            constraint=models.UniqueConstraint(
                fields=("ticket", "number"),
                name="press_numbered_once",
                violation_error_message="这一次催办已经记录。",
            ),
        ),
        migrations.AddConstraint(
            model_name="press",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), models.Q(("note", ""), _negated=True)),
                name="press_has_number_and_note",
                violation_error_message="请填写催办内容。",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "received")),
                fields=("instruction",),
                name="reply_received_once",
                violation_error_message="这条批示已经签收。",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "received"), ("text", "")),
                    models.Q(("kind", "answered"), models.Q(("text", ""), _negated=True)),
                    _connector="OR",
                ),
                name="reply_answer_has_text",
                violation_error_message="请填写回复。",
            ),
        ),
    ]
