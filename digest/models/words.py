"""Under which words a paper is found."""

from django.db import models

from digest.models.papers import Paper


class PaperWords(models.Model):
    """That a paper stands in the index of search, and where. Made of the paper's row, and can be made again.

    The words themselves are the database's own matter and no field: on PostgreSQL the column `terms` of this table,
    elsewhere the table digest_words of SQLite's FTS5, which a trigger of this table keeps clean. Migration 0014 has
    both; a migration that makes this table anew on SQLite has to make the trigger anew.
    """

    paper = models.OneToOneField(Paper, on_delete=models.CASCADE, primary_key=True, related_name="words")
    place = models.BigIntegerField(
        null=True, unique=True, help_text="Its day and its number in one, the newest highest; null: not to be found."
    )
    key = models.CharField(max_length=32, help_text="Changes with what the paper is filed under.")

    def __str__(self) -> str:
        return f"words of paper {self.paper_id}"
