from django.db import migrations

EVIDENCE = "CREATE INDEX evidence_words ON tracker_evidence USING gin (guatu_grams(name))"
WORDS = ("ticket_words", "measure_words", "progress_words", "document_words")
# A planner that knows how common a word is reads the whole table for it, and works out the function
# for every row: seconds. Without statistics it takes the index, which is quick for any word.
# Statistics that there are go only with the index, so each is made anew.
FORGET = """
DO $$ DECLARE definition text;
BEGIN
    definition := pg_get_indexdef('{0}'::regclass);
    DROP INDEX {0};
    EXECUTE definition;
    ALTER INDEX {0} ALTER COLUMN 1 SET STATISTICS 0;
END $$
"""


def index(apps, schema_editor):
    """SQLite has no such index; there the text itself is looked through."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(EVIDENCE)
        for name in (*WORDS, "evidence_words"):
            schema_editor.execute(FORGET.format(name))


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX evidence_words")


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0042_keep_the_evidence_of_a_sheet"),
    ]

    operations = [
        migrations.RunPython(index, drop),
    ]
