"""An invented world in, its digests out, in a form that two databases can be compared by.

Run as a program it does so for each world on its input, a line of JSON each, in a database of its own.
"""

import json
import os
import sys
from collections import deque
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TextIO

WORKERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPaper:
    """A paper of a world; its number is its place."""

    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedInterest:
    """An interest of a world; `liked` and `unwanted` are places of old papers."""

    keywords: tuple[str, ...]
    exclude: tuple[str, ...]
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    description: str
    pickiness: str
    liked: tuple[int, ...]
    unwanted: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)  # it would be long
class RankedWorld:
    """Old papers, new ones, and the interests of each reader. `is_stood`: where interests stand is stored before."""

    old: tuple[RankedPaper, ...]
    new: tuple[RankedPaper, ...]
    readers: tuple[tuple[RankedInterest, ...], ...]
    is_stood: bool


def store_world(*, world: RankedWorld) -> None:
    """Write a world into an empty database, with the vectors of its papers."""
    from digest.models import Feedback
    from digest.pipeline.feedback import give_feedback
    from digest.pipeline.index import index_waiting
    from digest.pipeline.standing import stand_waiting
    from tests.builders import NOW, make_paper, make_profile, make_reader

    for number, paper in enumerate((*world.old, *world.new), start=1):
        seen = NOW - (timedelta(days=30) if number <= len(world.old) else timedelta(hours=6))
        make_paper(id=number, arxiv=arxiv_id(number), seen=seen, **asdict(paper))
    for number, interests in enumerate(world.readers, start=1):
        reader = make_reader(id=number, max_papers=5)
        for place, interest in enumerate(interests):
            said = asdict(interest)
            liked, unwanted = said.pop("liked"), said.pop("unwanted")
            profile = make_profile(
                reader=reader, name=f"Interest {place}", likes=[arxiv_id(old + 1) for old in liked], **said
            )
            for old in unwanted:
                give_feedback(profile_id=profile.pk, paper_id=old + 1, verdict=Feedback.Verdict.LESS, now=NOW)
    while index_waiting(now=NOW).more:
        pass
    if world.is_stood:
        stand_waiting(now=NOW)


def arxiv_id(number: int) -> str:
    """Name a paper of a world."""
    return f"2606.{number:05d}"


def digests(*, chunks: int, at_once: bool = False) -> list[Any]:
    """Plan and build the digests of the world that is stored, in so many chunks, one after the other or all at once.

    Returns: of each reader the status and the papers: which, of which interest, with what score and why.
    """
    from digest.models import Digest
    from digest.pipeline.build import build
    from digest.pipeline.plan import plan_due
    from subscriptions.models import Subscriber
    from tests import threads
    from tests.builders import NOW

    Digest.objects.all().delete()
    Subscriber.objects.update(next_digest_at=NOW, digested_until=NOW - timedelta(days=1))
    ids = sorted(plan_due(now=NOW).digest_ids)
    waiting = deque(ids[start::chunks] for start in range(chunks))
    if at_once:
        threads.at_once(workers=chunks, do=lambda: build(digest_ids=waiting.popleft(), now=NOW))
    for some in waiting:
        build(digest_ids=some, now=NOW)
    built = Digest.objects.order_by("subscriber_id").prefetch_related("items")
    return [[digest.status, digest.empty_reason, _items(digest)] for digest in built]


def _items(digest: Any) -> list[Any]:
    items = sorted(digest.items.all(), key=lambda item: (item.section, item.position))
    return [
        [item.section, item.paper_id, item.profile_name, item.also_in, item.score, list(map(_reason, item.reasons))]
        for item in items
    ]


def _reason(why: dict[str, Any]) -> list[Any]:
    return [why["kind"], why["term"], why["asked"], float(why["share"])]


def forget_world() -> None:
    """Empty the database, and forget what this process remembers of it."""
    from digest.models import Digest, EncoderState, Paper
    from digest.pipeline.examples import forget_examples
    from digest.pipeline.papers import forget_papers
    from subscriptions.models import Subscriber

    for model in (Digest, Subscriber, Paper, EncoderState):
        model.objects.all().delete()
    forget_papers()
    forget_examples()


def read_world(line: str) -> RankedWorld:
    """Read a world as `json.dumps(asdict(world))` wrote it."""
    said = json.loads(line)
    return RankedWorld(
        old=tuple(RankedPaper(**paper) for paper in said["old"]),
        new=tuple(RankedPaper(**paper) for paper in said["new"]),
        readers=tuple(tuple(RankedInterest(**interest) for interest in reader) for reader in said["readers"]),
        is_stood=said["is_stood"],
    )


def serve(*, worlds: TextIO, answers: TextIO) -> None:
    """Answer each world with its digests, built in one chunk, and in four at once where the database can do that."""
    from django.db import connection

    for line in worlds:
        forget_world()
        store_world(world=read_world(line))
        answer = [digests(chunks=1), digests(chunks=WORKERS, at_once=connection.vendor == "postgresql")]
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def main() -> None:
    """Serve from a new database beside DATABASE_URL, which goes at the end."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
    django.setup()

    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases

    from digest import encoders
    from tests.encoders import MODEL, FakeLoader

    loader = FakeLoader()
    encoders.loaders = lambda: {"fake": loader}  # type: ignore[assignment] # as the fixture `loader` does
    settings.ENCODER = MODEL
    old = setup_databases(verbosity=0, interactive=False)
    try:
        serve(worlds=sys.stdin, answers=sys.stdout)
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
