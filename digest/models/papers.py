"""Papers, the names that the world gives them, their versions, and how popular they are."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import MD5, Concat

from digest.titles import KEY_LENGTH, title_key


class PaperQuerySet(models.QuerySet["Paper"]):
    """The questions that are asked of papers."""

    def mailable(self) -> Self:
        """Keep papers that may appear in a mail: not withdrawn, and with a title."""
        return self.filter(withdrawn=False).exclude(title="")

    def with_text(self) -> Self:
        """Keep papers that say anything at all."""
        return self.exclude(title="", abstract="")

    def first_seen(self, *, after: datetime, until: datetime) -> Self:
        """Keep papers first seen in (after, until]."""
        return self.filter(first_seen_at__gt=after, first_seen_at__lte=until)


class TitleKeyField(models.CharField):  # type: ignore[type-arg] # it is generic for mypy alone
    """The title's key, made anew whenever a paper is inserted or saved.

    It is no generated column, since no database knows how to take the accents off a letter.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002, FBT001 - Django's signature
        """Make the key of the title as it is now."""
        key = title_key(getattr(model_instance, "title", ""))
        setattr(model_instance, self.attname, key)
        return key


class Paper(models.Model):
    """One paper, whichever sources have seen it; its versions are not papers of their own."""

    title = models.TextField(blank=True)
    abstract = models.TextField(blank=True)
    authors = models.JSONField(default=list, blank=True, help_text="In order: {name, affiliations, is_group}.")
    categories = models.JSONField(default=list, blank=True, help_text="The primary one first.")
    primary_category = models.CharField(max_length=32, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    comments = models.TextField(blank=True)
    journal_ref = models.TextField(blank=True)
    links = models.JSONField(default=dict, blank=True, help_text="abstract, pdf, code, project, ...")

    submitted_at = models.DateTimeField(null=True, blank=True, help_text="When version 1 was submitted.")
    announced_on = models.DateField(null=True, blank=True, help_text="The day a source announced it as new.")
    updated_at = models.DateTimeField(null=True, blank=True, help_text="When the latest version was submitted.")
    first_seen_at = models.DateTimeField(help_text="When we first had it, with a date.")
    latest_version = models.PositiveSmallIntegerField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)
    withdrawn_settled_version = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The version that a source's own flag settled; words cannot overrule it."
    )

    source = models.CharField(max_length=32, help_text="The source that first saw it.")
    metadata_rank = models.SmallIntegerField(default=0, help_text="How clean the format was that the text came from.")
    metadata_as_of = models.DateTimeField(null=True, blank=True)
    merged_records = models.JSONField(
        default=list, blank=True, help_text="Marks of the records merged so far, so that none is merged twice."
    )

    text_key = models.GeneratedField(
        expression=MD5(Concat("title", Value(". "), "abstract", output_field=models.TextField())),
        output_field=models.CharField(max_length=32),
        db_persist=True,
        help_text="Changes with the title and the abstract; a vector remembers the one that it was made of.",
    )

    title_key = TitleKeyField(
        max_length=KEY_LENGTH,
        default="",
        db_default="",
        editable=False,
        help_text="The same for every way to write the title; empty until it is made.",
    )

    trending_score = models.FloatField(default=0.0)
    trending_note = models.CharField(max_length=120, blank=True, help_text='"118 upvotes on Hugging Face"')

    objects = PaperQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-first_seen_at"], name="paper_first_seen"),
            models.Index(fields=["-submitted_at"], name="paper_submitted"),
            models.Index(fields=["title_key"], name="paper_title_key"),
            models.Index(fields=["primary_category", "-first_seen_at"], name="paper_category"),
            models.Index(fields=["-trending_score"], name="paper_trending", condition=Q(trending_score__gt=0)),
            models.Index(fields=["-metadata_as_of"], name="paper_poor", condition=Q(metadata_rank__lte=10)),
            models.Index(fields=["-metadata_as_of"], name="paper_withdrawn", condition=Q(withdrawn=True)),
        ]

    def __str__(self) -> str:
        return self.title[:80] or f"paper {self.pk}"


class PaperIdentifier(models.Model):
    """A name that the world gives a paper; two records that share one are one paper."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=16)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="identifier_names_one_paper")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class PaperVersion(models.Model):
    """One version of a paper."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="version_once_per_paper")]

    def __str__(self) -> str:
        return f"v{self.number}"


class PaperSignal(models.Model):
    """A popularity count as it stood on one day; the highest reading of the day is kept, whatever the order."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="signals")
    kind = models.CharField(max_length=32)
    day = models.DateField()
    value = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "kind", "day"], name="signal_once_a_day")]
        indexes = [models.Index(fields=["kind", "-day"], name="signal_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value:g}"
