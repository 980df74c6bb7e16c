"""Papers become vectors: each paper's title and abstract, encoded once by the encoder that the operator chose.

In: Paper rows without a fresh vector. Out: PaperVector rows, and which encoder serves (pipeline/serving.py).
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from digest.encoders import Encoder, label
from digest.errors import EncoderUnavailable
from digest.matching._taste import join
from digest.models import FittedTaste, Paper, PaperVector
from digest.pipeline import serving
from digest.pipeline.clock import SYSTEM_CLOCK, Clock
from digest.pipeline.encoding import load_encoder
from digest.pipeline.tastemaps import read_map
from digest.types import FloatMatrix
from digest.vectors import finite, pack, unpack, width

CHUNK = 512  # papers a turn
BATCH = 128  # papers a transaction
LONGEST_TURN = timedelta(minutes=2)  # shorter than a task may run
TRIES = 3  # a paper may be merged into another while it is encoded

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """How many papers got their vector. `rejected` are those of which the encoder made nothing that can be used.

    `more`: others wait, and another turn would get on. `stopped` says why nothing could be encoded.
    """

    encoded: int = 0
    rejected: tuple[int, ...] = ()
    more: bool = False
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is encoded of a paper, and the key that says which text it was."""

    paper_id: int
    text: str
    key: str


def index_in_turn(*, now: datetime, clock: Clock = SYSTEM_CLOCK) -> IndexReport:
    """Do as `index_waiting`, unless another worker is at it: two would encode the same papers, and mails would wait."""
    if not serving.take_turn(model=settings.ENCODER, now=now):
        return IndexReport(stopped="Another worker is encoding.")
    try:
        return index_waiting(now=now, clock=clock)
    finally:
        serving.end_turn(model=settings.ENCODER)


def index_waiting(*, now: datetime, limit: int = CHUNK, clock: Clock = SYSTEM_CLOCK) -> IndexReport:
    """Encode one chunk of papers with the encoder that the operator chose; without one, do nothing and say why."""
    try:
        encoder = load_encoder(clock=clock)
    except EncoderUnavailable as error:
        if settings.ENCODER:
            serving.note_broken(model=settings.ENCODER, reason=str(error), now=now)
        return IndexReport(stopped=str(error))
    return index_papers(encoder=encoder, now=now, limit=limit, clock=clock)


def index_papers(*, encoder: Encoder, now: datetime, limit: int = CHUNK, clock: Clock = SYSTEM_CLOCK) -> IndexReport:
    """Encode at most `limit` papers that have no fresh vector of `encoder`, the last seen first.

    A second call encodes nothing anew; two workers at once do some work twice, and the same rows come of it. When
    all that matching needs has vectors, the encoder begins to serve. The turn ends after LONGEST_TURN.
    """
    serving.begin_filling(encoder=encoder, now=now)
    until = clock.now() + LONGEST_TURN
    texts = _waiting(label(encoder=encoder), limit)
    n_done, rejected = 0, []
    for batch in _batches(texts):
        if clock.now() >= until:
            break
        rejected += _index(batch, encoder, now)
        n_done += len(batch)
    serving.let_serve(encoder=encoder, now=now, without=rejected)
    n_encoded = n_done - len(rejected)
    more = n_encoded > 0 and (len(texts) == limit or n_done < len(texts))
    return IndexReport(encoded=n_encoded, rejected=tuple(rejected), more=more)


def load_vectors(*, paper_ids: Sequence[int], encoder: str) -> dict[int, bytes]:
    """Read the vectors of some papers, by an encoder's name@version or in a space (see `serving.matching_space`).

    Returns: by paper id, as stored (see digest.vectors): right in length and finite. A paper without a vector is not
    in it; nor is one whose vector is damaged, which a line in the log counts.
    """
    dimensions = serving.dimensions_of(space=encoder)
    if dimensions is None:
        return {}
    rows = PaperVector.objects.filter(encoder=encoder, paper_id__in=paper_ids).values_list("paper_id", "vector")
    found = {paper_id: bytes(vector) for paper_id, vector in rows}
    whole = _whole(found, dimensions)
    if len(whole) < len(found):
        log.warning("Stored vectors of %s are damaged and were left out: %d", encoder, len(found) - len(whole))
    return whole


