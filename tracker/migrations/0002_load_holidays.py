"""Load the yearly notices on holidays and make-up workdays, 2019 to 2026.

Later years are added in the admin when the State Council's notice comes out.
"""

import csv
from pathlib import Path

from django.db import migrations

NOTICES = Path(__file__).with_name("holidays.csv")


def load(apps, schema_editor):
    Holiday = apps.get_model("tracker", "Holiday")
    with NOTICES.open(encoding="utf-8") as rows:
        Holiday.objects.bulk_create(
            (
                Holiday(on=row["on"], is_workday=row["kind"] == "work", name=row["name"])
                for row in csv.DictReader(rows)
            ),
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_first_models")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
