from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0041_make_long_files_beside"),
    ]

    operations = [
        migrations.AddField(
            model_name="signoff",
            name="files",
            field=models.JSONField(
                blank=True, editable=False, null=True, verbose_name="提交时的佐证"
            ),
        ),
    ]
