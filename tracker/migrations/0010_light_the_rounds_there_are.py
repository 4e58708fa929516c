from django.db import migrations

# The lights that every round had before it could choose, in the order in which they were judged.
PLAIN = (
    ("done", "已销号", "teal", "tick", ["closed"]),
    ("block", "受阻", "violet", "diamond", ["blocked"]),
    ("late", "超期", "red", "square", ["overdue"]),
    ("warn", "临期", "amber", "triangle", ["due_within"]),
    ("stale", "久未更新", "orange", "hourglass", ["stale"]),
    ("idle", "未开始", "grey", "ring", ["unclaimed"]),
    ("ok", "正常", "green", "disc", ["otherwise"]),
)
TOLD = {"late": ["staff"], "warn": ["staff"], "stale": ["staff"]}


def light_rounds(apps, schema_editor):
    Round, Band = (apps.get_model("tracker", name) for name in ("Round", "Band"))
    Band.objects.bulk_create(
        Band(
            round=item,
            order=order,
            light=light,
            word=word,
            colour=colour,
            shape=shape,
            conditions=conditions,
            days=item.warn_days if light == "warn" else None,
            in_workdays=item.warn_in_workdays if light == "warn" else light != "stale",
            tells=TOLD.get(light, []),
        )
        for item in Round.objects.all()
        for order, (light, word, colour, shape, conditions) in enumerate(PLAIN, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("tracker", "0009_bands_of_a_round")]

    operations = [migrations.RunPython(light_rounds, migrations.RunPython.noop)]
