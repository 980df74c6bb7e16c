"""Fills the database, lets real workers empty it, and puts what they took beside the floors."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote

from django.db import connection

from digest.bench.fill import fill
from digest.bench.work import STAGES
from digest.errors import PermanentError
from digest.models import Paper
from subscriptions.models import Subscriber

SAMPLES = 20  # chunks beside which the floors are measured
READERS_PER_PROFILE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    profiles: int
    papers: int
    workers: int
    chunk: int


def measure(size: Size) -> dict[str, Any]:
    """Measure one match from the database to stored digests.

    Raises: PermanentError when the database is not an empty PostgreSQL.
    """
    if connection.vendor != "postgresql":
        raise PermanentError("The bench needs PostgreSQL: several workers and COPY.")
    if Subscriber.objects.exists() or Paper.objects.exists():
        raise PermanentError("The bench fills a database with invented readers: give it an empty one.")
    began = time.perf_counter()
    fill(papers=size.papers, profiles=size.profiles)
    filled_s = time.perf_counter() - began
    done = run_workers(size)
    return report(size=size, done=done, filled_s=filled_s, fit_s=_fit_s())


def run_workers(size: Size) -> list[dict[str, Any]]:
    """Start the workers as processes of their own, wait for them, and collect what they say."""
    chunks = size.profiles * READERS_PER_PROFILE / size.chunk / size.workers
    command = [sys.executable, "-m", "django", "bench", "work"]
    options = ["--chunk", str(size.chunk), "--sample-every", str(max(1, round(chunks / SAMPLES)))]
    threads = str(max(1, (os.cpu_count() or 1) // size.workers))
    names = {"DATABASE_URL": address(), "DJANGO_SETTINGS_MODULE": "digest.settings"}
    env = os.environ | names | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), threads)
    running = [
        subprocess.Popen([*command, *options], env=env, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
        for _ in range(size.workers)
    ]
    said = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise PermanentError("A worker of the bench failed; its own words stand above.")
    return [json.loads(text.splitlines()[-1]) for text in said]


def report(*, size: Size, done: Sequence[dict[str, Any]], filled_s: float, fit_s: float | None) -> dict[str, Any]:
    """Put what the workers did together. Seconds of stages are summed over the workers."""
    seconds = {stage: sum(each["seconds"][stage] for each in done) for stage in STAGES}
    wall_s = max(each["ended_at"] for each in done) - min(each["began_at"] for each in done if each["began_at"])
    profiles, readers = sum(each["profiles"] for each in done), sum(each["readers"] for each in done)
    product_s = _scaled(done, "product_s", "sampled_profiles", profiles)
    rows_s = _scaled(done, "rows_s", "sampled_readers", readers)
    scored, stored_s = seconds["score"] + seconds["select"], sum(seconds.values()) - seconds["plan"]
    return {
        "profiles": profiles,
        "readers": readers,
        "papers": size.papers,
        "workers": size.workers,
        "chunk": size.chunk,
        "items": max(each["items"] for each in done),
        "fill_s": round(filled_s, 1),
        "seconds": {stage: round(took, 3) for stage, took in seconds.items()},
        "stage_peak_mb": {stage: round(max(each["stage_peak_mb"][stage] for each in done)) for stage in STAGES},
        "wall_s": round(wall_s, 2),
        "wall_s_holds_floors_s": round(sum(each["product_s"] + each["rows_s"] for each in done) / len(done), 2),
        "pairs_per_second": round(profiles * size.papers / max(stored_s / len(done), 1e-9)),
        "peak_mb": round(max(each["peak_mb"] for each in done)),
        "grown_mb": round(max(each["grown_mb"] for each in done)),
        "floors": {
            "product_s": round(product_s, 3),
            "rows_s": round(rows_s, 3),
            "fit_a_reader_s": fit_s,
            "fit_all_s": None if fit_s is None else round(fit_s * profiles),
        },
        "ratios": {
            "score_select_to_product": _ratio(scored, product_s),
            "gather_score_select_to_product": _ratio(scored + seconds["gather"], product_s),
            "stored_to_rows": _ratio(stored_s, rows_s),
            "fit_to_scored": None if fit_s is None else _ratio(fit_s * profiles, scored),
            "fit_to_gathered_and_scored": None
            if fit_s is None
            else _ratio(fit_s * profiles, scored + seconds["gather"]),
            "fit_to_stored": None if fit_s is None else _ratio(fit_s * profiles, stored_s),
        },
    }


def _scaled(done: Sequence[dict[str, Any]], what: str, per: str, total: int) -> float:
    sampled = sum(each[per] for each in done)
    return float(sum(each[what] for each in done) * total / max(sampled, 1))


def _ratio(took: float, floor: float) -> float:
    return round(took / max(floor, 1e-9), 2)


def _fit_s() -> float | None:
    """Measure a classifier for each reader where the library for it is installed."""
    return round(import_module("digest.bench.per_reader").seconds_per_fit(), 4) if find_spec("sklearn") else None


def address() -> str:
    """Name the database of this process for another one."""
    own = connection.settings_dict
    password = f":{quote(own['PASSWORD'])}" if own["PASSWORD"] else ""
    return f"postgres://{quote(own['USER'])}{password}@{own['HOST']}:{own['PORT'] or 5432}/{own['NAME']}"
