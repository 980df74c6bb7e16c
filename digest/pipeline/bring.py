"""A reader's list of papers -> examples of an interest, and a line for each entry that says what became of it.

list -> read (digest/library) -> recognise -> LibraryPaper rows; what is not ours but goes by an arXiv id is looked up
later, like every paper that a reader names. A list that waits is read by a worker, or at once where it is small.
"""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from digest.errors import UnreadablePayload
from digest.library import Entry, NoText, Piece, Reading, Unread, read_library
from digest.pipeline.recognise import NAMED_BY, Recognised, recognise
from subscriptions import services
from subscriptions.doorbell import ring
from subscriptions.errors import SubscriptionError, UnknownReference
from subscriptions.identifiers import parse_paper_reference
from subscriptions.models import InterestProfile, LibraryImport, Subscriber
from subscriptions.services.libraries import NamedReference
from subscriptions.types import PaperReference

READ_AT_ONCE = 256 * 1024  # bytes; more is read by a worker, where there is one
LISTS_AT_ONCE = 10
LONGEST_TITLE = 200  # characters of a line
BRING_LISTS = "digest.tasks.bring_lists"  # by its name, as the tasks import this
log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of one entry."""

    ADDED = "added"
    THERE = "there"
    ASKED = "asked"
    KEPT = "kept"
    NO_NAME = "no_name"
    OTHER_NAME = "other_name"
    NOTHING = "nothing"
    NO_PAPER = "no_paper"
    FEED = "feed"
    BROKEN = "broken"
    NO_ROOM = "no_room"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of a list as its report shows it; `reference` is the name that it is held by, "" when it is not."""

    outcome: Outcome
    title: str
    reference: str = ""


def hand_in(*, subscriber: Subscriber, profile_id: int, payload: bytes, name: str, now: datetime) -> LibraryImport:
    """Take a list for an interest, and read it at once when it is small or nobody else would.

    Raises: SubscriptionError when the reader has no such interest; ReaderGone.
    """
    key = hashlib.sha256(payload).hexdigest()
    row = services.keep_list(subscriber=subscriber, profile_id=profile_id, key=key, name=name, payload=payload, now=now)
    if len(payload) <= READ_AT_ONCE or not settings.REDIS_URL:
        read_list(import_id=row.pk, now=now)
        row.refresh_from_db()
    else:
        ring(BRING_LISTS)
    return row


def bring_lists(*, now: datetime, limit: int = LISTS_AT_ONCE) -> int:
    """Read lists that wait, the oldest first. Returns: how many; at most `limit`."""
    waiting = LibraryImport.objects.filter(state=LibraryImport.State.WAITING).order_by("began_at")
    ids = list(waiting.values_list("pk", flat=True)[:limit])
    for import_id in ids:
        try:
            read_list(import_id=import_id, now=now)
        except Exception:
            log.exception("The list %d could not be read and is given up: it must not hold the others up", import_id)
            _refuse(import_id, now)
    return len(ids)


def read_list(*, import_id: int, now: datetime) -> None:
    """Read one list into its interest. Twice gives the same; a list that is gone or was read already is no error."""
    waiting = LibraryImport.objects.filter(pk=import_id, state=LibraryImport.State.WAITING)
    row = waiting.select_related("profile__subscriber").first()
    if row is None or row.payload is None:
        return
    try:
        reading = read_library(payload=bytes(row.payload))
    except UnreadablePayload as error:
        _refuse(import_id, now, refusal=error.kind if isinstance(error, NoText) else "damaged")
        return
    settle(row=row, reading=reading, now=now)


def settle(*, row: LibraryImport, reading: Reading, now: datetime) -> None:
    """Put what was read into the interest, and write its report."""
    try:
        lines = bring(profile=row.profile, pieces=reading.pieces, now=now)
    except SubscriptionError as error:
        log.info("A list was not read: %s", error)
        return
    said = [{"outcome": line.outcome, "title": line.title, "reference": line.reference} for line in lines]
    services.settle_list(row=row, label=reading.label, lines=said, left=reading.left, refusal="", now=now)


def _refuse(import_id: int, now: datetime, *, refusal: str = "damaged") -> None:
    row = LibraryImport.objects.filter(pk=import_id).first()
    if row is not None:
        services.settle_list(row=row, label="", lines=[], left=0, refusal=refusal, now=now)


def bring(*, profile: InterestProfile, pieces: Sequence[Piece], now: datetime) -> list[Line]:
    """Put the papers of a list into an interest as liked ones.

    Returns: a line for each piece, in their order; a paper that stands twice is one example.
    Raises: ReaderGone.
    """
    entries = [piece for piece in pieces if isinstance(piece, Entry)]
    found = dict(zip(map(id, entries), recognise(entries=entries), strict=True))
    references = {id(entry): _reference(entry, found[id(entry)]) for entry in entries}
    added = services.add_papers(profile=profile, papers=list(_named(references.values())), now=now)
    met: set[PaperReference] = set()
    lines = []
    for piece in pieces:
        named = references.get(id(piece))
        if isinstance(piece, Unread):
            lines.append(Line(outcome=Outcome(piece.why.value), title=piece.text[:LONGEST_TITLE]))
        elif named is None:
            lines.append(_unnamed(piece))
        else:
            is_new = named.reference in added.new - met
            met.add(named.reference)
            outcome = Outcome.NO_ROOM if named.reference in added.left else _outcome(named, is_new=is_new)
            title = (piece.title or named.title)[:LONGEST_TITLE]
            lines.append(Line(outcome=outcome, title=title, reference=":".join(named.reference)))
    return lines


def _named(references: Iterable[NamedReference | None]) -> Iterable[NamedReference]:
    return (named for named in references if named is not None)


def _reference(entry: Entry, found: Recognised | None) -> NamedReference | None:
    """Choose the name that a paper is held by; None when the entry has none that could ever be looked up."""
    if found is not None:
        return NamedReference(reference=found.reference, title=found.title)
    names = [(name.scheme, name.value) for name in entry.identifiers if name.scheme in NAMED_BY]
    usable = [name for name in names if _is_readable(name)]
    best = min(usable, key=lambda name: NAMED_BY.index(name[0]), default=None)
    return NamedReference(reference=best) if best else None


def _is_readable(name: PaperReference) -> bool:
    """Tell whether the form of an interest, which lists its papers between commas, would read this name again."""
    try:
        return parse_paper_reference(name[1]) == name and not set(name[1]) & set(",; ")
    except UnknownReference:
        return False


def _unnamed(entry: Entry) -> Line:
    outcome = Outcome.OTHER_NAME if entry.identifiers else Outcome.NO_NAME
    names = ", ".join(f"{name.scheme}:{name.value}" for name in entry.identifiers)
    return Line(outcome=outcome, title=(entry.title or names)[:LONGEST_TITLE])


def _outcome(named: NamedReference, *, is_new: bool) -> Outcome:
    if not is_new:
        return Outcome.THERE
    if named.title:
        return Outcome.ADDED
    return Outcome.ASKED if named.reference[0] == "arxiv" else Outcome.KEPT
