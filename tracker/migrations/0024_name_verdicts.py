import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0023_open_requests_of_blocked_tickets"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="verdict",
            options={
                "ordering": ["-pk"],
                "verbose_name": "进展审阅",
                "verbose_name_plural": "进展审阅",
            },
        ),
        migrations.AlterField(
            model_name="verdict",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="审阅人",
            ),
        ),
        migrations.AlterField(
            model_name="verdict",
            name="ticket_version",
            field=models.PositiveIntegerField(verbose_name="审阅后版本"),
        ),
        migrations.AlterConstraint(
            model_name="verdict",
            name="verdict_once_per_result",
            constraint=models.UniqueConstraint(
                fields=("progress", "result"),
                name="verdict_once_per_result",
                violation_error_message="这次填报已有这一审阅结果。",
            ),
        ),
    ]
