"""The bench of a match, on a real PostgreSQL with real workers; tiny."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from digest.bench.fill import fill
from digest.bench.stopwatch import Stopwatch
from digest.models import Digest, DigestItem

pytestmark = pytest.mark.django_db(transaction=True)


def picked() -> list[tuple[int, int, int]]:
    """Who gets which paper in which place."""
    rows = DigestItem.objects.filter(section="matched").order_by("subscriber_id", "position")
    return list(rows.values_list("subscriber_id", "position", "paper_id"))


def bench(**options: int) -> dict[str, object]:
    """Run the command and read its last line."""
    out = StringIO()
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    call_command("bench", "match", *words, stdout=out)
    return dict(json.loads(out.getvalue().splitlines()[-1]))


@pytest.mark.postgres
def test_one_worker_and_four_pick_the_same_and_each_digest_is_built_once() -> None:
    size = {"profiles": 200, "papers": 60, "chunk": 25}
    said = bench(workers=1, **size)
    alone = picked()
    call_command("flush", verbosity=0, interactive=False)

    bench(workers=4, **size)

    assert picked() == alone
    assert (said["readers"], said["profiles"]) == (150, 200)
    assert Digest.objects.filter(status="planned").count() == 0
    assert {"seconds", "stage_peak_mb", "peak_mb", "pairs_per_second", "floors", "ratios"} <= set(said)


@pytest.mark.postgres
def test_a_database_that_holds_readers_is_left_alone() -> None:
    fill(papers=1, profiles=1)

    with pytest.raises(CommandError, match="an empty one"):
        bench(profiles=1)


@pytest.mark.sqlite
def test_without_postgresql_it_says_what_it_needs() -> None:
    with pytest.raises(CommandError, match="needs PostgreSQL"):
        bench(profiles=1)


def test_a_stage_inside_another_is_counted_once() -> None:
    watch = Stopwatch()
    watch.enter("outer")
    watch.enter("inner")
    watch.leave()
    watch.leave()

    assert set(watch.seconds) == {"outer", "inner"}
    assert all(seconds >= 0 for seconds in watch.seconds.values())