def encode_texts(*, texts: Sequence[str], space: str | None = None) -> FloatMatrix | None:
    """Turn what readers wrote into vectors of the space that serves, for comparing it with papers.

    `space` is what `serving.matching_space` answered, where the caller compares with vectors that it has read already.
    Returns: shape (len(texts), dimensions), float32: the meaning, of length 1, and the taste, of length
    TASTE_WEIGHT; zeros where a text says nothing. None when there is nothing to compare with:
    the encoder that serves is not the chosen one or cannot be loaded here, or the space is gone.
    """
    space = space or serving.matching_space()
    if space is None:
        return None
    taste = FittedTaste.objects.of_space(space=space).first()
    if taste is None:
        return _encode(texts, space)
    taste_map, meaning = read_map(taste=taste), _encode(texts, taste.encoder)
    if taste_map is None or meaning is None:
        return None
    return join(meaning=meaning, taste=taste_map.place_texts(texts=texts, meaning=meaning))


def _encode(texts: Sequence[str], name: str) -> FloatMatrix | None:
    """Encode by the encoder of that name@version, where it is the chosen one and can be loaded."""
    if not name.startswith(f"{settings.ENCODER}@"):
        return None
    try:
        encoder = load_encoder()
    except EncoderUnavailable:
        return None  # said in the log by who tried
    return encoder.encode(texts=texts) if label(encoder=encoder) == name else None


def text_of(*, title: str, abstract: str) -> str:
    """Write what is encoded of a paper."""
    return ". ".join(part for part in (title, abstract) if part)


def _waiting(encoder: str, limit: int) -> list[Text]:
    papers = serving.waiting(encoder=encoder).order_by("-first_seen_at", "-pk")[:limit]
    rows = papers.values_list("pk", "title", "abstract", "text_key")
    return [
        Text(paper_id=pk, text=text_of(title=title, abstract=abstract), key=key) for pk, title, abstract, key in rows
    ]


def _batches(texts: Sequence[Text]) -> Iterator[list[Text]]:
    """Cut texts into batches of like length, so that little of a batch is padding."""
    by_length = sorted(texts, key=lambda text: len(text.text))
    for start in range(0, len(by_length), BATCH):
        yield by_length[start : start + BATCH]


def _index(texts: Sequence[Text], encoder: Encoder, now: datetime) -> list[int]:
    """Encode and store a batch. Returns: the papers of which there is no vector."""
    matrix = encoder.encode(texts=[text.text for text in texts])
    usable = (finite(matrix=matrix) & matrix.any(axis=1)).tolist()
    rejected = [text.paper_id for text, is_usable in zip(texts, usable, strict=True) if not is_usable]
    if rejected:
        log.warning("%s made no vector of these papers: %s", encoder.name, rejected)
    kept = [text for text, is_usable in zip(texts, usable, strict=True) if is_usable]
    name, vectors = label(encoder=encoder), pack(matrix=matrix[usable])
    rows = [
        PaperVector(paper_id=text.paper_id, encoder=name, vector=vector, text_key=text.key, made_at=now)
        for text, vector in zip(kept, vectors, strict=True)
    ]
    store(rows=sorted(rows, key=lambda row: row.paper_id))  # in one order, so that two workers cannot block each other
    return rejected


def store(*, rows: list[PaperVector]) -> None:
    """Write vectors over those that were there; a paper that was merged into another meanwhile is passed over."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                PaperVector.objects.bulk_create(
                    rows,
                    update_conflicts=True,
                    unique_fields=["paper", "encoder"],
                    update_fields=["vector", "text_key", "made_at"],
                )
        except IntegrityError:
            if attempt == TRIES:
                raise
            there = set(Paper.objects.filter(pk__in=[row.paper_id for row in rows]).values_list("pk", flat=True))
            rows = [row for row in rows if row.paper_id in there]
        else:
            return


def _whole(found: dict[int, bytes], dimensions: int) -> dict[int, bytes]:
    long_enough = {paper_id: row for paper_id, row in found.items() if len(row) == width(dimensions=dimensions)}
    are_finite = finite(matrix=unpack(rows=list(long_enough.values()), dimensions=dimensions)).tolist()
    return {
        paper_id: row for (paper_id, row), is_finite in zip(long_enough.items(), are_finite, strict=True) if is_finite
    }
