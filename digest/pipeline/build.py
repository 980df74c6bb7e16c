"""Digests PLANNED -> READY with frozen papers and reasons and a Delivery QUEUED, or EMPTY with the reason in words.

All papers of a chunk are chosen first; then one transaction takes the digests that are still PLANNED and
writes them. A worker that dies in between has written nothing, and the next one starts over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from digest.errors import TemporaryError
from digest.models import Digest, DigestItem, Paper
from digest.pipeline.empty import why_empty
from digest.pipeline.match import Chosen, load_sent, load_window, match_digests
from digest.pipeline.memory import uncollected
from digest.pipeline.store import Content, ItemRow, settle_digests, write_deliveries, write_items
from subscriptions.models import Subscriber

TRENDING_CAP = 5  # trending papers beside matched ones; a reader without interests gets as many as they asked for
MATCHED, TRENDING = DigestItem.Section.MATCHED.value, DigestItem.Section.TRENDING.value
TRENDING_POOL = 200  # the head of the list; more than a reader can have been sent while it lasts


READ = (  # all that building looks at; a name left out would cost a query for each digest
    "digest_date",
    "window_start",
    "window_end",
    "horizon_days",
    "subscriber__max_papers",
    "subscriber__trending",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """The deliveries that are now queued, and how many digests turned out ready or empty."""

    deliveries: tuple[UUID, ...] = ()
    ready: int = 0
    empty: int = 0

    @property
    def total(self) -> int:
        """Count the digests that were built."""
        return self.ready + self.empty


def build(*, digest_ids: Sequence[int], now: datetime) -> BuildReport:
    """Build those of the digests that are still PLANNED, at most one a reader.

    Safe to repeat and to run twice at once: a digest is written by whoever first locks it while PLANNED.
    Raises: TemporaryError when a paper or an interest went away meanwhile; nothing is written then.
    """
    planned = Digest.objects.filter(pk__in=digest_ids, status=Digest.Status.PLANNED)
    read = planned.select_related("subscriber").only(*READ).order_by("-pk")
    one_each = {digest.subscriber_id: digest for digest in read}
    if not one_each:
        return BuildReport()
    with uncollected():
        return _store(planned, compose(digests=list(one_each.values())), now)


def _store(planned: QuerySet[Digest], contents: dict[int, Content], now: datetime) -> BuildReport:
    """Write what was chosen for those digests that are still PLANNED, in one transaction."""
    try:
        with transaction.atomic():
            still = planned.filter(pk__in=contents).select_for_update(skip_locked=True, of=("self",))
            return _write(dict(still.values_list("pk", "subscriber__tell_when_empty")), contents, now)
    except IntegrityError as error:
        raise TemporaryError("A chosen paper or an interest is gone by now: build these digests again.") from error


def stranded(*, planned_before: datetime, limit: int) -> list[int]:
    """Find digests that were promised and never built: their worker died."""
    waiting = Digest.objects.filter(status=Digest.Status.PLANNED, planned_at__lte=planned_before)
    return list(waiting.order_by("planned_at").values_list("pk", flat=True)[:limit])


def compose(*, digests: Sequence[Digest]) -> dict[int, Content]:
    """Choose what each digest holds, for the whole chunk at once; writes nothing. Returns: by digest id."""
    window = load_window(digests=digests)
    pool = load_trending(until=max(digest.window_end for digest in digests))
    paper_ids = [doc.id for doc in window.docs] + [paper.pk for paper in pool]
    sent = load_sent(subscriber_ids=[digest.subscriber_id for digest in digests], paper_ids=paper_ids)
    chosen = match_digests(digests=digests, window=window, sent=sent)
    interested = _with_interests(digests)
    items = {}
    for digest in digests:
        reader, found = digest.subscriber, chosen.get(digest.subscriber_id, [])
        had = sent.get(reader.pk, set()) | {each.paper_id for each in found}
        cap = TRENDING_CAP if reader.pk in interested else reader.max_papers
        trending = islice((paper for paper in pool if paper.pk not in had), cap if reader.trending else 0)
        items[digest.pk] = _items(digest, found, list(trending))
    empty = [digest for digest in digests if not items[digest.pk]]
    n_news = dict(zip((digest.pk for digest in empty), window.news(digests=empty).sum(axis=1).tolist(), strict=True))
    reasons = why_empty(digests=empty, n_news=n_news, interested=interested)
    return {pk: Content(items=chosen_items, empty_reason=reasons.get(pk, "")) for pk, chosen_items in items.items()}


def load_trending(*, until: datetime) -> list[Paper]:
    """Read the head of the trending list as far as it was seen by `until`."""
    papers = Paper.objects.mailable().filter(trending_score__gt=0, first_seen_at__lte=until)
    wanted = papers.only("trending_score", "trending_note")
    return list(wanted.order_by("-trending_score", "pk")[:TRENDING_POOL])


def _with_interests(digests: Sequence[Digest]) -> set[int]:
    readers = Subscriber.objects.filter(pk__in=[digest.subscriber_id for digest in digests])
    return set(readers.filter(profiles__active=True).values_list("pk", flat=True))


def _items(digest: Digest, found: Sequence[Chosen], trending: Sequence[Paper]) -> tuple[ItemRow, ...]:
    matched = [_matched_item(digest, each, position) for position, each in enumerate(found)]
    return (*matched, *(_trending_item(digest, paper, position) for position, paper in enumerate(trending)))


def _matched_item(digest: Digest, found: Chosen, position: int) -> ItemRow:
    return ItemRow(
        digest_id=digest.pk,
        subscriber_id=digest.subscriber_id,
        paper_id=found.paper_id,
        section=MATCHED,
        position=position,
        profile_id=found.profile_id,
        profile_name=found.profile_name,
        also_in=found.also_in,
        score=found.score,
        reasons=found.reasons,
    )


def _trending_item(digest: Digest, paper: Paper, position: int) -> ItemRow:
    return ItemRow(
        digest_id=digest.pk,
        subscriber_id=digest.subscriber_id,
        paper_id=paper.pk,
        section=TRENDING,
        position=position,
        score=paper.trending_score,
        note=paper.trending_note,
    )


def _write(tells_when_empty: dict[int, bool], contents: dict[int, Content], now: datetime) -> BuildReport:
    held = {pk: contents[pk] for pk in tells_when_empty}
    settle_digests(contents=held, now=now)
    write_items([item for content in held.values() for item in content.items])
    mailed = [pk for pk, content in held.items() if content.items or tells_when_empty[pk]]
    deliveries = write_deliveries(digest_ids=mailed, now=now)
    ready = sum(bool(content.items) for content in held.values())
    return BuildReport(deliveries=deliveries, ready=ready, empty=len(held) - ready)
