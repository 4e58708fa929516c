from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0028_keep_every_version"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="initials",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                max_length=400,
                verbose_name="拼音首字母",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="initials",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                max_length=400,
                verbose_name="拼音首字母",
            ),
        ),
    ]
