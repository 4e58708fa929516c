from django.db import migrations

from tracker.initials import initials_of


def spell(apps, schema_editor):
    for model, fields in (("Unit", ("name", "short_name")), ("Person", ("name",))):
        rows = apps.get_model("tracker", model).objects
        for row in rows.only(*fields).iterator():
            row.initials = initials_of(*(getattr(row, field) for field in fields))
            # The key alone is written: no version is kept of what follows from the name.
            row.save(update_fields=["initials"])


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0029_spell_names_by_initials"),
    ]

    operations = [
        migrations.RunPython(spell, migrations.RunPython.noop),
    ]
