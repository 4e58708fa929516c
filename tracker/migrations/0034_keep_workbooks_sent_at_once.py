import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0033_hand_over_measures"),
    ]

    operations = [
        migrations.AddField(
            model_name="pendingupload",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="上传人",
            ),
        ),
        migrations.AddField(
            model_name="pendingupload",
            name="file_name",
            field=models.CharField(blank=True, max_length=255, verbose_name="文件名"),
        ),
        migrations.AddField(
            model_name="pendingupload",
            name="group",
            field=models.CharField(
                blank=True, db_index=True, max_length=32, verbose_name="一次上传"
            ),
        ),
    ]
