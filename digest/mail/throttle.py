"""Who may hand over how many mails now: pure decisions on one page of numbers that all workers share.

A page goes in and is changed; nothing here talks, waits or reads a clock. Moments are seconds since 1970.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum

import orjson

from digest.mail.limits import Provider

MOST_AT_ONCE = 25  # turns that a worker fetches at a time: what it holds when it dies is lost for the day
BURST_S = 0.1  # so much of a second's mails may leave at once
CLOCK_JUMP_S = 60.0  # a pace that lies further ahead was set by a clock that went wrong
FIRST_PAUSE_S, LONGEST_PAUSE_S = 60.0, 3600.0
TRY_LEASE_S = 300.0  # above what a task may run: then the worker with the one mail to try is dead
ROUNDING_S = 1e-6
KEPT_FOR_OTHERS = 0.01  # of a day's mails, at most, are left by digests to mails that people wait for


class Why(Enum):
    """Why there is no turn, in words for the log and the report."""

    BRAKE = "the emergency brake is on"
    CLOSED = "the mail provider is paused after errors in a row"
    DAY = "the mail provider's limit of the day is used up"
    PACE = "the mail provider's limit of a second is used up"
    GONE = "Redis, which counts mails, cannot be reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """How many mails may be handed over in `wait_s` seconds; when none, why not, and when it is worth asking again."""

    count: int = 0
    why: Why | None = None
    wait_s: float = 0.0
    had_errors: bool = False
    """That the provider failed last: the next mail that goes well has to be told."""
    is_try: bool = False
    """That this one mail tries out a provider that was paused."""


@dataclass(slots=True, kw_only=True)
class Lane:
    """What is shared of one provider. `closed_until` 0 is open; past, it is open for one mail that tries it out.

    `others` of the mails `handed` over are about subscriptions.
    """

    handed: int = 0
    others: int = 0
    free_at: float = 0.0
    errors: int = 0
    pause_s: float = 0.0
    closed_until: float = 0.0
    trying_until: float = 0.0


@dataclass(slots=True, kw_only=True)
class Page:
    """All shared numbers: the UTC day that they count (ISO, empty at first), its mails, its most mails, a lane each."""

    day: str = ""
    total: int = 0
    ceiling: int = 0
    ceiling_at: float = 0.0
    lanes: dict[str, Lane] = field(default_factory=dict)

    def lane(self, *, name: str) -> Lane:
        """Find a provider's numbers, or begin them."""
        return self.lanes.setdefault(name, Lane())

    def to_bytes(self) -> bytes:
        """Write the page down."""
        return orjson.dumps(asdict(self))

    @classmethod
    def from_bytes(cls, raw: bytes | None) -> "Page":
        """Read a page. This function will begin a new one when there is none, or none that can be read."""
        try:
            words = orjson.loads(raw or b"{}")
            return cls(**{**words, "lanes": {name: Lane(**lane) for name, lane in words.get("lanes", {}).items()}})
        except (orjson.JSONDecodeError, TypeError, AttributeError):
            return cls()


def begin_day(*, page: Page, day: date, handed: Mapping[str, int], others: Mapping[str, int] | None = None) -> None:
    """Count a day anew from what the ledgers say was handed over in it; what failed stays known.

    `others` are the mails about subscriptions, which count for a provider's day and not for the ceiling.
    """
    page.day, page.total = day.isoformat(), sum(handed.values())
    others = others or {}
    for name in {*page.lanes, *handed, *others}:
        lane = page.lane(name=name)
        lane.others = others.get(name, 0)
        lane.handed = handed.get(name, 0) + lane.others


def take(*, page: Page, provider: Provider, most: int, now: datetime, patience_s: float = 0.0) -> Turns:
    """Give a worker up to `most` turns at a provider, and count them; one alone when the provider is tried out.

    Who has to wait for the pace, but not longer than `patience_s`, is given the next free moment: first come, first
    served, so that of many workers none goes away empty each time.
    """
    lane, at = page.lane(name=provider.name), now.timestamp()
    wait_s = _pace_wait_s(lane, provider, at)
    refused = _refusal(page, lane, provider, now) or _is_too_long(wait_s, patience_s)
    if refused is not None:
        return refused
    count = min(most, page.ceiling - page.total, *_rooms(lane, provider, now))
    is_try = bool(lane.closed_until)
    if is_try:
        count, lane.trying_until = 1, at + TRY_LEASE_S
    if provider.limits.per_second:
        lane.free_at = max(_free_at(lane, at), at) + count / provider.limits.per_second
    lane.handed += count
    page.total += count
    return Turns(count=count, wait_s=wait_s, had_errors=lane.errors > 0 or is_try, is_try=is_try)


