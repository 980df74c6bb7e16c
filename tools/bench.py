"""How long a day takes on this machine: invented papers and readers, a private PostgreSQL, mails into files.

BENCH_READERS and BENCH_PAPERS say how many. The seed is fixed, so two runs do the same work.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import django
from django.core.management import call_command

from tests import servers
from tests.environment import TEST_ENVIRONMENT

READERS = int(os.environ.get("BENCH_READERS", "1000"))
PAPERS = int(os.environ.get("BENCH_PAPERS", "2000"))
CATEGORIES = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "math.CO", "physics.optics", "q-bio.NC", "stat.ML")
dice = random.Random(2026)  # noqa: S311 - the same invented words every time, no secret
WORDS = ["".join(dice.choice(("ba", "ke", "li", "mo", "nu", "ra", "sti", "ver")) for _ in range(3)) for _ in range(400)]


def main() -> None:
    """Prepare a database, run the stages of a day, print what each took."""
    outbox = servers.temporary_folder(name="bench-outbox")
    os.environ.update(TEST_ENVIRONMENT)
    os.environ.update({"DATABASE_URL": servers.start_postgres(), "EMAIL_FILE_DIR": str(outbox), "LOG_LEVEL": "WARNING"})
    os.environ["DJANGO_SETTINGS_MODULE"] = "digest.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    seed()
    day()


def seed() -> None:
    """Invent papers first seen today, and readers with two interests each whose hour has come."""
    from tests.builders import make_paper, make_reader

    with measured("invent papers", PAPERS):
        for _ in range(PAPERS):
            make_paper(
                title=words(8),
                abstract=words(150),
                categories=dice.sample(CATEGORIES, 2),
                signals={"huggingface_upvotes": dice.random() * 50},
            )
    with measured("invent readers", READERS):
        for _ in range(READERS):
            make_reader(
                profiles=[
                    {"keywords": [words(1), words(2)], "categories": dice.sample(CATEGORIES, 1)} for _ in range(2)
                ]
            )


def day() -> None:
    """Plan, match and build, deliver: chunk by chunk, as the tasks do."""
    from digest.mail.delivery import deliver
    from digest.pipeline.build import build
    from digest.pipeline.plan import plan_due
    from digest.pipeline.trending import rank_trending
    from tests.builders import NOW

    with measured("rank trending papers", PAPERS):
        rank_trending(now=NOW)
    planned: list[tuple[int, ...]] = []
    with measured("plan", READERS):
        while (report := plan_due(now=NOW)).readers:
            planned.append(report.digest_ids)
    with measured("match and build", READERS):
        for digest_ids in planned:
            build(digest_ids=digest_ids, now=NOW)
    with measured("render and deliver", READERS):
        repeat(lambda: deliver(delivery_ids=None, now=NOW).total)


def repeat(work: Callable[[], int]) -> None:
    """Call `work` until it finds nothing to do."""
    while work():
        pass


def words(number: int) -> str:
    """Invent a few words."""
    return " ".join(dice.choices(WORDS, k=number))


@contextmanager
def measured(what: str, count: int) -> Iterator[None]:
    """Print how long the block took, and how many a second that is."""
    began = time.perf_counter()
    yield
    seconds = time.perf_counter() - began
    print(f"{what:<22} {count:>8} in {seconds:7.2f} s  {count / seconds:>10.0f} a second", flush=True)


if __name__ == "__main__":
    main()
