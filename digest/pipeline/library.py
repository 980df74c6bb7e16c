"""Papers that readers named and that we may never have read: found among ours, or asked for by id.

In: LibraryPaper rows. Out: the papers, so that matching by examples can use them; and on each row the paper's title,
or its source's word that there is no such paper.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from digest.errors import BadRequest, DigestError, TemporaryError
from digest.models import PaperIdentifier
from digest.pipeline.clock import SYSTEM_CLOCK, Clock
from digest.pipeline.configured import find_source
from digest.pipeline.gate import Gate
from digest.pipeline.http import PoliteHttp, polite_client
from digest.pipeline.ingest import IngestReport, ingest
from digest.sources import LooksUp
from subscriptions.models import InterestProfile, LibraryPaper, LibraryPaperQuerySet, Subscriber

SOURCE, SCHEME = "arxiv", "arxiv"
IDS = 100  # one request
NAMED_AT_ONCE = 1000
LONGEST_TURN = timedelta(minutes=2)  # shorter than a task may run
CLAIM_TIMEOUT = timedelta(minutes=8)  # longer than a task may run: then its worker is dead, or the source was away
ASK_AGAIN_AFTER = timedelta(days=7)  # an id that is unknown today may be announced tomorrow
MOST_LOOK_UPS = 4
LONGEST_TITLE = 300  # characters

State = LibraryPaper.State
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpReport:
    """How many ids were taken up, and why it broke off if it did."""

    asked: int = 0
    stopped: str = ""


def name_library(*, limit: int = NAMED_AT_ONCE) -> int:
    """Write the title of each paper that we have onto the rows that name it. Asks nobody.

    Returns: how many rows were named; at most `limit`.
    """
    titles = _names().exclude(paper__title="")
    rows = LibraryPaper.objects.unsettled().filter(Exists(titles))
    found = rows.annotate(paper_title=Subquery(titles.values("paper__title")[:1])).order_by("pk")[:limit]
    named = [
        LibraryPaper(pk=pk, title=title[:LONGEST_TITLE], state=State.KNOWN)
        for pk, title in found.values_list("pk", "paper_title")
    ]
    profiles = LibraryPaper.objects.filter(pk__in=[row.pk for row in named]).values_list("profile_id")
    with transaction.atomic():
        n_named = LibraryPaper.objects.bulk_update(named, ["title", "state"])
        InterestProfile.objects.filter(pk__in=profiles).mark_changed()
    return n_named


def look_up_library(*, now: datetime, limit: int = IDS, clock: Clock = SYSTEM_CLOCK) -> LookUpReport:
    """Ask arXiv for papers that readers named and that we do not have, at most `limit` ids.

    Such a paper is no news for anybody unless it is as young as news has to be: its own dates decide.
    What could not be asked stays for later, and `stopped` says why.
    """
    name_library()
    ids = claim(now=now, limit=limit)
    if not ids:
        return LookUpReport()
    report = _look_up(ids, clock)
    name_library()
    if report.stopped:
        log.warning("Looking up papers that readers named stopped: %s", report.stopped)
    return report


def claim(*, now: datetime, limit: int) -> list[str]:
    """Take ids for this worker, the least asked and the oldest first. Of any number of workers one gets each.

    Only what confirmed readers named is asked for: a form that anybody can fill in must not make us ask.
    """
    of_readers = due(now=now).filter(profile__subscriber__status=Subscriber.Status.ACTIVE)
    waiting = of_readers.values("value").annotate(tries=Min("look_ups"), first=Min("pk")).order_by("tries", "first")
    values = list(waiting.values_list("value", flat=True)[:limit])
    return [value for value in values if due(now=now, value=value).update(state=State.WAITING, looked_up_at=now)]


def due(*, now: datetime, **of: str) -> LibraryPaperQuerySet:
    """Find rows whose paper may be asked for now: never asked, left without an answer, or unknown some time ago."""
    never_asked = Q(looked_up_at__isnull=True)
    unanswered = Q(state=State.WAITING, looked_up_at__lte=now - CLAIM_TIMEOUT)
    unknown = Q(state=State.UNKNOWN, looked_up_at__lte=now - ASK_AGAIN_AFTER)
    rows = LibraryPaper.objects.unsettled().filter(scheme=SCHEME, look_ups__lt=MOST_LOOK_UPS, **of)
    return rows.filter(never_asked | unanswered | unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One worker's turn at the source."""

    source: LooksUp
    http: PoliteHttp

    def ask(self, *, ids: Sequence[str]) -> None:
        """Ask for all at once. A source that takes one id for none refuses them all: then for each half by itself."""
        now = self.http.gate.clock.now()
        try:
            report = ingest(source_name=SOURCE, payloads=self.source.look_up(ids=ids, http=self.http), now=now)
        except BadRequest:
            if len(ids) > 1:
                middle = len(ids) // 2
                self.ask(ids=ids[:middle])
                self.ask(ids=ids[middle:])
                return
            report = IngestReport()
        _settle(ids, report)


def _look_up(ids: Sequence[str], clock: Clock) -> LookUpReport:
    source = find_source(name=SOURCE)
    gate = Gate(host=source.gate, pause=timedelta(seconds=source.pause_s), clock=clock)
    with polite_client() as client:
        http = PoliteHttp(gate=gate, client=client, until=clock.now() + LONGEST_TURN)
        turn = _Turn(source=cast(LooksUp, source), http=http)
        try:
            turn.ask(ids=ids)
        except DigestError as error:
            return LookUpReport(asked=len(ids), stopped=str(error))
    return LookUpReport(asked=len(ids))


def _settle(ids: Sequence[str], report: IngestReport) -> None:
    """Write down which ids the source has no paper for; when its answer was not whole, only that it was asked.

    Raises: TemporaryError when nothing in the answer could be read, which says nothing about the ids.
    """
    if report.unreadable:
        raise TemporaryError(report.unreadable[0].reason)
    state = State.WAITING if report.rejected else State.UNKNOWN
    missing = LibraryPaper.objects.unsettled().filter(~Exists(_names()), scheme=SCHEME, value__in=ids)
    missing.update(state=state, look_ups=F("look_ups") + 1)


def _names() -> QuerySet[PaperIdentifier]:
    """Find the names of our papers that a row's reference is one of."""
    return PaperIdentifier.objects.filter(scheme=OuterRef("scheme"), value=OuterRef("value"))
