"""What holds mails back, whoever they are for: the emergency brake from its rows, limits and pauses as they are now."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from digest.mail.outcome import without_addresses
from digest.mail.story.facts import Facts
from digest.mail.story.sentence import Sentence, counted, ended, utc
from digest.mail.story.turns import Refusal
from digest.mail.throttle import Why
from digest.models import SendingStop

LIFTED_BY = "staff lift it in the admin, under sending stops, or with manage.py brake --lift"


def holding(*, known: Facts) -> Iterator[Sentence]:
    """Tell of the brakes that stood while the mail waited, and why no provider takes it now."""
    if known.reader is None:
        return
    for stop in known.stops:
        yield from _brake(stop)
    if known.refusals is None:
        yield Sentence(at=known.now, words="Redis, which counts what may leave, cannot be reached: no mail leaves.")
    yield from (Sentence(at=known.now, words=_refusal(each, known.now)) for each in known.refusals or ())


def _brake(stop: SendingStop) -> Iterator[Sentence]:
    reason = ended(without_addresses(text=stop.reason))
    if stop.lifted_at is None:
        words = f"The emergency brake is on since then: {reason} No digest is sent until {LIFTED_BY}."
        yield Sentence(at=stop.pulled_at, words=words)
        return
    yield Sentence(at=stop.pulled_at, words=f"The emergency brake was pulled, so mails had to wait: {reason}")
    by = f" ({without_addresses(text=stop.lifted_by)})" if stop.lifted_by else ""
    yield Sentence(at=stop.lifted_at, words=f"Staff{by} lifted the emergency brake: mails left again.")


def _refusal(refusal: Refusal, now: datetime) -> str:
    instead = f" {refusal.another} sends in its place." if refusal.another else ""
    return f"{TELL[refusal.why](refusal, now)}{instead}"


def _closed(refusal: Refusal, now: datetime) -> str:
    again = utc(now + timedelta(seconds=refusal.wait_s))
    errors = counted(refusal.errors, "error")
    return f"{refusal.provider.name} is paused after {errors} in a row; one mail tries it out from {again} on."


def _day(refusal: Refusal, now: datetime) -> str:
    limits = refusal.provider.limits
    most = limits.most_on(day=now.date()) or 0
    is_new = most != limits.per_day
    why = f"its sending domain is new and warmed up slowly since {limits.warm_up_from}" if is_new else "its limit"
    tomorrow = utc(now + timedelta(seconds=refusal.wait_s))
    kept = ", some of them kept for mails about subscriptions" if refusal.handed < most else ""
    given = f"{refusal.provider.name} was given {counted(refusal.handed, 'mail')} today, and {most:,} is the most{kept}"
    return f"{given}: {why}. The rest leaves from {tomorrow} on."


def _pace(refusal: Refusal, _: datetime) -> str:
    pace = counted(refusal.provider.limits.per_second, "mail")
    return f"{refusal.provider.name} is given {pace} a second at most, and those before this one are leaving."


TELL = {Why.CLOSED: _closed, Why.DAY: _day, Why.PACE: _pace}
"""How each reason is told that a provider's own numbers can give; the brake has rows of its own."""
