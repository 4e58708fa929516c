import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0034_keep_workbooks_sent_at_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bulk",
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
                        choices=[("assign", "分派"), ("press", "催办"), ("approve", "审核通过")],
                        max_length=12,
                        verbose_name="办理",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("words", models.TextField(verbose_name="内容")),
                ("request_id", models.CharField(blank=True, max_length=32, verbose_name="请求号")),
            ],
            options={
                "verbose_name": "批量办理",
                "verbose_name_plural": "批量办理",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("effect", models.TextField(blank=True, verbose_name="结果")),
                ("refusal", models.TextField(blank=True, verbose_name="未成原因")),
            ],
            options={
                "verbose_name": "批量办理的一行",
                "verbose_name_plural": "批量办理的一行",
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="auditevent",
            name="audit_kind_known",
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("login", "登录"),
                    ("login_failed", "登录失败"),
                    ("logout", "退出"),
                    ("locked", "锁定"),
                    ("unlocked", "解锁"),
                    ("session", "结束会话"),
                    ("password", "密码"),
                    ("second_factor", "动态口令"),
                    ("account", "账号"),
                    ("grant", "授权"),
                    ("duty", "代理交接"),
                    ("config", "配置"),
                    ("refused", "拒绝"),
                    ("view", "查阅留痕"),
                    ("download", "下载"),
                    ("export", "导出"),
                    ("import", "导入"),
                    ("print", "打印"),
                    ("bulk", "批量办理"),
                    ("audit", "审计"),
                ],
                max_length=16,
                verbose_name="类型",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "login",
                            "login_failed",
                            "logout",
                            "locked",
                            "unlocked",
                            "session",
                            "password",
                            "second_factor",
                            "account",
                            "grant",
                            "duty",
                            "config",
                            "refused",
                            "view",
                            "download",
                            "export",
                            "import",
                            "print",
                            "bulk",
                            "audit",
                        ],
                    )
                ),
                name="audit_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="bulk",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="办理人",
            ),
        ),
        migrations.AddField(
            model_name="bulkrow",
            name="bulk",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="tracker.bulk",
                verbose_name="批量办理",
            ),
        ),
        migrations.AddField(
            model_name="bulkrow",
            name="ticket",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bulk_rows",
                to="tracker.ticket",
                verbose_name="问题",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["assign", "press", "approve"]),
                    models.Q(("words", ""), _negated=True),
                ),
                name="bulk_says_what_was_done",
                violation_error_message="批量办理必须写明办理什么。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrow",
            constraint=models.UniqueConstraint(
                fields=("bulk", "ticket"),
                name="bulkrow_once_per_ticket",
                violation_error_message="同一批里已有这个问题。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("effect", ""), _negated=True),
                        ("refusal", ""),
                        ("ticket__isnull", False),
                    ),
                    models.Q(("effect", ""), models.Q(("refusal", ""), _negated=True)),
                    _connector="OR",
                ),
                name="bulkrow_is_done_or_refused",
                violation_error_message="每一行必须写明办成什么，或未成的原因。",
            ),
        ),
    ]
