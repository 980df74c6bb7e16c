"""Fills the database, lets real workers empty it round by round, and measures the other ways between the rounds."""

import json
import logging
import os
import smtplib
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import connection

from digest.bench.measure import address
from digest.bench.sending import machine
from digest.bench.sending.fill import call_up, fill
from digest.bench.sending.floors import KINDS
from digest.bench.sending.sink import COUNT
from digest.bench.sending.worker import FOLDER
from digest.errors import PermanentError
from digest.models import Delivery, Paper
from subscriptions.models import Subscriber

log = logging.getLogger(__name__)

POLL_S = 0.1
LONGEST_ROUND_S = 3_600
EARLY = 0.2  # of all mails: by then a worker holds what it will hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    readers: int
    workers: int
    rounds: int
    lanes: int
    beside: int


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was seen of the workers: seconds of each round, memory by share of the mails that had left."""

    rounds: list[tuple[int, float]] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    cpu: Counter[str] = field(default_factory=Counter)


def measure(size: Size) -> dict[str, Any]:
    """Measure sending in an empty database.

    Raises: PermanentError when the database is no empty PostgreSQL, or there is no Redis.
    """
    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        raise PermanentError("This bench needs PostgreSQL and Redis: real workers send the mails.")
    if Subscriber.objects.exists() or Paper.objects.exists():
        raise PermanentError("The bench fills a database with invented readers: give it an empty one.")
    fill(readers=size.readers, now=datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="postprint-bench-") as folder, _sink() as port:
        env = _env(port, folder)
        seen, beside = _in_turn(size, env, port)
        return _report(size, seen, beside, folder)


@contextmanager
def _sink() -> Iterator[int]:
    process = machine.start(["django", "bench", "sink"], env={**_names(), "LOG_LEVEL": "WARNING"})
    try:
        yield int(machine.line_of(process))
    finally:
        machine.stop(process)


def _names() -> dict[str, str]:
    return {"DATABASE_URL": address(), "DJANGO_SETTINGS_MODULE": "digest.settings"}


def _env(port: int, folder: str) -> dict[str, str]:
    mail = {"EMAIL_PROVIDER": "smtp", "EMAIL_URL": f"smtp://127.0.0.1:{port}", "LOG_LEVEL": "WARNING"}
    return {**_names(), **mail, "REDIS_URL": settings.REDIS_URL, FOLDER: folder}


def _in_turn(size: Size, env: dict[str, str], port: int) -> tuple[Seen, dict[str, list[float]]]:
    """Send a part of the mails by the workers, then some in each other way, then the next part."""
    seen = Seen()
    beside: dict[str, list[float]] = {kind: [] for kind in (*KINDS, "post_office")}
    options = ["--concurrency", str(size.workers), "--loglevel", "WARNING"]
    lanes = {"EMAIL_LANES": str(size.lanes)} if size.lanes else {}
    workers = machine.start(["celery", "-A", "digest.bench.sending.worker", "worker", *options], env={**env, **lanes})
    try:
        for number in range(size.rounds):
            share = size.readers // size.rounds
            ids = call_up(most=share)
            for kind in KINDS:
                beside[kind].append(_beside(kind, ids[: size.beside], size.workers, env))
            beside["post_office"].append(_post_office(ids[: size.beside], size.workers, env))
            _round(workers.pid, ids, number / size.rounds, seen, size, port)
            log.info("Round %d: %s, beside %s", number + 1, seen.rounds[-1], {k: v[-1] for k, v in beside.items()})
    finally:
        machine.stop(workers)
    return seen, beside


def _round(workers: int, ids: Sequence[UUID], done: float, seen: Seen, size: Size, port: int) -> None:
    """Ring for one part of the mails and watch the workers until it has left."""
    before, cpu, began = _count(port), _cpu(workers), time.perf_counter()
    current_app.send_task("digest.tasks.sweep")
    while (left := (before + len(ids)) - _count(port)) > 0:
        if time.perf_counter() - began > LONGEST_ROUND_S:
            raise PermanentError(f"{left} mails did not leave in time.")
        time.sleep(POLL_S)
        held = max((machine.held_mb(pid=pid) for pid in machine.children(of=workers)), default=0.0)
        seen.memory.append((done + (len(ids) - left) / size.readers, held))
    on_its_way = Delivery.objects.filter(pk__in=ids).exclude(status=Delivery.Status.SENT)
    while on_its_way.exists():
        time.sleep(POLL_S / 10)
    seen.rounds.append((len(ids), time.perf_counter() - began))
    seen.cpu.update({name: took - cpu[name] for name, took in _cpu(workers).items()})


def _cpu(workers: int) -> dict[str, float]:
    return {"workers": machine.cpu_s(pids=machine.children(of=workers))}


def _count(port: int) -> int:
    with smtplib.SMTP("127.0.0.1", port) as client:
        return int(client.docmd(COUNT.decode())[1].split()[0])


def _beside(kind: str, ids: Sequence[UUID], processes: int, env: dict[str, str]) -> float:
    """Send some mails in another way. Returns: mails a second."""
    parts = [ids[number::processes] for number in range(processes)]
    running = [machine.start(["django", "bench", "floor", "--kind", kind], env=env) for _ in parts]
    for process, part in zip(running, parts, strict=True):
        machine.tell(process, json.dumps([str(each) for each in part]))
    if [machine.line_of(process) for process in running] != ["ready"] * processes:
        raise PermanentError(f"The floor {kind} could not be measured; its own words stand above.")
    for process in running:
        machine.tell(process, "go")
    took = [float(machine.line_of(process)) for process in running]
    for process in running:
        process.wait()
    return len(ids) / max(took)


def _post_office(ids: Sequence[UUID], processes: int, env: dict[str, str]) -> float:
    settings_of_its_own = {**env, "DJANGO_SETTINGS_MODULE": "digest.bench.sending.post_office_settings"}
    words = ["django", "bench", "floor", "--kind", "post_office", "--processes", str(processes)]
    process = machine.start(words, env=settings_of_its_own)
    machine.tell(process, json.dumps([str(each) for each in ids]))
    line = machine.line_of(process)
    if process.wait() or not line:
        raise PermanentError("post_office could not be measured; its own words stand above.")
    return len(ids) / float(line)


def _report(size: Size, seen: Seen, beside: dict[str, list[float]], folder: str) -> dict[str, Any]:
    rates = [number / took for number, took in seen.rounds]
    early = max((held for done, held in seen.memory if done <= EARLY), default=0.0)
    late = max(held for _, held in seen.memory[-20:])
    said = [json.loads(path.read_text("utf-8")) for path in Path(folder).glob("*.json")]
    seconds: Counter[str] = sum((Counter(each) for each in said), Counter())
    mails = sum(number for number, _ in seen.rounds)
    others = {kind: round(median(each)) for kind, each in beside.items()}
    return {
        "readers": size.readers,
        "workers": size.workers,
        "lanes": size.lanes or settings.EMAIL_LANES,
        "cores": os.cpu_count(),
        "digests_per_second": round(median(rates)),
        "rounds": [round(rate) for rate in rates],
        "beside": others,
        "ratios": {kind: round(median(rates) / rate, 2) for kind, rate in others.items()},
        "shares": {part: round(took / max(sum(seconds.values()), 1e-9), 3) for part, took in seconds.items()},
        "cpu_ms_a_mail": {name: round(1e3 * took / mails, 2) for name, took in seen.cpu.items()},
        "memory_mb": {
            "at_20_percent": round(early),
            "at_the_end": round(late),
            "peak": round(max(held for _, held in seen.memory)),
        },
        "synchronous_commit": _show("synchronous_commit"),
        "fsync": _show("fsync"),
    }


def _show(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])
