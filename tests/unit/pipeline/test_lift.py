"""Opening the gate of a host that told us to stop."""

from datetime import datetime, timedelta

import pytest

from digest.models import SourceGate
from digest.pipeline.lift import lift_stop
from tests.unit.admin.rows import make_gate

pytestmark = pytest.mark.django_db


def test_a_lifted_host_may_be_asked_at_once(now: datetime) -> None:
    gate = make_gate(failures=4, open_at=now + timedelta(hours=4))

    lifted = lift_stop(hosts=[gate.host], now=now)

    gate.refresh_from_db()
    assert (lifted, gate.denied_at, gate.failures, gate.open_at) == (1, None, 0, now)


def test_lifting_twice_lifts_once(now: datetime) -> None:
    gate = make_gate()

    lifted = [lift_stop(hosts=[gate.host], now=now), lift_stop(hosts=[gate.host], now=now + timedelta(hours=1))]

    gate.refresh_from_db()
    assert (lifted, gate.open_at) == ([1, 0], now)


def test_a_host_that_only_asked_for_a_pause_keeps_it(now: datetime) -> None:
    gate = make_gate(denied_at=None, open_at=now + timedelta(hours=4))

    lift_stop(hosts=[gate.host], now=now)

    gate.refresh_from_db()
    assert gate.open_at == now + timedelta(hours=4)


def test_other_hosts_stay_closed(now: datetime) -> None:
    make_gate(host="one.example.org")

    lift_stop(hosts=["two.example.org"], now=now)

    assert SourceGate.objects.filter(denied_at__isnull=False).count() == 1
