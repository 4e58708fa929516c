from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0007_match_later_bulletins"),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="reporting_period",
            field=models.CharField(
                choices=[("week", "每周"), ("half_month", "每半月"), ("month", "每月")],
                default="half_month",
                help_text="在办问题每期填报一次进展。",
                max_length=12,
                verbose_name="反馈周期",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("reporting_period__in", ["week", "half_month", "month"])),
                name="round_period_is_known",
                violation_error_message="没有这种反馈周期。",
            ),
        ),
    ]
