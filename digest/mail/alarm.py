"""A pull of the emergency brake -> one mail to each of those who may lift it. The brake itself does not hold it.

A pull is claimed before it is mailed, so of many workers one tells; when no provider takes the mail, the claim is
given back and the next minute tries again.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from digest.mail.outcome import Outcome, Verdict, without_addresses
from digest.mail.route import providers
from digest.mail.wire import Wire
from digest.models import Delivery, SendingStop
from subscriptions.emails import compose
from subscriptions.errors import InvalidAddress
from subscriptions.marks import fit

log = logging.getLogger(__name__)

MAY_LIFT = "digest.change_sendingstop"
MOST_WAITING = 10_000  # mails that are counted for the alarm; more is said as "more than"
NOT_LEFT = frozenset({Verdict.DOWN, Verdict.LATER, Verdict.REFUSED})


def tell_staff(*, now: datetime) -> int:
    """Mail every standing pull of the brake of which staff have not been told. Returns: how many pulls were told of."""
    untold = SendingStop.objects.filter(lifted_at__isnull=True, told_at__isnull=True)
    return sum(_tell(stop) for stop in untold.order_by("pulled_at") if _claim(stop, now))


def whom() -> tuple[str, ...]:
    """List the addresses of those who may lift the brake; when nobody with an address may, CONTACT_EMAIL."""
    users = get_user_model()._default_manager.with_perm(MAY_LIFT, backend="django.contrib.auth.backends.ModelBackend")
    staff = users.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk")
    found = tuple(dict.fromkeys(staff.values_list("email", flat=True)))
    return found or tuple(filter(None, [settings.CONTACT_EMAIL]))


def _claim(stop: SendingStop, now: datetime) -> bool:
    return SendingStop.objects.filter(pk=stop.pk, told_at__isnull=True).update(told_at=now) == 1


def _tell(stop: SendingStop) -> bool:
    addresses = whom()
    if not addresses:
        log.error("Nobody can be told of the emergency brake: no staff has an address, and CONTACT_EMAIL is empty")
    outcomes = [_hand_over(message) for message in _messages(stop, addresses)]
    if outcomes and all(outcome.verdict in NOT_LEFT for outcome in outcomes):
        log.error("Staff could not be told of the emergency brake by mail: %s", outcomes[0].reason)
        SendingStop.objects.filter(pk=stop.pk).update(told_at=None)
        return False
    return bool(outcomes)


def _messages(stop: SendingStop, addresses: Iterable[str]) -> Iterable[EmailMultiAlternatives]:
    for to in addresses:
        try:
            yield _write(stop, to)
        except InvalidAddress:
            log.warning("A member of staff has an address that cannot be mailed")  # which one, the admin shows


def _write(stop: SendingStop, to: str) -> EmailMultiAlternatives:
    return compose(
        template="stopped",
        context={
            "since": f"{stop.pulled_at.day} {stop.pulled_at:%B %Y, %H:%M} UTC",
            "reason": without_addresses(text=stop.reason),
            "waiting": _waiting(),
            "link": f"{settings.SITE_URL}{reverse('admin:digest_sendingstop_changelist')}",
        },
        to=to,
        message_id=str(uuid5(NAMESPACE_URL, f"stop {stop.pk} {stop.pulled_at.isoformat()} {to}")),
        headers={},
    )


def _waiting() -> str:
    n = Delivery.objects.filter(status=Delivery.Status.QUEUED).values("pk")[: MOST_WAITING + 1].count()
    if n > MOST_WAITING:
        return f"More than {MOST_WAITING:,} mails wait"
    return {0: "No mail waits yet", 1: "1 mail waits"}.get(n, f"{n:,} mails wait")


def _hand_over(message: EmailMultiAlternatives) -> Outcome:
    """Try each provider until one takes it; the limits are for digests, and this is one mail."""
    outcome = Outcome(verdict=Verdict.DOWN)
    for provider in providers():
        fit(message=message, backend=provider.backend)
        with Wire(provider=provider) as wire:
            outcome = wire.hand_over(message=message)
        if outcome.verdict not in NOT_LEFT:
            break
    return outcome
