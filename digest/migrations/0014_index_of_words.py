"""The index that search reads, each database its own. The table is empty yet, so nothing is locked for long;
papers that are there already are filed in chunks by a task, the newest first."""

from django.db import migrations

POSTGRES = (
    "ALTER TABLE digest_paperwords ADD COLUMN terms tsvector NOT NULL DEFAULT ''",
    # The tokens lie apart from the rows: most questions are answered by the index and the rows alone.
    "ALTER TABLE digest_paperwords ALTER COLUMN terms SET STORAGE EXTERNAL, SET (toast_tuple_target = 128)",
    "CREATE INDEX paper_words_terms ON digest_paperwords USING gin (terms) WITH (fastupdate = off)",
)
SQLITE = (
    """
    CREATE VIRTUAL TABLE digest_words USING fts5(
        title, abstract, authors, labels,
        tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co' tokenchars '@:.-|'"
    )
    """,
    """
    CREATE TRIGGER digest_paperwords_gone AFTER DELETE ON digest_paperwords
    BEGIN DELETE FROM digest_words WHERE rowid = old.place; END
    """,
)


def make(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in POSTGRES if vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE digest_paperwords DROP COLUMN terms")
    else:
        schema_editor.execute("DROP TRIGGER digest_paperwords_gone")
        schema_editor.execute("DROP TABLE digest_words")


class Migration(migrations.Migration):
    dependencies = [
        ("digest", "0013_paper_words"),
    ]

    operations = [migrations.RunPython(make, drop)]
