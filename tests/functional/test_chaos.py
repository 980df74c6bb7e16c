"""A small chaos: servers and workers are killed while two days' digests are mailed. See digest/chaos."""

from pathlib import Path

import pytest

from digest.chaos import clock
from digest.chaos.apart import run_apart
from tests.conftest import cannot_run

pytestmark = pytest.mark.postgres  # it needs its server's programs, and starts a server of its own

READERS = 40


def test_no_digest_is_lost_and_none_is_sent_twice_whatever_dies(tmp_path: Path) -> None:
    if clock.library() is None:
        cannot_run(clock.MISSING)

    report = run_apart(readers=READERS, seed=1, logs=tmp_path)

    print(report)  # shown when the test has failed
    assert (report["lost"], report["twice"], report["unasked"]) == (0, 0, 0)
    assert report["accepted"] > READERS
    assert report["clock"].startswith("stepped over")
    assert set(report["strikes"]) >= {"kill_worker", "kill_beat", "flush_redis", "kill_redis", "crash_postgres"}
