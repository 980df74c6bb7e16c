"""Which papers the readers who agreed to it liked -> a taste map that is judged, and stored when it helps.

Reads readers' likes, papers and their vectors; writes FittedTaste rows. Nothing of a reader gets into a map but sums.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

import numpy as np
from django.conf import settings
from django.db import transaction
from scipy import sparse

from digest.matching._taste import TasteMap
from digest.matching._tastefit import Material, fit_material, perceive
from digest.matching._tastejudge import Verdict, judge_material
from digest.models import FittedTaste, Paper
from digest.pipeline import serving
from digest.pipeline.feedback import load_stances
from digest.pipeline.index import load_vectors
from digest.types import FloatMatrix, PaperDoc
from digest.vectors import unpack
from subscriptions.models import InterestProfile, Subscriber

LEAST_LIKES = 2  # papers of a reader: one says nothing of what goes together
READERS_AT_ONCE = 500
# Bounds of a fit: memory below 1 GB, and time below what a task may take.
MOST_READERS = 20_000  # those who came last
MOST_LIKES = 500  # papers of a reader, those liked last
MOST_PAPERS = 20_000  # those with most likes
ORDINARY_PAPERS = 5_000  # that nobody needs to have liked, for the rarity of words
READ_AT_ONCE = 5_000  # papers

Status = FittedTaste.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteReport:
    """What came of a fit. `stopped` says why there is no new map; `number` is that of the map.

    `verdict` is None where it did not come to one.
    """

    n_readers: int
    n_likes: int
    verdict: Verdict | None = None
    number: int | None = None
    stopped: str = ""

    @property
    def in_words(self) -> str:
        """Say it in a sentence."""
        judged = ""
        if self.verdict:
            score = self.verdict
            judged = f" nDCG@10 {score.before:.3f} without, {score.after:.3f} with it ({score.n_readers:,} readers)."
        found = self.stopped or f"Taste map {self.number} was fitted."
        return f"{found}{judged} {self.n_likes:,} likes of {self.n_readers:,} readers."


def fit_taste(*, now: datetime) -> TasteReport:
    """Fit a map on what readers like who agreed to it, judge it on what was held back, and store it if it helps.

    Every map before it is retired as soon as the new one serves, or at once where there is none to follow: likes that
    were withdrawn since must not go on ranking. The same likes and papers again change nothing but when it was fitted.
    """
    likes = list(_likes())
    n_readers, n_likes = len(likes), sum(map(len, likes))
    report = TasteReport(n_readers=n_readers, n_likes=n_likes)
    encoder, least = serving.serving_encoder(), settings.TASTE_MIN_READERS
    if encoder is None:
        return _stop(report, "Taste is learnt beside meaning alone, and no encoder serves.", now)
    if n_readers < least:
        few = f"There are too few readers to learn from: {n_readers} of {least} share likes of two papers or more."
        return _stop(report, few, now)
    table, material = _read(likes, encoder, now)
    verdict = judge_material(likes=table, material=material)
    report = replace(report, verdict=verdict)
    if not verdict.wins:
        return _refuse(report, verdict, encoder, now)
    return _keep(fit_material(likes=table, material=material), report, verdict, encoder, now)


def _stop(report: TasteReport, why: str, now: datetime) -> TasteReport:
    serving.retire_tastes(note=why, now=now)
    return replace(report, stopped=why)


def _refuse(report: TasteReport, verdict: Verdict, encoder: str, now: datetime) -> TasteReport:
    stopped = "What readers like helps to rank new papers no more than chance would."
    serving.retire_tastes(note=stopped, now=now)
    _row(report, verdict, encoder, now, status=Status.REFUSED, note=stopped, dimensions=0, payload=b"").save()
    return replace(report, stopped=stopped)


def _keep(fitted: TasteMap, report: TasteReport, verdict: Verdict, encoder: str, now: datetime) -> TasteReport:
    """Store a map, and retire those that were to serve next; the one that serves goes on until this one can."""
    payload = fitted.to_bytes()
    checksum = blake2b(payload, digest_size=16).hexdigest()
    same = FittedTaste.objects.in_use().filter(checksum=checksum, encoder=encoder).first()
    if same:
        FittedTaste.objects.filter(pk=same.pk).update(fitted_at=now)
        return replace(report, number=same.pk, stopped=f"Nothing has changed since taste map {same.pk}.")
    dimensions = fitted.dimensions + fitted.senses.meaning_width
    row = _row(report, verdict, encoder, now, dimensions=dimensions, payload=payload, checksum=checksum)
    with transaction.atomic():
        row.save()
        serving.supersede_tastes(by=row, now=now)
    return replace(report, number=row.pk)


def _row(
    report: TasteReport, verdict: Verdict, encoder: str, now: datetime, **fields: str | int | bytes
) -> FittedTaste:
    return FittedTaste(
        encoder=encoder,
        n_readers=report.n_readers,
        n_likes=report.n_likes,
        n_judged=verdict.n_readers,
        score_before=verdict.before,
        score_after=verdict.after,
        fitted_at=now,
        changed_at=now,
        **fields,
    )


def _likes() -> Iterator[list[int]]:
    """Read the papers that each reader likes who agreed to share it, in chunks of readers, who stay unnamed."""
    readers = Subscriber.objects.active().filter(shares_taste=True).order_by("-pk").values_list("pk", flat=True)
    ids = list(readers[:MOST_READERS])
    for start in range(0, len(ids), READERS_AT_ONCE):
        some = ids[start : start + READERS_AT_ONCE]
        owners = dict(InterestProfile.objects.filter(subscriber__in=some).values_list("pk", "subscriber_id"))
        liked: dict[int, dict[int, datetime]] = {}
        for profile, stances in load_stances(profile_ids=list(owners)).items():
            theirs = liked.setdefault(owners[profile], {})
            theirs.update({row.paper_id: row.at for row in stances if row.liked})
        for papers in liked.values():
            if len(papers) >= LEAST_LIKES:
                yield sorted(papers, key=lambda paper: (papers[paper], paper))[-MOST_LIKES:]


def _read(likes: Sequence[Sequence[int]], encoder: str, now: datetime) -> tuple[sparse.csr_array, Material]:
    """Read the papers that were liked, and ordinary ones, and put the likes into a table of readers and papers."""
    counted = Counter(paper for papers in likes for paper in papers)
    chosen = sorted(counted, key=lambda paper: (-counted[paper], paper))[:MOST_PAPERS]
    ordinary = serving.needed(now=now).order_by("-pk").values_list("pk", flat=True)[:ORDINARY_PAPERS]
    docs, meaning = _with_meaning(_docs(sorted({*chosen, *ordinary})), encoder)
    place = {paper: column for column, paper in enumerate(doc.id for doc in docs)}
    cells = [(row, place[paper]) for row, papers in enumerate(likes) for paper in papers if paper in place]
    rows, columns = np.array(cells, dtype=np.int64).reshape(-1, 2).T
    ones = np.ones(len(cells), dtype=np.float32)
    table = sparse.csr_array(sparse.coo_array((ones, (rows, columns)), shape=(len(likes), len(docs))))
    return table, perceive(docs=docs, meaning=meaning, seed=0)


def _with_meaning(docs: Sequence[PaperDoc], encoder: str) -> tuple[list[PaperDoc], FloatMatrix]:
    """Read the vectors of papers. Returns: the papers that have one, and the vectors."""
    found: dict[int, bytes] = {}
    for start in range(0, len(docs), READ_AT_ONCE):
        some = [doc.id for doc in docs[start : start + READ_AT_ONCE]]
        found |= load_vectors(paper_ids=some, encoder=encoder)
    kept = [doc for doc in docs if doc.id in found]
    return kept, unpack(rows=[found[doc.id] for doc in kept], dimensions=serving.dimensions_of(space=encoder) or 0)


def _docs(ids: Sequence[int]) -> list[PaperDoc]:
    """Read the text of papers, in the order of their ids."""
    docs: list[PaperDoc] = []
    for start in range(0, len(ids), READ_AT_ONCE):
        some = Paper.objects.filter(pk__in=ids[start : start + READ_AT_ONCE]).order_by("pk")
        docs += [
            PaperDoc(id=pk, title=title, abstract=abstract, authors=(), categories=())
            for pk, title, abstract in some.values_list("pk", "title", "abstract")
        ]
    return docs
