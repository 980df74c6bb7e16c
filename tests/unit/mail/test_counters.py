"""The shared page, in Redis and in one process: one worker at a time, and honest when it is gone."""

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from redis import Redis

from digest.chaos.servers import redis_binary
from digest.mail.counters import KEY, Counters, CountersGone, LocalCounters, RedisCounters, counters
from digest.mail.limits import Limits, Provider
from digest.mail.throttle import FIRST_PAUSE_S, Page, Turns, hear, take
from tests.servers import Program, free_port
from tests.threads import at_once

TURNS = 200
NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)  # not the builders': a process started here has no models


@pytest.fixture(params=["redis", "local"])
def shared(request: pytest.FixtureRequest) -> Iterator[Counters]:
    """Each kind of page, empty."""
    if request.param == "local":
        yield LocalCounters()
        return
    page = RedisCounters(url=request.getfixturevalue("redis_url"))
    page.client.delete(KEY)
    yield page
    page.client.delete(KEY)
    page.client.close()


def count(page: Page) -> int:
    page.total += 1
    return page.total


def count_often(url: str) -> None:
    shared = RedisCounters(url=url)
    for _ in range(TURNS):
        shared.change(count)


def start_redis(*, port: int) -> Program:
    command: list[str | Path] = [redis_binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    return Program(command=command, ready="Ready to accept connections")


def test_what_one_worker_writes_the_next_one_reads(shared: Counters) -> None:
    assert [shared.change(count) for _ in range(3)] == [1, 2, 3]


def test_who_only_reads_changes_nothing(shared: Counters) -> None:
    shared.change(count)

    shared.read().total = 9

    assert (shared.read().total, shared.change(count)) == (1, 2)


def test_of_many_threads_each_gets_a_number_of_its_own(shared: Counters) -> None:
    found = at_once(workers=8, do=lambda: [shared.change(count) for _ in range(10)])

    assert sorted(number for numbers in found for number in numbers) == list(range(1, 81))


def test_of_two_processes_none_overwrites_the_other(redis_url: str) -> None:
    shared = RedisCounters(url=redis_url)
    shared.client.delete(KEY)
    workers = [multiprocessing.get_context("spawn").Process(target=count_often, args=(redis_url,)) for _ in range(2)]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert shared.change(lambda page: page.total) == 2 * TURNS
    shared.client.close()


def test_of_many_workers_one_tries_a_paused_provider_out(shared: Counters) -> None:
    post = Provider(name="post", backend="", limits=Limits(errors_in_a_row=1))
    after = NOW + timedelta(seconds=FIRST_PAUSE_S)
    shared.change(lambda page: hear(page=page, provider=post, went_well=False, now=NOW))

    def ask(page: Page) -> Turns:
        page.ceiling = 100
        return take(page=page, provider=post, most=25, now=after)

    found = at_once(workers=8, do=lambda: shared.change(ask))

    assert sorted(turns.count for turns in found) == [0] * 7 + [1]


def test_of_many_workers_none_gets_more_than_the_day_has(shared: Counters) -> None:
    post = Provider(name="post", backend="", limits=Limits(per_day=50))

    def ask(page: Page) -> Turns:
        page.ceiling = 1000
        return take(page=page, provider=post, most=4, now=NOW)

    found = at_once(workers=8, do=lambda: [shared.change(ask).count for _ in range(5)])

    assert sum(map(sum, found)) == 50


def test_a_page_that_nobody_can_read_is_begun_anew(redis_url: str) -> None:
    shared = RedisCounters(url=redis_url)
    shared.client.set(KEY, b"of another version")

    assert shared.change(count) == 1
    shared.client.close()


def test_without_redis_nobody_knows_and_with_it_back_all_goes_on() -> None:
    port = free_port()
    server = start_redis(port=port)
    shared = RedisCounters(url=f"redis://127.0.0.1:{port}/0")
    shared.change(count)

    server.kill()
    with pytest.raises(CountersGone):
        shared.change(count)
    again = start_redis(port=port)

    assert shared.change(count) == 1
    again.stop()
    shared.client.close()


def test_a_redis_that_takes_no_writes_is_gone_too(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        client.set(KEY, b"{}")
        client.config_set("maxmemory", "1")
        try:
            with pytest.raises(CountersGone):
                RedisCounters(url=redis_url).change(count)
        finally:
            client.config_set("maxmemory", "0")
            client.delete(KEY)


def test_the_settings_choose_the_page_and_a_process_keeps_it(settings: LazySettings) -> None:
    settings.REDIS_URL = ""
    local = counters()
    settings.REDIS_URL = "redis://127.0.0.1:9/0"

    assert isinstance(counters(), RedisCounters)
    settings.REDIS_URL = ""
    assert counters() is local
