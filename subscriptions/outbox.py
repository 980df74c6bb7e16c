"""Mails about the subscription: QUEUED -> SENDING -> SENT, or FAILED with the reason.

QUEUED -> SENDING   claimed by one conditional UPDATE, committed before the provider is called
SENDING -> QUEUED   the provider said "later": not before the back-off; or its worker died and a second copy is harmless
SENDING -> FAILED   the provider said "never", MOST_ATTEMPTS were made, or its worker died and a copy may have left
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from subscriptions import emails
from subscriptions.addresses import parse_address
from subscriptions.mail_errors import SENDING_ERRORS, AnswerLost, OnlyRehearsed, judge
from subscriptions.models import OutgoingMail
from subscriptions.selectors import standing_suppression

log = logging.getLogger(__name__)

STUCK_AFTER = timedelta(minutes=10)  # longer than a task may run: then its worker is dead
FIRST_BACK_OFF = timedelta(minutes=2)
LONGEST_BACK_OFF = timedelta(hours=4)
MOST_ATTEMPTS = 6
# A second copy of these is a small nuisance, a lost one keeps a person out.
SAFE_TO_REPEAT = (OutgoingMail.Kind.CONFIRM, OutgoingMail.Kind.MANAGE, OutgoingMail.Kind.RETURN)
Status = OutgoingMail.Status


def send_outgoing(*, now: datetime, limit: int = 100) -> int:
    """Send at most `limit` mails that are due, over one connection, and tell how many were handed over."""
    sweep_stuck(now=now)
    due = OutgoingMail.objects.filter(status=Status.QUEUED, not_before__lte=now).order_by("not_before", "pk")
    ids = list(due.values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    with _connection() as connection:
        if connection is None:
            return 0
        return sum(_send(pk, connection, now) for pk in ids if claim(pk=pk, now=now))


def claim(*, pk: int, now: datetime) -> bool:
    """Take a mail for this worker. Of any number of workers one gets True."""
    waiting = OutgoingMail.objects.filter(pk=pk, status=Status.QUEUED, not_before__lte=now)
    return waiting.update(status=Status.SENDING, claimed_at=now, attempts=F("attempts") + 1) == 1


def sweep_stuck(*, now: datetime) -> None:
    """Settle mails whose worker died while sending: nobody knows whether they left."""
    stuck = OutgoingMail.objects.filter(status=Status.SENDING, claimed_at__lt=now - STUCK_AFTER)
    stuck.filter(kind__in=SAFE_TO_REPEAT, attempts=1).update(status=Status.QUEUED, not_before=now)
    stuck.update(status=Status.FAILED, error="a worker died while sending it, so it may have left")


def _send(pk: int, connection: BaseEmailBackend, now: datetime) -> bool:
    mail = OutgoingMail.objects.select_related("subscriber").filter(pk=pk).first()
    if mail is None:  # its reader was erased a moment ago
        return False
    if _is_stopped(mail):
        _settle(mail, status=Status.FAILED, error="the address is suppressed")
        return False
    try:
        connection.send_messages([emails.build(mail=mail, now=now)])
    except OnlyRehearsed as rehearsal:
        _settle(mail, status=Status.FAILED, error=str(rehearsal))
        return False
    except AnswerLost:
        connection.close()
        return False  # it may have left: the row stays SENDING, as after a worker's death, and the sweep settles it
    except SENDING_ERRORS as error:
        connection.close()  # after an error the dialogue with the server may be out of step
        _put_off_or_give_up(mail, error, now)
        return False
    return _settle(mail, status=Status.SENT, sent_at=now, error="")


def _put_off_or_give_up(mail: OutgoingMail, error: Exception, now: datetime) -> None:
    verdict = judge(error=error)
    log.warning("Outgoing mail %s was not sent: %s", mail.pk, verdict.reason)
    if verdict.retry and mail.attempts < MOST_ATTEMPTS:
        back_off = min(FIRST_BACK_OFF * 2 ** (mail.attempts - 1), LONGEST_BACK_OFF)
        _settle(mail, status=Status.QUEUED, not_before=now + back_off, error=verdict.reason)
    else:
        _settle(mail, status=Status.FAILED, error=verdict.reason)


def _settle(mail: OutgoingMail, **fields: object) -> bool:
    """Move a mail on, unless a sweep has taken it away from this worker."""
    mine = OutgoingMail.objects.filter(pk=mail.pk, status=Status.SENDING, attempts=mail.attempts)
    return mine.update(**fields) == 1


def _is_stopped(mail: OutgoingMail) -> bool:
    """Tell whether a mail must not go out. The one that a suppressed reader has asked for may, unless staff said no."""
    stop = standing_suppression(address_key=_address_key(mail))
    asked_for = mail.kind == OutgoingMail.Kind.RETURN and stop is not None and stop.is_the_readers_to_lift
    return stop is not None and not asked_for


def _address_key(mail: OutgoingMail) -> str:
    return parse_address(mail.to).key if mail.to else mail.subscriber.address_key


@contextmanager
def _connection() -> Iterator[BaseEmailBackend | None]:
    """Keep one connection for all mails of a run; None when the provider is down, which costs no mail an attempt."""
    connection = get_connection(settings.OUTGOING_EMAIL_BACKEND)
    try:
        connection.open()
    except SENDING_ERRORS as error:
        log.error("No mail about subscriptions can be sent: %s", judge(error=error).reason)  # noqa: TRY400 - a traceback could name the reader
        yield None
        return
    try:
        yield connection
    finally:
        connection.close()
