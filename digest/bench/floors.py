"""The least that a chunk can cost: its bare matrix products, and its bare rows read and written. No thinking."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction

from digest.matching._engine import Scene
from digest.matching._evidence import Hits
from digest.matching._sparse import CHUNK_ROWS
from digest.matching.categories import CategoryEvidence
from digest.matching.examples import ExampleEvidence
from digest.matching.keywords import KeywordEvidence
from digest.matching.meaning import MeaningEvidence
from digest.models import Delivery, Digest, DigestItem, ProfileVector
from digest.pipeline.copying import copy_rows
from subscriptions.models import InterestProfile, Subscriber

Table = tuple[type[Any], list[str], list[tuple[Any, ...]]]


def multiplying(scene: Scene) -> float:
    """Measure the bare products of a chunk: readers x d @ d x papers, and wishes and rows of terms times the papers."""
    meaning = next(each for _, each in scene.implied if isinstance(each, MeaningEvidence))
    hits = [each.hits if isinstance(each, KeywordEvidence | CategoryEvidence) else each for _, each in scene.named]
    words = [each for each in hits if isinstance(each, Hits)]
    pairs = [(each.wishes.table.astype(np.float32), each.holds.astype(np.float32)) for each in words]
    rows_of_terms = [each.likeness for _, each in scene.implied if isinstance(each, ExampleEvidence)]
    papers = np.ascontiguousarray(meaning.papers.T)
    began = time.perf_counter()
    for start in range(0, len(meaning.queries), CHUNK_ROWS):
        rows = slice(start, start + CHUNK_ROWS)
        total = meaning.queries[rows] @ papers
        for wishes, holds in pairs:
            total += (wishes[rows] @ holds).toarray()
        for each in rows_of_terms:
            total += each.by_common[rows] @ each.papers.dense
            total += (each.queries[rows] @ each.papers.rest).toarray()
    return time.perf_counter() - began


def moving_rows(*, digest_ids: Sequence[int], now: datetime) -> float:
    """Measure how long the rows of a chunk take to be read, and what was built of them to be written again.

    Written by COPY and one UPDATE, the constraints checked; nothing is changed in the end.
    """
    tables = [_stored(DigestItem, digest_ids), _stored(Delivery, digest_ids)]
    with transaction.atomic():
        Delivery.objects.filter(digest__in=digest_ids).delete()
        DigestItem.objects.filter(digest__in=digest_ids).delete()
        began = time.perf_counter()
        _read(digest_ids)
        for model, fields, rows in tables:
            copy_rows(model=model, fields=fields, rows=rows)
        Digest.objects.filter(pk__in=digest_ids).update(status=Digest.Status.READY, built_at=now)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took


def _read(digest_ids: Sequence[int]) -> None:
    """Read every row that a chunk's readers have, as plain values that nobody looks at."""
    digests = Digest.objects.filter(pk__in=digest_ids)
    readers = list(digests.values_list("subscriber", flat=True))
    profiles = InterestProfile.objects.filter(subscriber__in=readers, active=True)
    for rows in (
        digests,
        Subscriber.objects.filter(pk__in=readers),
        profiles,
        ProfileVector.objects.filter(profile__in=list(profiles.values_list("pk", flat=True))),
    ):
        list(rows.values_list())


def _stored(model: type[Any], digest_ids: Sequence[int]) -> Table:
    fields = [field.name for field in model._meta.concrete_fields if model is Delivery or not field.primary_key]
    names = [name for name in fields if name not in {"also_in", "reasons"}]
    rows = model.objects.filter(digest__in=digest_ids)
    texts = [name for name in ("also_in", "reasons") if name in fields]
    extra = {f"{name}_text": f"{name}::text" for name in texts}
    return model, [*names, *texts], list(rows.extra(select=extra).values_list(*names, *extra))  # noqa: S610 - our own names
