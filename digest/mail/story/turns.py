"""Why a provider takes no mail at this moment: the throttle's page, looked at and left alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.mail.counters import CountersGone, counters
from digest.mail.limits import Provider
from digest.mail.route import providers
from digest.mail.throttle import Lane, Page, Turns, Why, why_not


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One provider that takes no mail now.

    `handed` is how many it was given today, `errors` how many it made in a row; `another` sends in its place, if any.
    """

    provider: Provider
    why: Why
    wait_s: float
    handed: int
    errors: int
    another: str = ""


def refusals(*, now: datetime) -> Sequence[Refusal] | None:
    """List the providers that take no mail now, the main one first; None when Redis, which knows, cannot be reached."""
    try:
        page = counters().read()
    except CountersGone:
        return None
    held = [(provider, why_not(page=page, provider=provider, now=now)) for provider in providers()]
    free = next((provider.name for provider, turns in held if turns is None), "")
    return [_refusal(page, provider, turns, free) for provider, turns in held if turns and turns.why]


def _refusal(page: Page, provider: Provider, turns: Turns, free: str) -> Refusal:
    lane, why = page.lanes.get(provider.name, Lane()), turns.why or Why.GONE
    another = "" if why is Why.PACE else free  # who only has to keep a pace is not replaced
    return Refusal(
        provider=provider, why=why, wait_s=turns.wait_s, handed=lane.handed, errors=lane.errors, another=another
    )
