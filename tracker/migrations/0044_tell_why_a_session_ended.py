from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0043_index_names_of_evidence"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="gave_way",
            field=models.BooleanField(default=False, verbose_name="让位于新的登录"),
        ),
    ]
