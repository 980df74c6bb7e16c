"""Libraries that readers brought: each list with what became of its entries, and accounts elsewhere that are read."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from subscriptions.models.readers import InterestProfile


class LibraryImport(models.Model):
    """One list of papers that a reader gave to an interest, and what became of each entry."""

    class State(models.TextChoices):
        """WAITING holds the list itself; DONE holds a line for each entry; REFUSED says why it could not be read."""

        WAITING = "waiting", "Waiting"
        DONE = "done", "Read"
        REFUSED = "refused", "Could not be read"

    profile = models.ForeignKey(InterestProfile, on_delete=models.CASCADE, related_name="imports")
    key = models.CharField(max_length=64, help_text="Digest of the list: the same list is the same import.")
    name = models.CharField(max_length=120, blank=True, help_text="What the reader calls it: a file, an account.")
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    payload = models.BinaryField(null=True, editable=False, help_text="The list, until it has been read.")
    format = models.CharField(max_length=40, blank=True, help_text="What it turned out to be.")
    refusal = models.CharField(max_length=300, blank=True)
    lines = models.JSONField(default=list, blank=True, help_text="For each entry {outcome, title, reference}.")
    left = models.PositiveIntegerField(default=0, help_text="Entries beyond the limit.")
    began_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["began_at"], name="library_import_waiting", condition=Q(state="waiting")),
            models.Index(fields=["read_at"], name="library_import_read", condition=Q(read_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["profile", "key"], name="library_import_once_per_list"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "refused"]), name="library_import_state_is_a_choice"
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"


class LinkedLibraryQuerySet(models.QuerySet["LinkedLibrary"]):
    """The questions that are asked of linked libraries."""

    def due(self, *, now: datetime) -> Self:
        """Keep those that are to be read again."""
        return self.filter(next_read_at__lte=now)


class LinkedLibrary(models.Model):
    """An account elsewhere whose papers an interest follows; its key is kept sealed, and no page shows it."""

    class Kind(models.TextChoices):
        """Whose account it is."""

        ZOTERO = "zotero", "Zotero"
        ORCID = "orcid", "ORCID"

    profile = models.ForeignKey(InterestProfile, on_delete=models.CASCADE, related_name="linked_libraries")
    kind = models.CharField(max_length=16, choices=Kind)
    library = models.CharField(max_length=40, help_text="users/12345 or groups/12345; an ORCID iD.")
    sealed_key = models.TextField(blank=True, editable=False)
    version = models.PositiveBigIntegerField(default=0, help_text="The state that was read last, in the host's count.")
    problem = models.CharField(max_length=300, blank=True, help_text="Why it could not be read last time.")
    failures = models.PositiveSmallIntegerField(default=0)
    linked_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    next_read_at = models.DateTimeField(null=True, blank=True, help_text="Empty: not again until the reader says so.")
    last_import = models.ForeignKey(LibraryImport, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = LinkedLibraryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "linked libraries"
        indexes = [
            models.Index(fields=["next_read_at"], name="linked_library_due", condition=Q(next_read_at__isnull=False))
        ]
        constraints = [
            models.UniqueConstraint(fields=["profile", "kind", "library"], name="library_linked_once_per_profile"),
            models.CheckConstraint(condition=Q(kind__in=["zotero", "orcid"]), name="linked_library_kind_is_a_choice"),
        ]

    def __str__(self) -> str:
        return f"linked library {self.pk}"
