"""Invented papers and readers -> rows of an empty database, by COPY, a batch at a time."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection

from digest.bench.invent import DIMENSIONS, SUBJECTS, InventedPaper, InventedProfile, World
from digest.matching._terms import ROW_TERMS, store_terms
from digest.models import EncoderState, Paper, PaperVector, ProfileVector
from digest.pipeline.copying import copy_rows
from digest.pipeline.standing import Stood, to_columns
from digest.types import FloatMatrix, IdArray, PaperDoc, Standing
from digest.vectors import pack
from subscriptions.models import InterestProfile, Subscriber

MODEL, SPACE = "bench", "bench@1"
OLD_PAPERS = 5_000  # liked, and compared with
TRENDING_EVERY = 25  # papers
BATCH = 10_000  # interests
READERS_OF_FOUR = 3  # four interests belong to three readers
NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
SEEN, YESTERDAY, LONG_AGO = NOW - timedelta(hours=6), NOW - timedelta(days=1), NOW - timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """The older papers that readers like: ids, texts and vectors, and the places of each subject's."""

    ids: IdArray
    docs: tuple[PaperDoc, ...]
    vectors: FloatMatrix
    of_subject: tuple[IdArray, ...]


def fill(*, papers: int, profiles: int) -> None:
    """Write new papers, older ones, and readers whose hour has come at NOW."""
    world = World()
    EncoderState.objects.create(
        encoder=SPACE, status=EncoderState.Status.SERVING, dimensions=DIMENSIONS, changed_at=LONG_AGO
    )
    shelf = _fill_old(world)
    new, vectors, _ = world.papers(number=papers)
    _write_papers(new, vectors, first=len(shelf.ids) + 1, seen=SEEN)
    for start in range(0, profiles, BATCH):
        _fill_readers(world, shelf, start=start, number=min(BATCH, profiles - start))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _fill_old(world: World) -> Shelf:
    old, vectors, subjects = world.papers(number=OLD_PAPERS)
    _write_papers(old, vectors, first=1, seen=LONG_AGO)
    return Shelf(
        ids=np.arange(1, OLD_PAPERS + 1),
        docs=tuple(
            PaperDoc(id=number, title=paper.title, abstract=paper.abstract, authors=(), categories=())
            for number, paper in enumerate(old, start=1)
        ),
        vectors=vectors,
        of_subject=tuple(np.flatnonzero(subjects == subject) for subject in range(SUBJECTS)),
    )


def _write_papers(papers: Sequence[InventedPaper], vectors: FloatMatrix, *, first: int, seen: datetime) -> None:
    fields = ["id", "title", "abstract", "authors", "categories", "primary_category", "source"]
    dates = ["first_seen_at", "submitted_at", "announced_on", "latest_version", "trending_score", "trending_note"]
    copy_rows(
        model=Paper,
        fields=[*fields, *dates],
        rows=[
            (
                number,
                paper.title,
                paper.abstract,
                json.dumps([{"name": name, "affiliations": [], "is_group": False} for name in paper.authors]),
                json.dumps(paper.categories),
                paper.categories[0],
                "bench",
                seen,
                seen - timedelta(days=1),
                seen.date(),
                1,
                *((1.0 + number, f"{number} upvotes") if seen == SEEN and number % TRENDING_EVERY == 0 else (0.0, "")),
            )
            for number, paper in enumerate(papers, start=first)
        ],
    )
    copy_rows(
        model=PaperVector,
        fields=["paper", "encoder", "vector", "text_key", "made_at"],
        rows=[
            (number, SPACE, vector, _text_key(paper), seen)
            for number, (paper, vector) in enumerate(zip(papers, pack(matrix=vectors), strict=True), start=first)
        ],
    )


def _text_key(paper: InventedPaper) -> str:
    return hashlib.md5(f"{paper.title}. {paper.abstract}".encode(), usedforsecurity=False).hexdigest()


def _fill_readers(world: World, shelf: Shelf, *, start: int, number: int) -> None:
    owners = np.arange(start, start + number) * READERS_OF_FOUR // 4 + 1
    known = (start - 1) * READERS_OF_FOUR // 4 + 1 if start else 0
    _write_readers([owner for owner in np.unique(owners).tolist() if owner > known])
    profiles, subjects = world.profiles(number=number, shelf=shelf.of_subject)
    copy_rows(
        model=InterestProfile,
        fields=["id", "subscriber", "name", "keywords", "categories", "authors", "exclude", "created_at", "updated_at"],
        rows=[
            (
                pk,
                owner,
                f"Interest {pk}",
                *map(json.dumps, (profile.keywords, profile.categories, profile.authors, profile.exclude)),
                LONG_AGO,
                LONG_AGO,
            )
            for pk, owner, profile in zip(range(start + 1, start + number + 1), owners.tolist(), profiles, strict=True)
        ],
    )
    _write_stands(profiles, world.vectors(subjects), shelf, first=start + 1)


def _write_readers(numbers: Sequence[int]) -> None:
    fields = ["id", "email", "email_normalised", "address_key", "status", "next_digest_at", "digested_until"]
    copy_rows(
        model=Subscriber,
        fields=[*fields, "created_at", "confirmed_at", "public_id"],
        rows=[
            (
                number,
                *[f"reader{number}@example.org"] * 2,
                f"{number:064x}",
                Subscriber.Status.ACTIVE.value,
                NOW,
                YESTERDAY,
                LONG_AGO,
                LONG_AGO,
                f"00000000-0000-4000-8000-{number:012x}",
            )
            for number in numbers
        ],
    )


def _write_stands(profiles: Sequence[InventedProfile], wishes: FloatMatrix, shelf: Shelf, *, first: int) -> None:
    said = zip(profiles, pack(matrix=wishes), strict=True)
    columns = [to_columns(stood=_stood(profile, wish, shelf)) for profile, wish in said]
    copy_rows(
        model=ProfileVector,
        fields=["profile", "space", "revision", "made_at", *columns[0]],
        rows=[(number, SPACE, 0, NOW, *values.values()) for number, values in enumerate(columns, start=first)],
    )


def _stood(profile: InventedProfile, wish: bytes, shelf: Shelf) -> Stood:
    n_liked = len(profile.liked)
    liked = pack(matrix=shelf.vectors[profile.liked].mean(axis=0)[None])[0] if n_liked else b""
    shelf_docs = [(shelf.docs[place], 1.0) for place in profile.liked.tolist()]
    terms = store_terms(liked=shelf_docs, unwanted=(), most=ROW_TERMS)
    return Stood(
        standing=Standing(liked=liked, liked_weight=float(n_liked), terms=terms),
        wish=wish,
        liked=tuple(shelf.ids[profile.liked].tolist()),
        liked_weights=(1.0,) * n_liked,
        disliked=(),
        is_whole=True,
    )
