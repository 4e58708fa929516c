import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0032_restrict_who_may_know"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="auditevent",
            name="audit_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="handoveritem",
            name="handover_item_once",
        ),
        migrations.RemoveConstraint(
            model_name="handoveritem",
            name="handover_item_waits_once",
        ),
        migrations.RemoveConstraint(
            model_name="handoveritem",
            name="handover_item_part_is_known",
        ),
        migrations.AddField(
            model_name="handoveritem",
            name="measure",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.measure",
                verbose_name="措施",
            ),
        ),
        migrations.AddField(
            model_name="historicalhandoveritem",
            name="measure",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tracker.measure",
                verbose_name="措施",
            ),
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
                    ("audit", "审计"),
                ],
                max_length=16,
                verbose_name="类型",
            ),
        ),
        migrations.AlterField(
            model_name="handoveritem",
            name="part",
            field=models.CharField(
                choices=[
                    ("leader", "责任领导"),
                    ("person", "责任人"),
                    ("reporter", "填报人"),
                    ("measure", "措施责任人"),
                ],
                max_length=10,
                verbose_name="身份",
            ),
        ),
        migrations.AlterField(
            model_name="historicalhandoveritem",
            name="part",
            field=models.CharField(
                choices=[
                    ("leader", "责任领导"),
                    ("person", "责任人"),
                    ("reporter", "填报人"),
                    ("measure", "措施责任人"),
                ],
                max_length=10,
                verbose_name="身份",
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
                            "audit",
                        ],
                    )
                ),
                name="audit_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("measure", None)),
                fields=("handover", "ticket", "part"),
                name="handover_item_once",
                violation_error_message="同一事项在一份交接单中只能列一次。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("measure", None), ("outcome", "")),
                fields=("ticket", "part"),
                name="handover_item_waits_once",
                violation_error_message="这一事项已在另一份待确认的交接单中。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.UniqueConstraint(
                fields=("handover", "measure"),
                name="handover_measure_once",
                violation_error_message="同一措施在一份交接单中只能列一次。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")),
                fields=("measure",),
                name="handover_measure_waits_once",
                violation_error_message="这条措施已在另一份待确认的交接单中。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("measure__isnull", False), ("part", "measure")),
                    models.Q(
                        models.Q(("part", "measure"), _negated=True), ("measure__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="handover_item_names_measure",
                violation_error_message="措施的交接事项必须写明哪条措施，其他的不能有。",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoveritem",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", ["leader", "person", "reporter", "measure"])),
                name="handover_item_part_is_known",
                violation_error_message="没有这种身份。",
            ),
        ),
    ]
