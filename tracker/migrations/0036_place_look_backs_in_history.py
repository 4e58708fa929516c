from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0035_act_on_many_tickets"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicallookbackitem",
            name="at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="登记时间"),
        ),
        migrations.AddField(
            model_name="historicallookbackitem",
            name="ticket_version",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="登记时版本"),
        ),
        migrations.AddField(
            model_name="lookbackitem",
            name="at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="登记时间"),
        ),
        migrations.AddField(
            model_name="lookbackitem",
            name="ticket_version",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="登记时版本"),
        ),
    ]
