from django.db import migrations

# What the reader's JSON calls them; the words as of this migration.
INDICATOR_KEYS = ("label", "unit", "total", "done", "remaining", "rate", "approx", "as_of", "tier")


def move(apps, schema_editor):
    """Keep the claims and figures of drafts, which were columns, as findings."""
    DraftProblem = apps.get_model("tracker", "DraftProblem")
    DraftFinding = apps.get_model("tracker", "DraftFinding")
    for problem in DraftProblem.objects.iterator():
        found = []
        if problem.claim_quote:
            value = {"status": problem.claim, "secondary": None}
            found.append(
                DraftFinding(problem=problem, kind="claim", value=value, quote=problem.claim_quote)
            )
        for each in problem.indicators:
            start, end = each["span"]
            found.append(
                DraftFinding(
                    problem=problem,
                    kind="indicator",
                    value={key: each.get(key) for key in INDICATOR_KEYS},
                    quote=each["quote"],
                    source_start=start,
                    source_end=end,
                )
            )
        DraftFinding.objects.bulk_create(found)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0004_read_in_the_background_and_keep_findings"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop, elidable=True)]
