from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0010_light_the_rounds_there_are")]

    operations = [
        migrations.RemoveField(
            model_name="round",
            name="warn_days",
        ),
        migrations.RemoveField(
            model_name="round",
            name="warn_in_workdays",
        ),
    ]
