import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0006_drop_columns_kept_as_findings"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="continues",
            field=models.ForeignKey(
                blank=True,
                help_text="这份通报说的是已登记的哪一次；不选则按单位、机构和反馈日期查找。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.inspection",
                verbose_name="并入",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="is_another",
            field=models.BooleanField(
                default=False,
                help_text="与已登记的相近，但不是同一次。",
                verbose_name="是另一次巡视巡察",
            ),
        ),
        migrations.AddField(
            model_name="draftproblem",
            name="match_is_decided",
            field=models.BooleanField(default=False, verbose_name="已选定对应问题"),
        ),
        migrations.AddField(
            model_name="draftproblem",
            name="takes_progress",
            field=models.BooleanField(default=True, verbose_name="记为进展"),
        ),
        migrations.AddField(
            model_name="draftproblem",
            name="ticket",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tracker.ticket",
                verbose_name="对应问题",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftproblem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ticket__isnull", True), ("match_is_decided", True), _connector="OR"
                ),
                name="draftproblem_ticket_only_if_decided",
                violation_error_message="选定后才有对应问题。",
            ),
        ),
    ]
