"""Papers and how they were seen; digests, the papers in them, and the ledger of their delivery."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from subscriptions.models import InterestProfile, Subscriber


class PaperQuerySet(models.QuerySet["Paper"]):
    """The questions that are asked of papers."""

    def mailable(self) -> Self:
        """Keep papers that may appear in a mail: not withdrawn, and with a title."""
        return self.filter(withdrawn=False).exclude(title="")

    def first_seen(self, *, after: datetime, until: datetime) -> Self:
        """Keep papers first seen in (after, until]."""
        return self.filter(first_seen_at__gt=after, first_seen_at__lte=until)


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

    trending_score = models.FloatField(default=0.0)
    trending_note = models.CharField(max_length=120, blank=True, help_text='"118 upvotes on Hugging Face"')

    objects = PaperQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-first_seen_at"], name="paper_first_seen"),
            models.Index(fields=["-submitted_at"], name="paper_submitted"),
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


class SourceGate(models.Model):
    """One turnstile per remote host, shared by every process: who may make the next request, and when."""

    host = models.CharField(max_length=100, primary_key=True)
    open_at = models.DateTimeField(help_text="No request before this moment.")
    holder = models.CharField(max_length=64, blank=True, help_text="Who is inside; empty when nobody is.")
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="After this moment the holder is taken for dead and the next may enter."
    )
    denied_at = models.DateTimeField(null=True, blank=True, help_text="The host answered 403: a person must lift it.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Refusals in a row; the back-off grows with it.")

    def __str__(self) -> str:
        return self.host


class FetchedPage(models.Model):
    """What a remote page answered last, for conditional GET."""

    url = models.CharField(max_length=1000, unique=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    fetched_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class IngestRun(models.Model):
    """One reading of one source: what came, and what went wrong."""

    source = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    seen = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    on_schedule = models.BooleanField(
        default=True, help_text="The next reading goes on from here; not so for files and for a window given by hand."
    )

    class Meta:
        indexes = [
            models.Index(fields=["source", "-started_at"], name="ingest_run_newest"),
            models.Index(fields=["started_at"], name="ingest_run_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"


class Digest(models.Model):
    """One reader's digest of one local day. PLANNED -> READY or EMPTY, once; then it never changes."""

    class Status(models.TextChoices):
        """PLANNED: promised. READY: its papers are frozen. EMPTY: there were none, and `empty_reason` says why."""

        PLANNED = "planned", "Planned"
        READY = "ready", "Ready"
        EMPTY = "empty", "Empty"

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="digests")
    digest_date = models.DateField(help_text="The reader's local day.")
    status = models.CharField(max_length=16, choices=Status, default=Status.PLANNED)
    window_start = models.DateTimeField(help_text="Papers first seen after this moment ...")
    window_end = models.DateTimeField(help_text="... up to this one.")
    horizon_days = models.PositiveIntegerField(help_text="A first version older than this is no news.")
    empty_reason = models.CharField(max_length=300, blank=True)
    planned_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "digest_date"], name="digest_once_a_day"),
            models.CheckConstraint(condition=~Q(status="empty") | ~Q(empty_reason=""), name="digest_empty_says_why"),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "ready", "empty"]), name="digest_status_is_a_choice"
            ),
        ]
        indexes = [
            models.Index(fields=["planned_at"], name="digest_planned", condition=Q(status="planned")),
            models.Index(fields=["-digest_date", "status"], name="digest_by_day"),
        ]

    def __str__(self) -> str:
        return f"digest {self.pk} of {self.digest_date}"


class DigestItem(models.Model):
    """A paper in a digest, with the reasons that ranked it, frozen."""

    class Section(models.TextChoices):
        """Which part of the mail the paper is in."""

        MATCHED = "matched", "For you"
        TRENDING = "trending", "Trending"

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="items")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=16, choices=Section)
    position = models.PositiveSmallIntegerField()
    profile = models.ForeignKey(InterestProfile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    profile_name = models.CharField(max_length=80, blank=True)
    also_in = models.JSONField(default=list, blank=True, help_text="Names of the other profiles that it matched.")
    score = models.FloatField(default=0.0)
    reasons = models.JSONField(default=list, blank=True, help_text="{kind, term, share}, the strongest first.")
    note = models.CharField(max_length=120, blank=True, help_text="The signal of a trending paper, in words.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "paper"], name="paper_once_per_reader"),
            models.UniqueConstraint(fields=["digest", "section", "position"], name="item_position_once"),
            models.CheckConstraint(condition=Q(section__in=["matched", "trending"]), name="item_section_is_a_choice"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.position}"


class Delivery(models.Model):
    """One mail on its way, and the ledger's word for where it is.

    The allowed moves stand in digest/mail/ledger.py, with the reason for each.
    """

    class Status(models.TextChoices):
        """QUEUED and SENDING are on the way; all others are ends."""

        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown: a worker died while sending"
        SUPPRESSED = "suppressed", "Suppressed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.OneToOneField(Digest, on_delete=models.CASCADE, related_name="delivery")
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True, help_text="Not before this moment.")
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=32, blank=True)
    provider_message_id = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["created_at"], name="delivery_on_its_way", condition=Q(status__in=["queued", "sending"])
            ),
            models.Index(fields=["status", "-created_at"], name="delivery_by_status"),
            models.Index(
                fields=["provider_message_id"], name="delivery_by_message", condition=~Q(provider_message_id="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "sending", "sent", "failed", "unknown", "suppressed"]),
                name="delivery_status_is_a_choice",
            ),
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(claimed_at__isnull=False), name="delivery_sending_was_claimed"
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="delivery_sent_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class DeliveryEvent(models.Model):
    """What a provider told us of a mail, once per event whatever it repeats; kept also when it fits no delivery."""

    key = models.CharField(max_length=200, unique=True, help_text="Provider and its event id, or a hash of the event.")
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=32, help_text="sent, delivered, bounced, complained, ...")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    provider = models.CharField(max_length=32)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-received_at"], name="delivery_event_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
