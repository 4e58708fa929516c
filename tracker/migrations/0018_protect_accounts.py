import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import tracker.models.person


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("tracker", "0017_calendar_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="PastPassword",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "用过的密码",
                "verbose_name_plural": "用过的密码",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("ip", models.CharField(blank=True, max_length=45, verbose_name="地址")),
                ("agent", models.CharField(blank=True, max_length=200, verbose_name="浏览器")),
                ("began_at", models.DateTimeField(auto_now_add=True, verbose_name="登录时间")),
            ],
            options={
                "verbose_name": "会话",
                "verbose_name_plural": "会话",
                "ordering": ["-pk"],
            },
        ),
        migrations.AlterModelManagers(
            name="person",
            managers=[
                ("objects", tracker.models.person.PersonManager()),
            ],
        ),
        migrations.AddField(
            model_name="person",
            name="last_login_ip",
            field=models.CharField(
                blank=True, editable=False, max_length=45, verbose_name="上次登录地址"
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="must_change_password",
            field=models.BooleanField(default=False, editable=False, verbose_name="须改密码"),
        ),
        migrations.AddField(
            model_name="person",
            name="password_changed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="密码修改时间"),
        ),
        migrations.AddField(
            model_name="person",
            name="secret_expires_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="初始密码有效至"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"),
                name="person_username_any_case",
                violation_error_message="已有这个账号（不分大小写）。",
            ),
        ),
        migrations.AddField(
            model_name="pastpassword",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="past_passwords",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="visits",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["person", "-id"], name="visit_by_person"),
        ),
    ]
