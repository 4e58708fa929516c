from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0031_index_every_two_characters"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalticket",
            name="is_restricted",
            field=models.BooleanField(default=False, editable=False, verbose_name="限定知悉"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="is_restricted",
            field=models.BooleanField(default=False, editable=False, verbose_name="限定知悉"),
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
    ]
