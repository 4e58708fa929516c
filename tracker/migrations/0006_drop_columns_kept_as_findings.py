from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0005_move_draft_claims_to_findings"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="draftproblem",
            name="claim",
        ),
        migrations.RemoveField(
            model_name="draftproblem",
            name="claim_quote",
        ),
        migrations.RemoveField(
            model_name="draftproblem",
            name="indicators",
        ),
    ]
