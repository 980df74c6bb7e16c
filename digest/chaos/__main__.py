"""One run of chaos, in a process whose settings know nothing but the private servers: started by digest.chaos.apart."""

import json
import logging
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

django.setup()

from digest.chaos import rows, world  # noqa: E402 - models need Django
from digest.chaos.calendar import CHANGES, Timeline  # noqa: E402
from digest.chaos.clock import MachineClock, MovedClock, library  # noqa: E402
from digest.chaos.conductor import Conductor  # noqa: E402
from digest.chaos.fates import Fate, Fates  # noqa: E402
from digest.chaos.house import Clock, House  # noqa: E402
from digest.chaos.programs import Unavailable  # noqa: E402
from digest.chaos.sink import Sink  # noqa: E402
from digest.chaos.verdict import Evidence, Verdict, judge  # noqa: E402

ONE_DAY = timedelta(days=1)
SECONDS_A_READER = 0.4  # of a day, with everything that can go wrong in it
LEAST_PATIENCE_S, REAL_PATIENCE_S = 150.0, 1800.0  # of a day: with a clock that is stepped, and with the machine's


def main(words: Sequence[str]) -> int:
    """Run, and print the verdict as JSON."""
    wanted = _parse(words)
    logging.getLogger("digest.chaos").setLevel(logging.WARNING)
    try:
        print(json.dumps(run(wanted)))  # noqa: T201 - read by who started this process
    except Unavailable as error:
        print(json.dumps({"unavailable": str(error)}))  # noqa: T201
    return 0


def run(wanted: Namespace) -> dict[str, Any]:
    """Open a house, play its days, judge. Raises: Unavailable when a server cannot be had."""
    began = time.perf_counter()
    _refuse_other_databases(wanted.postgres_port)
    clock, timeline = _time(wanted)
    ports = {"postgres_port": wanted.postgres_port, "redis_port": wanted.redis_port}
    house = House(folder=wanted.folder, clock=clock, **ports)
    call_command("migrate", verbosity=0)
    readers = world.invent(number=wanted.readers, seed=wanted.seed, timeline=timeline)
    world.save_readers(readers=readers, now=timeline.begins[0])
    sink = Sink(port=wanted.smtp_port, fates=Fates(seed=wanted.seed))
    house.open()
    least_s = LEAST_PATIENCE_S if isinstance(clock, MovedClock) else REAL_PATIENCE_S
    patience_s = max(wanted.readers * SECONDS_A_READER, least_s)
    conductor = Conductor(
        house=house, sink=sink, readers=readers, timeline=timeline, seed=wanted.seed, patience_s=patience_s
    )
    _play(conductor)
    verdict = judge(_evidence(conductor))
    house.close()
    sink.stop()
    connection.close()  # PostgreSQL waits for it before it ends
    return report(wanted=wanted, conductor=conductor, verdict=verdict, seconds=time.perf_counter() - began)


def report(*, wanted: Namespace, conductor: Conductor, verdict: Verdict, seconds: float) -> dict[str, Any]:
    """Put everything that is printed together."""
    house, book = conductor.house, conductor.sink.book
    stepped = isinstance(house.clock, MovedClock)
    done = Fate.CUT_BEFORE_DOT, Fate.CUT_AFTER_DOT
    return {
        "readers": wanted.readers,
        "seed": wanted.seed,
        "clock": f"stepped over {conductor.timeline.change:%Y-%m-%d %H:%M} UTC" if stepped else "not stepped",
        "due": verdict.ends.total() + verdict.lost_because["never planned"],
        "accepted": verdict.accepted,
        "maybe_accepted": verdict.maybe_accepted,
        "lost": verdict.lost,
        "twice": verdict.twice,
        "unasked": verdict.unasked,
        "unknown": verdict.ends["unknown"],
        "cut": {fate.name.lower(): book.count(fate) for fate in done}
        | {"in_hand_at_a_kill": sum(map(len, conductor.in_hand.values()))},
        "ends": dict(verdict.ends),
        "lost_because": dict(verdict.lost_because),
        "faults": {fate.name.lower(): book.count(fate) for fate in Fate if fate not in {Fate.TAKEN, *done}},
        "strikes": {deed.name.lower(): times for deed, times in house.done.items()},
        "ended_by_themselves": dict(house.died),
        "seconds": round(seconds, 1),
    }


def _play(conductor: Conductor) -> None:
    if isinstance(conductor.house.clock, MachineClock):
        conductor.play(day=1)
        return
    conductor.play(day=1)
    conductor.play(day=2)
    conductor.wait_for_more()


def _evidence(conductor: Conductor) -> Evidence:
    begins, until = conductor.timeline.begins, conductor.house.clock.now()
    return Evidence(
        promised=world.promised(readers=conductor.readers, since=begins[0], until=until),
        second_day=begins[1],
        rows=rows.ledger(),
        book=conductor.sink.book,
        fates=conductor.sink.fates,
        in_hand=conductor.in_hand,
        plays_on=isinstance(conductor.house.clock, MovedClock),
    )


def _time(wanted: Namespace) -> tuple[Clock, Timeline]:
    """Choose a change of the clocks by the seed; where the clock cannot be stepped, the hours that have just passed."""
    if library() is None:
        this_hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        return MachineClock(), Timeline(change=this_hour + ONE_DAY)
    timeline = Timeline(change=CHANGES[wanted.seed % len(CHANGES)])
    return MovedClock(folder=wanted.folder, shows=timeline.begins[0]), timeline


def _refuse_other_databases(port: int) -> None:
    own = settings.DATABASES["default"]
    if (own["HOST"], str(own["PORT"])) != ("127.0.0.1", str(port)):
        raise Unavailable("This process knows another database than its private one: start it by manage.py chaos.")


def _parse(words: Sequence[str]) -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    for name in ("--readers", "--seed", "--postgres-port", "--redis-port", "--smtp-port"):
        parser.add_argument(name, type=int, required=True)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
