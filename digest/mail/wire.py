"""One connection to the provider, kept open for many mails and renewed when it breaks."""

import logging
import time
from types import TracebackType
from typing import Self

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from digest.mail.limits import Provider
from digest.mail.outcome import Outcome, Verdict, read_error, read_status

log = logging.getLogger(__name__)

IDLE_S = 20.0  # then it is renewed: servers hang up after 30 seconds to 5 minutes, and some do so in silence


class Wire:
    """Hands mails over, one at a time; raises nothing, whatever the provider does."""

    def __init__(self, *, provider: Provider | None = None) -> None:
        """Talk to a provider: the main one of the settings unless another is given."""
        self.provider = provider
        self.connection: BaseEmailBackend | None = None
        self.used_at = 0.0  # on the machine's running clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def hand_over(self, *, message: EmailMessage) -> Outcome:
        """Give one mail to the provider and say what came of it.

        A kept connection may have been closed by the other side since the last mail: then, and only when nothing
        was handed over, one more try is made over a new one.
        """
        if self.connection is not None and time.monotonic() - self.used_at > IDLE_S:
            self.close()
        kept = self.connection is not None
        outcome = self._try(message)
        if kept and outcome.verdict is Verdict.DOWN:
            outcome = self._try(message)
        self.used_at = time.monotonic()
        return outcome

    def close(self) -> None:
        """Close the connection, if there is one; how that goes changes nothing."""
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception as error:  # noqa: BLE001 - every provider has errors of its own, and all mails are settled
                log.info("Closing the provider's connection failed: %s", type(error).__name__)

    def _try(self, message: EmailMessage) -> Outcome:
        try:
            connection = self._open()
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing has been handed over
            self.close()
            reason = f"no connection: {read_error(error=error).reason}"
            return Outcome(verdict=Verdict.DOWN, reason=reason, providers_fault=True)
        return self._send(message, connection)

    def _open(self) -> BaseEmailBackend:
        if self.connection is None:
            backend, options = (self.provider.backend, self.provider.options) if self.provider else (None, {})
            self.connection = get_connection(backend, **options)
            self.connection.open()
        return self.connection

    def _send(self, message: EmailMessage, connection: BaseEmailBackend) -> Outcome:
        try:
            taken = connection.send_messages([message])
        except Exception as error:  # noqa: BLE001 - read_error knows them all; an unknown one is LOST
            outcome = read_error(error=error)
            if outcome.verdict in {Verdict.DOWN, Verdict.LOST}:
                self.close()
            return outcome
        if not taken:
            return Outcome(verdict=Verdict.REFUSED, reason="the provider's backend took no mail")
        ours = str(message.extra_headers["Message-ID"])
        return read_status(status=getattr(message, "anymail_status", None), message_id=ours)


class Wires:
    """The open connections of one thread, one a provider."""

    def __init__(self) -> None:
        self._wires: dict[str, Wire] = {}

    def to(self, *, provider: Provider) -> Wire:
        """Find the connection to a provider, or begin one; one that was made with other settings is closed."""
        wire = self._wires.get(provider.name)
        if wire is None or wire.provider != provider:
            if wire is not None:
                wire.close()
            wire = self._wires[provider.name] = Wire(provider=provider)
        return wire

    def close(self) -> None:
        """Close them all."""
        for wire in self._wires.values():
            wire.close()
