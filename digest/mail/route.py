"""Which provider sends the next mail: the main one, or the fall-back while that is paused or its day is used up.

In: the settings' providers and the shared page. Out: a provider whose turn has been counted, or why there is none.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage

from digest.mail import brake, ledger
from digest.mail.counters import Counters, CountersGone, counters
from digest.mail.limits import Provider
from digest.mail.outcome import Outcome, Verdict
from digest.mail.throttle import MOST_AT_ONCE, Page, Turns, Why, begin_day, give_back, hear, take
from digest.mail.wire import Wires
from digest.pipeline.clock import Clock
from subscriptions.marks import fit
from subscriptions.selectors import mails_of_day

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 1.0  # for one turn, in a task; who has to wait longer leaves the mails to the sweep
KEPT_S = 1.0  # turns that were not used by then go back, or old ones would leave in a burst
NOT_TAKEN = frozenset({Verdict.DOWN, Verdict.LATER})
CEILING_KEPT_S = 600.0  # how many readers there are is counted anew after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Why no mail may be handed over now, and in how many seconds it is worth asking again."""

    why: Why
    wait_s: float = 0.0


def providers() -> tuple[Provider, ...]:
    """List who may send, the main one first."""
    main = Provider(name=settings.EMAIL_PROVIDER, backend=settings.EMAIL_BACKEND, limits=settings.EMAIL_LIMITS)
    return (main, settings.EMAIL_FALLBACK) if settings.EMAIL_FALLBACK else (main,)


class Route:
    """The turns and the open connections of one worker."""

    def __init__(self, *, clock: Clock, shared: Counters | None = None, wires: Wires | None = None) -> None:
        """Use the connections that are given, which stay open; or its own, which are closed in the end."""
        self.clock = clock
        self.shared = shared or counters()
        self.providers = providers()
        self.wires, self.own_wires = wires or Wires(), wires is None
        self.provider = self.providers[0]
        self.turns = Turns()
        self.taken_at: datetime | None = None
        self.held: Held | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._give_back()
        if self.own_wires:
            self.wires.close()

    @property
    def has_another(self) -> bool:
        """Tell whether there is a fall-back to go on with when one provider takes no mail."""
        return len(self.providers) > 1

    @property
    def must_ask(self) -> bool:
        """Tell whether the next turn has to be asked for, which may take a moment."""
        if not self.turns.count or self.taken_at is None:
            return True
        return (self.clock.now() - self.taken_at).total_seconds() >= KEPT_S

    def turn(self) -> Provider | None:
        """Find who sends the next mail, waiting a moment if need be. None: nobody, and `held` says why.

        A turn that was not used is kept for the next mail.
        """
        if not self.must_ask:
            return self.provider
        self._give_back()
        self.held = self._ask_each()
        return None if self.held else self.provider

    def hand_over(self, *, message: EmailMessage) -> Outcome:
        """Use the turn: give the mail to its provider, and write down for all workers how that went."""
        self.turns = Turns(count=self.turns.count - 1, had_errors=self.turns.had_errors)
        fit(message=message, backend=self.provider.backend)
        outcome = self.wires.to(provider=self.provider).hand_over(message=message)
        if outcome.providers_fault or self.turns.had_errors or outcome.verdict in NOT_TAKEN:
            self._tell(outcome)
        return outcome

    def _ask_each(self) -> Held | None:
        """Take turns at the first provider that has some. Who only has to keep a pace is waited for, not replaced."""
        held: Held | None = None
        for provider in self.providers:
            turns = self._take(provider)
            if turns.count:
                self.clock.sleep(turns.wait_s)
                self.provider, self.turns, self.taken_at = provider, turns, self.clock.now()
                return None
            why = turns.why or Why.GONE
            if held is None or turns.wait_s < held.wait_s:
                held = Held(why=why, wait_s=turns.wait_s)
            if why not in {Why.CLOSED, Why.DAY}:
                break
        return held

    def _take(self, provider: Provider) -> Turns:
        def decide(page: Page) -> Turns:
            now = self.clock.now()
            self._refresh(page, now)
            ask = partial(take, page=page, provider=provider, most=MOST_AT_ONCE, now=now, patience_s=LONGEST_WAIT_S)
            turns = ask()
            if turns.why is Why.BRAKE:
                _count_readers(page, now)  # there may be more by now, or a person may have lifted the brake
                turns = ask()
            if turns.why is Why.BRAKE:
                brake.pull_for_total(most=page.ceiling, now=now)
            return turns

        try:
            return self.shared.change(decide)
        except CountersGone:
            return Turns(why=Why.GONE)

    def _refresh(self, page: Page, now: datetime) -> None:
        if page.day != now.date().isoformat():  # a new day, or Redis has forgotten this one: the ledger knows
            others = {self.providers[0].name: mails_of_day(day=now.date())}
            begin_day(page=page, day=now.date(), handed=ledger.handed_over(day=now.date()), others=others)
            _count_readers(page, now)
        elif not 0 <= now.timestamp() - page.ceiling_at < CEILING_KEPT_S:
            _count_readers(page, now)

    def _tell(self, outcome: Outcome) -> None:
        """Write down how a hand-over went; when Redis is gone, the next turn finds that out."""
        provider, now, went_well = self.provider, self.clock.now(), not outcome.providers_fault

        def decide(page: Page) -> bool:
            if outcome.verdict in NOT_TAKEN:  # a day counts mails, not tries
                give_back(page=page, name=provider.name, turns=Turns(count=1))
            return hear(page=page, provider=provider, went_well=went_well, now=now)

        try:
            changed = self.shared.change(decide)
        except CountersGone:
            return
        self.turns = Turns(count=self.turns.count, had_errors=not went_well)
        if changed and went_well:
            log.warning("The mail provider %s takes mails again", provider.name)
        elif changed:
            log.error("The mail provider %s is paused after errors in a row", provider.name)
            self._give_back()

    def _give_back(self) -> None:
        turns, self.turns = self.turns, Turns()
        if not turns.count:
            return
        try:
            self.shared.change(lambda page: give_back(page=page, name=self.provider.name, turns=turns))
        except CountersGone:
            return  # they count for the day: a few mails too few are sent


def _count_readers(page: Page, now: datetime) -> None:
    page.ceiling, page.ceiling_at = brake.ceiling(day=now.date()), now.timestamp()
