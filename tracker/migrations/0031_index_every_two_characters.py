from django.db import migrations

# Every character and every two that follow each other, each once. `translate` and not `lower`: the
# answer must not depend on the locale, or the index would not be of an immutable function. The cost
# tells the planner what it is to work this out for every row of a table.
FUNCTION = """
CREATE FUNCTION guatu_grams(text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
    SELECT coalesce(array_agg(DISTINCT gram), '{}')
    FROM (
        SELECT char, char || lead(char) OVER (ORDER BY place) AS pair
        FROM unnest(string_to_array(
            translate($1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'), NULL
        )) WITH ORDINALITY AS chars(char, place)
    ) AS pairs
    CROSS JOIN LATERAL (VALUES (char), (pair)) AS grams(gram)
    WHERE gram IS NOT NULL
$$
"""
# The same words as `tracker.models.mentions.PLACES` had when this was written.
INDEXES = {
    "ticket_words": (
        "tracker_ticket",
        "number || ' ' || title || ' ' || problem || ' ' || claim_quote || ' ' || leader_text"
        " || ' ' || person_text || ' ' || lead_unit_text",
        "",
    ),
    "measure_words": ("tracker_measure", "text || ' ' || goal", "WHERE dropped_on IS NULL"),
    "progress_words": (
        "tracker_progress",
        "text || ' ' || difficulty || ' ' || next_step",
        "",
    ),
    "document_words": ("tracker_finding", "value ->> 'title'", "WHERE kind = 'document'"),
}


def index(apps, schema_editor):
    """SQLite has no such index; there the text itself is looked through."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(FUNCTION)
    for name, (table, text, where) in INDEXES.items():
        schema_editor.execute(
            f"CREATE INDEX {name} ON {table} USING gin (guatu_grams({text})) {where}"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in INDEXES:
        schema_editor.execute(f"DROP INDEX {name}")
    schema_editor.execute("DROP FUNCTION guatu_grams(text)")


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0030_initials_of_the_names_there_are"),
    ]

    operations = [
        migrations.RunPython(index, drop),
    ]
