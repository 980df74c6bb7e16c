"""A turnstile before each remote host, kept in the database so that all processes share it.

One request at a time, a pause after each, minutes of silence after a refusal, and no request at all after a 403
until a person lifts it. Each step is one conditional UPDATE: two processes cannot both pass.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import F, Q, QuerySet

from digest.errors import AccessDenied, TemporaryError
from digest.models import SourceGate
from digest.pipeline.clock import Clock

LEASE = timedelta(minutes=3)
"""A holder that has not left by then has died; longer than any request may take."""
LONGEST_WAIT = timedelta(minutes=1)
"""Whoever would have to wait longer for a turn comes back another time."""
LOOK_AGAIN = timedelta(seconds=1)
FIRST_BACKOFF = timedelta(minutes=2)
LONGEST_BACKOFF = timedelta(hours=4)
LONGEST_RETRY_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One process's way through the turnstile of a host."""

    host: str
    pause: timedelta
    clock: Clock
    holder: str = field(default_factory=lambda: uuid4().hex)

    def enter(self) -> None:
        """Wait for a turn and take it.

        Raises: AccessDenied after a 403 that nobody has lifted; TemporaryError when the turn is too far off.
        """
        now = self.clock.now()
        SourceGate.objects.get_or_create(host=self.host, defaults={"open_at": now})
        deadline = now + LONGEST_WAIT
        while not self._claim(now):
            wait = self._wait(now)
            if now + wait > deadline:
                raise TemporaryError(f"{self.host} is to be left alone until {now + wait:%Y-%m-%d %H:%M:%S} UTC.")
            self.clock.sleep(wait.total_seconds())
            now = self.clock.now()

    def leave(self, *, asked_to_wait: timedelta = timedelta()) -> None:
        """Let the next one in after the pause, or later where the host asked for it; earlier refusals are forgotten."""
        wait = max(self.pause, min(asked_to_wait, LONGEST_RETRY_AFTER))
        self._mine().update(holder="", held_until=None, failures=0, open_at=self.clock.now() + wait)

    def back_off(self, *, retry_after: timedelta | None) -> timedelta:
        """Close the gate for minutes, twice as long after each refusal, or for as long as the host asked."""
        failures = self._mine().values_list("failures", flat=True).first() or 0
        wait: timedelta = min(FIRST_BACKOFF * 2 ** min(failures, 10), LONGEST_BACKOFF)
        if retry_after is not None:
            wait = max(wait, min(retry_after, LONGEST_RETRY_AFTER))
        self._mine().update(holder="", held_until=None, failures=F("failures") + 1, open_at=self.clock.now() + wait)
        return wait

    def deny(self) -> None:
        """Close the gate until a person opens it."""
        self._mine().update(holder="", held_until=None, denied_at=self.clock.now())

    def _claim(self, now: datetime) -> bool:
        free = Q(holder="") | Q(held_until__lte=now) | Q(held_until__isnull=True)
        open_rows = SourceGate.objects.filter(free, host=self.host, open_at__lte=now, denied_at__isnull=True)
        return open_rows.update(holder=self.holder, held_until=now + LEASE) == 1

    def _wait(self, now: datetime) -> timedelta:
        """Say how long to wait before the next try."""
        gate = SourceGate.objects.get(host=self.host)
        if gate.denied_at is not None:
            raise AccessDenied(
                f"{self.host} answered 403 on {gate.denied_at:%Y-%m-%d at %H:%M} UTC. No request is made until a person"
                " has found out why and lifts it in the admin, under source gates."
            )
        return max(gate.open_at - now, LOOK_AGAIN)

    def _mine(self) -> QuerySet[SourceGate]:
        # A holder whose lease ran out may find somebody else inside: then this is nobody's row.
        return SourceGate.objects.filter(host=self.host, holder=self.holder)