def note_other(*, page: Page, provider: Provider, now: datetime) -> None:
    """Count a mail about a subscription, which has asked for no turn: somebody waits for it, so digests do instead."""
    lane, at = page.lane(name=provider.name), now.timestamp()
    if page.day == now.date().isoformat():  # otherwise the day is about to be counted anew
        lane.handed, lane.others = lane.handed + 1, lane.others + 1
    if provider.limits.per_second:
        ahead = max(_free_at(lane, at), at) + 1 / provider.limits.per_second
        lane.free_at = min(ahead, at + CLOCK_JUMP_S)


def give_back(*, page: Page, name: str, turns: Turns) -> None:
    """Take back turns that were not used: they do not count for the day, and another may try the provider out."""
    lane = page.lane(name=name)
    lane.handed, page.total = max(lane.handed - turns.count, 0), max(page.total - turns.count, 0)
    if turns.is_try:
        lane.trying_until = 0.0


def hear(*, page: Page, provider: Provider, went_well: bool, now: datetime) -> bool:
    """Write down how a hand-over went. Returns: whether this closed or opened the provider.

    After so many errors in a row it is closed; when the one mail that tries it out fails, for twice as long.
    """
    lane, at = page.lane(name=provider.name), now.timestamp()
    was_closed = bool(lane.closed_until)
    if went_well:
        lane.errors, lane.pause_s, lane.closed_until, lane.trying_until = 0, 0.0, 0.0, 0.0
        return was_closed
    lane.errors += 1
    if was_closed and at < lane.closed_until:
        return False  # of a hand-over that began before it was closed
    if was_closed or lane.errors >= provider.limits.errors_in_a_row:
        lane.pause_s = min(lane.pause_s * 2, LONGEST_PAUSE_S) or FIRST_PAUSE_S
        lane.closed_until, lane.trying_until = at + lane.pause_s, 0.0
        return True
    return False


def why_not(*, page: Page, provider: Provider, now: datetime) -> Turns | None:
    """Tell why a provider is given no mail at this moment, and leave the page as it is; None when it is given one.

    The ceiling is not looked at: the emergency brake stands in the database, with its reason.
    """
    lane = page.lanes.get(provider.name, Lane())
    used_up = _is_used_up(lane, provider, now) if page.day == now.date().isoformat() else None
    return _is_closed(lane, now) or used_up or _is_too_long(_pace_wait_s(lane, provider, now.timestamp()), 0.0)


def _refusal(page: Page, lane: Lane, provider: Provider, now: datetime) -> Turns | None:
    if page.total >= page.ceiling:
        return Turns(why=Why.BRAKE, wait_s=LONGEST_PAUSE_S)
    return _is_closed(lane, now) or _is_used_up(lane, provider, now)


def _is_closed(lane: Lane, now: datetime) -> Turns | None:
    at = now.timestamp()
    closed_for = max(_closed_until(lane, at), lane.trying_until if lane.closed_until else 0.0) - at
    return Turns(why=Why.CLOSED, wait_s=min(closed_for, LONGEST_PAUSE_S)) if closed_for > 0 else None


def _is_used_up(lane: Lane, provider: Provider, now: datetime) -> Turns | None:
    room = _room_of_day(lane, provider, now)
    if room is not None and room <= 0:
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        return Turns(why=Why.DAY, wait_s=(midnight - now).total_seconds())
    return None


def _is_too_long(wait_s: float, patience_s: float) -> Turns | None:
    return Turns(why=Why.PACE, wait_s=wait_s) if wait_s > patience_s else None


def _rooms(lane: Lane, provider: Provider, now: datetime) -> list[int]:
    room = _room_of_day(lane, provider, now)
    rooms = [] if room is None else [room]
    if not provider.limits.per_second:
        return rooms
    return [*rooms, max(1, math.floor(_pace_room(lane, provider, now.timestamp())))]  # 1: who waits gets the next


def _room_of_day(lane: Lane, provider: Provider, now: datetime) -> int | None:
    """Count the digests that may still leave today; some room is kept until mails about subscriptions have had it."""
    most = provider.limits.most_on(day=now.date())
    if most is None:
        return None
    return most - lane.handed - max(math.floor(most * KEPT_FOR_OTHERS) - lane.others, 0)


def _pace_room(lane: Lane, provider: Provider, at: float) -> float:
    """Count the mails that keep to the pace now: the generic cell rate algorithm (ITU-T I.371)."""
    ahead_s = max(_free_at(lane, at) - at, 0.0)
    return _burst(provider) - ahead_s * provider.limits.per_second + ROUNDING_S


def _pace_wait_s(lane: Lane, provider: Provider, at: float) -> float:
    if not provider.limits.per_second:
        return 0.0
    return max(1.0 - _pace_room(lane, provider, at), 0.0) / provider.limits.per_second


def _burst(provider: Provider) -> int:
    return max(1, int(provider.limits.per_second * BURST_S))


def _free_at(lane: Lane, at: float) -> float:
    return lane.free_at if lane.free_at <= at + CLOCK_JUMP_S else at


def _closed_until(lane: Lane, at: float) -> float:
    return lane.closed_until if lane.closed_until <= at + LONGEST_PAUSE_S + CLOCK_JUMP_S else at
