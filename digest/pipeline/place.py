"""Papers are placed in the space of a taste map: their stored meaning and their text in, meaning and taste out.

The second step of the index. Nothing is encoded anew. In: PaperVector rows of the encoder. Out: those of the space.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.matching._taste import TasteMap, join
from digest.models import FittedTaste, PaperVector
from digest.pipeline import serving
from digest.pipeline.clock import SYSTEM_CLOCK, Clock
from digest.pipeline.index import load_vectors, store
from digest.pipeline.tastemaps import read_map
from digest.types import FloatMatrix, PaperDoc
from digest.vectors import pack, unpack

CHUNK = 2_048  # papers a turn and a map
BATCH = 512  # papers a transaction
LONGEST_TURN = timedelta(minutes=1)  # shorter than a task may run, beside the encoding

Status = FittedTaste.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceReport:
    """How many papers got their place. `more`: others wait, and another turn would get on."""

    placed: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A paper that waits, and the key of its text."""

    doc: PaperDoc
    key: str


def place_waiting(*, now: datetime, limit: int = CHUNK, clock: Clock = SYSTEM_CLOCK) -> PlaceReport:
    """Place at most `limit` papers in the space that serves, then as many in the one that is to follow it.

    A second call places nothing anew; two workers at once do some work twice, and the same rows come of it. When a
    space holds all that matching needs, it begins to serve. A map that is stale or cannot be read is retired.
    """
    serving.retire_stale_tastes(now=now)
    until = clock.now() + LONGEST_TURN
    encoder = serving.serving_encoder()
    n_placed, more = 0, False
    for taste in FittedTaste.objects.in_use().filter(encoder=encoder or "").order_by("pk"):
        taste_map = read_map(taste=taste)
        if taste_map is None:
            FittedTaste.objects.filter(pk=taste.pk).update(
                status=Status.RETIRED, note="Its bytes are damaged.", changed_at=now
            )
            continue
        report = _fill(taste, taste_map, now=now, limit=limit, until=until, clock=clock)
        n_placed, more = n_placed + report.placed, more or report.more
    return PlaceReport(placed=n_placed, more=more)


def _fill(
    taste: FittedTaste, taste_map: TasteMap, *, now: datetime, limit: int, until: datetime, clock: Clock
) -> PlaceReport:
    FittedTaste.objects.filter(pk=taste.pk, status=Status.FITTED).update(status=Status.FILLING, changed_at=now)
    waiting = _waiting(taste, now, limit)
    n_done, left_out = 0, []
    for start in range(0, len(waiting), BATCH):
        if clock.now() >= until:
            break
        batch = waiting[start : start + BATCH]
        left_out += _place(batch, taste, taste_map, now)
        n_done += len(batch)
    serving.let_taste_serve(taste=taste, now=now, without=left_out)
    n_placed = n_done - len(left_out)
    return PlaceReport(placed=n_placed, more=n_placed > 0 and (len(waiting) == limit or n_done < len(waiting)))


def _waiting(taste: FittedTaste, now: datetime, limit: int) -> list[Waiting]:
    papers = serving.waiting_for_place(taste=taste, now=now).order_by("-first_seen_at", "-pk")[:limit]
    return [
        Waiting(doc=PaperDoc(id=pk, title=title, abstract=abstract, authors=(), categories=()), key=key)
        for pk, title, abstract, key in papers.values_list("pk", "title", "abstract", "text_key")
    ]


def _place(batch: Sequence[Waiting], taste: FittedTaste, taste_map: TasteMap, now: datetime) -> list[int]:
    """Place and store a batch. Returns: the papers whose meaning is damaged, which have no place."""
    usable, meaning = _meaning(batch, taste)
    placed = taste_map.place(docs=[paper.doc for paper in usable], meaning=meaning)
    rows = [
        PaperVector(paper_id=paper.doc.id, encoder=taste.space, vector=vector, text_key=paper.key, made_at=now)
        for paper, vector in zip(usable, pack(matrix=join(meaning=meaning, taste=placed)), strict=True)
    ]
    store(rows=sorted(rows, key=lambda row: row.paper_id))
    used = {paper.doc.id for paper in usable}
    return [paper.doc.id for paper in batch if paper.doc.id not in used]


def _meaning(batch: Sequence[Waiting], taste: FittedTaste) -> tuple[list[Waiting], FloatMatrix]:
    found = load_vectors(paper_ids=[paper.doc.id for paper in batch], encoder=taste.encoder)
    usable = [paper for paper in batch if paper.doc.id in found]
    rows = [found[paper.doc.id] for paper in usable]
    return usable, unpack(rows=rows, dimensions=serving.dimensions_of(space=taste.encoder) or 0)
