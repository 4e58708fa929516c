from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0044_tell_why_a_session_ended"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="exportjob",
            name="exportjob_once_unfinished",
        ),
        migrations.AddField(
            model_name="exportjob",
            name="kind",
            field=models.CharField(
                choices=[("xlsx", "Excel"), ("docx", "Word")],
                default="xlsx",
                max_length=4,
                verbose_name="格式",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportjob",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "running"))),
                fields=("by", "view", "kind", "query"),
                name="exportjob_once_unfinished",
                violation_error_message="同样的导出还没有完成。",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportjob",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["xlsx", "docx"])), name="exportjob_kind_is_known"
            ),
        ),
    ]
