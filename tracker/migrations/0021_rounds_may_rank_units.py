from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0020_cycles_of_the_tickets_there_are"),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="ranks_units",
            field=models.BooleanField(
                default=False,
                help_text="只按事项（超期、销号）排，写明最少项数和并列办法；不排人员，不计登录。",
                verbose_name="显示单位排名",
            ),
        ),
    ]
