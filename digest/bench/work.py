"""One worker of the bench: takes chunks from the database as the tasks do, until none is left, and says what it took.

Beside a sample of its chunks it measures their floors, while no clock of the service runs.
"""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from django.test.utils import override_settings

from digest import encoders, matching
from digest.bench import floors
from digest.bench.fill import MODEL, NOW
from digest.bench.stopwatch import Stopwatch, held_mb
from digest.encoders import Encoder
from digest.errors import EncoderUnavailable
from digest.matching import _engine
from digest.models import DigestItem
from digest.pipeline import build, match, plan

STAGES = ("plan", "load", "papers", "gather", "score", "select", "explain", "store", "rest")


@dataclass(slots=True, kw_only=True)
class Work:
    """What one worker did. Seconds by stage are of all chunks; floors are of `sampled_readers` readers."""

    began_at: float = 0.0
    ended_at: float = 0.0
    chunks: int = 0
    readers: int = 0
    profiles: int = 0
    items: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    stage_peak_mb: dict[str, float] = field(default_factory=dict)
    peak_mb: float = 0.0
    grown_mb: float = 0.0
    sampled_readers: int = 0
    sampled_profiles: int = 0
    product_s: float = 0.0
    rows_s: float = 0.0


class NoModel:
    """A loader in whose space vectors lie, and that makes none."""

    models = (MODEL,)

    def serves(self, *, model: str) -> bool:
        """Tell whether this is the bench's model."""
        return model == MODEL

    def why_not(self, *, model: str, path: str) -> str:  # noqa: ARG002 - the contract's names
        """Say that nothing is missing."""
        return ""

    def load(self, *, model: str, path: str, threads: int | None) -> Encoder:  # noqa: ARG002 - the contract's names
        """Refuse: every vector is there already."""
        raise EncoderUnavailable(f"{model} makes no vectors.")


class Worker:
    """Plans and builds chunk by chunk, listened to."""

    def __init__(self, *, chunk: int, sample_every: int) -> None:
        self.chunk, self.sample_every = chunk, sample_every
        self.watch, self.work = Stopwatch(), Work()
        self.scene: _engine.Scene | None = None
        listen(self.watch, tell=self._keep)

    def run(self) -> dict[str, Any]:
        """Take chunks until none is left."""
        settled = 0.0
        self.work.began_at = time.time()
        while readers := self._take():
            self.work.chunks += 1
            self.work.readers += readers
            settled = settled or (held_mb() if self.work.chunks == 2 else 0.0)
            self.work.ended_at = time.time()
        self.work.grown_mb = held_mb() - settled if settled else 0.0
        self.work.seconds = {stage: self.watch.seconds[stage] for stage in STAGES}
        self.work.stage_peak_mb = {stage: self.watch.peak_mb[stage] for stage in STAGES}
        self.work.peak_mb = max(self.work.stage_peak_mb.values())
        return asdict(self.work)

    def _take(self) -> int:
        self.watch.enter("rest")
        report = plan.plan_due(now=NOW, limit=self.chunk)
        if report.digest_ids:
            build.build(digest_ids=report.digest_ids, now=NOW)
        self.watch.leave()
        if self.scene is not None:
            self.work.profiles += len(self.scene.profiles)
            if self.work.chunks % self.sample_every == 0:
                self._sample(report.digest_ids, self.scene)
        self.scene = None
        return report.readers

    def _sample(self, digest_ids: tuple[int, ...], scene: _engine.Scene) -> None:
        self.work.sampled_readers += len(digest_ids)
        self.work.sampled_profiles += len(scene.profiles)
        self.work.product_s += floors.multiplying(scene)
        self.work.rows_s += floors.moving_rows(digest_ids=digest_ids, now=NOW)

    def _keep(self, scene: _engine.Scene) -> None:
        self.scene = scene


def work(*, chunk: int, sample_every: int) -> dict[str, Any]:
    """Be one worker. Returns: a `Work` as plain values."""
    encoders.loaders = lambda: {"bench": NoModel()}  # type: ignore[assignment] # there is no model to find
    with override_settings(ENCODER=MODEL):
        found = Worker(chunk=chunk, sample_every=sample_every).run()
    found["items"] = DigestItem.objects.count()
    return found


def listen(watch: Stopwatch, *, tell: Any) -> None:
    """Say which functions of the service make up which stage."""
    watch.listen(owner=plan, name="plan_due", stage="plan")
    for name in ("load_window", "load_trending", "load_sent", "_with_interests"):
        watch.listen(owner=build, name=name, stage="load")
    for name in ("load_profiles", "load_background", "matching_space"):
        watch.listen(owner=match, name=name, stage="load")
    watch.listen(owner=_engine, name="read_papers", stage="papers")
    watch.listen(owner=matching, name="set_scene", stage="gather", tell=tell)
    watch.listen(owner=_engine, name="forbidden", stage="gather")
    watch.listen(owner=_engine.Scene, name="passing", stage="score")
    watch.listen(owner=_engine, name="choose", stage="select")
    watch.listen(owner=match, name="pick", stage="select")
    watch.listen(owner=_engine.Ranking, name="explain_at", stage="explain")
    watch.listen(owner=build, name="_write", stage="store")
