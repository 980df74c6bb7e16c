"""Real workers under one limit: what the receiving server sees, also when Redis dies in the middle and comes back."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from digest.chaos.servers import redis_binary
from digest.models import Delivery
from tests.functional.smtp_server import SmtpServer
from tests.servers import Program, free_port
from tests.unit.mail.rows import make_delivery
from tests.waiting import until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PER_SECOND = 20
SLACK = 2  # mails that left in time and were a moment longer on their way


class Watched(SmtpServer):
    """A server that remembers when each mail came."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[datetime] = []
        postbox: Any = self.postbox
        keep = postbox.handle_DATA

        async def handle(*args: Any) -> str:
            self.times.append(datetime.now(UTC))
            return str(await keep(*args))

        postbox.handle_DATA = handle

    @property
    def most_in_a_second(self) -> int:
        """Count the mails of the busiest second."""
        return max(sum(0 <= (other - each).total_seconds() < 1 for other in self.times) for each in self.times)

    @property
    def recipients(self) -> Counter[str]:
        """Count the mails of each reader."""
        return Counter(address for envelope in list(self.postbox.taken) for address in envelope.rcpt_tos)


@pytest.fixture
def server() -> Iterator[Watched]:
    found = Watched()
    found.start()
    yield found
    found.stop()


@pytest.fixture
def variables(server: Watched) -> dict[str, str]:
    """What both workers are started with: the watched server, and a Redis of their own."""
    return {
        "EMAIL_PROVIDER": "smtp",
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "EMAIL_PER_SECOND": str(PER_SECOND),
    }


def start_redis(*, port: int) -> Program:
    command: list[str | Path] = [redis_binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    return Program(command=command, ready="Ready to accept connections")


def make_deliveries(n: int) -> list[str]:
    now = datetime.now(UTC)
    return [str(make_delivery(created_at=now).pk) for _ in range(n)]


def ring(ids: list[str], *, url: str) -> None:
    """Give each of two workers half of the mails."""
    for half in (ids[::2], ids[1::2]):
        Celery("ring", broker=url).send_task("digest.tasks.deliver", args=[half])


def sent() -> int:
    return Delivery.objects.filter(status=Delivery.Status.SENT).count()


def test_two_workers_keep_to_one_limit(
    server: Watched, variables: dict[str, str], celery_worker_process: Callable[..., Program]
) -> None:
    port = free_port()
    redis = start_redis(port=port)
    url = f"redis://127.0.0.1:{port}/0"
    ids = make_deliveries(3 * PER_SECOND)
    for name in ("one", "two"):
        celery_worker_process(name=name, REDIS_URL=url, **variables)

    ring(ids, url=url)
    until(lambda: sent() == len(ids), what="all mails")

    took_s = (max(server.times) - min(server.times)).total_seconds()
    assert server.most_in_a_second <= PER_SECOND * 1.1 + SLACK
    assert took_s < 2 * len(ids) / PER_SECOND
    assert set(server.recipients.values()) == {1}
    redis.stop()


def test_a_redis_that_dies_in_the_middle_means_waiting_and_its_return_goes_on_with_the_days_count(
    server: Watched,
    variables: dict[str, str],
    celery_worker_process: Callable[..., Program],
    celery_beat_process: Callable[..., Program],
) -> None:
    port = free_port()
    redis = start_redis(port=port)
    variables |= {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "EMAIL_PER_DAY": "70", "EMAIL_PER_SECOND": "10"}
    ids = make_deliveries(80)
    workers = [celery_worker_process(name=name, **variables) for name in ("one", "two")]
    ring(ids, url=variables["REDIS_URL"])
    until(lambda: len(server.times) > 10, what="the first mails")

    redis.kill()
    for worker in workers:
        worker.wait_for_line("Redis, which counts mails, cannot be reached")
    until(lambda: not Delivery.objects.filter(status=Delivery.Status.SENDING).exists(), what="the mail on its way")
    while_away = sent()
    redis = start_redis(port=port)
    celery_beat_process(**variables, BEAT_ONLY="sweep")
    until(lambda: sent() == 70, what="the day's mails", timeout_s=120)
    for worker in workers:
        worker.wait_for_line("limit of the day is used up", timeout_s=60)

    assert while_away < 60
    assert (len(server.recipients), set(server.recipients.values())) == (70, {1})
    assert Delivery.objects.filter(status=Delivery.Status.QUEUED).count() == 10
    redis.stop()
