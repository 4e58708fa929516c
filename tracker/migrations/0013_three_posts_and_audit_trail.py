from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("tracker", "0012_report_by_period_and_keep_evidence"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditArchive",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveBigIntegerField(verbose_name="截至序号")),
                ("digest", models.CharField(max_length=64, verbose_name="截至摘要")),
                ("at", models.DateTimeField(verbose_name="归档时间")),
                ("file_name", models.CharField(max_length=200, verbose_name="文件")),
                ("file_digest", models.CharField(max_length=64, verbose_name="文件摘要")),
                ("mac", models.CharField(max_length=64, verbose_name="签名")),
            ],
            options={
                "verbose_name": "审计归档",
                "verbose_name_plural": "审计归档",
                "ordering": ["-seq"],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "seq",
                    models.PositiveBigIntegerField(
                        primary_key=True, serialize=False, verbose_name="序号"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "kind",
                    models.CharField(
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
                            ("config", "配置"),
                            ("refused", "拒绝"),
                            ("view", "查看"),
                            ("download", "下载"),
                            ("export", "导出"),
                            ("import", "导入"),
                            ("print", "打印"),
                            ("audit", "审计"),
                        ],
                        max_length=16,
                        verbose_name="类型",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("ok", "成功"), ("refused", "被拒"), ("failed", "失败")],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("actor_key", models.BigIntegerField(null=True, verbose_name="人员号")),
                ("actor_name", models.CharField(blank=True, max_length=100, verbose_name="人员")),
                ("actor_roles", models.CharField(blank=True, max_length=200, verbose_name="角色")),
                ("ip", models.CharField(blank=True, max_length=45, verbose_name="地址")),
                ("session", models.CharField(blank=True, max_length=16, verbose_name="会话")),
                ("request_id", models.CharField(blank=True, max_length=32, verbose_name="请求号")),
                (
                    "object_type",
                    models.CharField(blank=True, max_length=50, verbose_name="对象类型"),
                ),
                ("object_key", models.CharField(blank=True, max_length=50, verbose_name="对象号")),
                ("object_name", models.CharField(blank=True, max_length=200, verbose_name="对象")),
                ("before", models.TextField(blank=True, verbose_name="原值")),
                ("after", models.TextField(blank=True, verbose_name="现值")),
                ("reason", models.TextField(blank=True, verbose_name="说明")),
                ("algorithm", models.CharField(max_length=8, verbose_name="算法")),
                ("previous", models.CharField(max_length=64, verbose_name="前一摘要")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
            ],
            options={
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
                "ordering": ["-seq"],
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveBigIntegerField(default=0, verbose_name="最后序号")),
                ("digest", models.CharField(max_length=64, verbose_name="最后摘要")),
                ("mac", models.CharField(blank=True, max_length=64, verbose_name="签名")),
            ],
            options={
                "verbose_name": "审计链头",
                "verbose_name_plural": "审计链头",
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveBigIntegerField(verbose_name="序号")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("at", models.DateTimeField(verbose_name="封存时间")),
                ("mac", models.CharField(max_length=64, verbose_name="签名")),
            ],
            options={
                "verbose_name": "审计封存",
                "verbose_name_plural": "审计封存",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="person",
            name="post",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("post__in", ["", "system", "security", "auditor"])),
                name="person_post_is_known",
                violation_error_message="没有这种管理岗位。",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("post", ""), ("is_superuser", False), _connector="OR"),
                name="person_post_is_no_superuser",
                violation_error_message="超级用户不能有管理岗位。",
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["kind", "-seq"], name="audit_by_kind"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["actor_key", "-seq"], name="audit_by_actor"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["at"], name="audit_by_time"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["object_type", "object_key"], name="audit_by_object"),
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
                            "config",
                            "refused",
                            "view",
                            "download",
                            "export",
                            "import",
                            "print",
                            "audit",
                        ],
                    )
                ),
                name="audit_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ["ok", "refused", "failed"])),
                name="audit_result_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="audithead",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk", 1)), name="audit_head_is_one"
            ),
        ),
    ]
