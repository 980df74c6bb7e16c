"""What the mail server has seen: every mail that it read whole, every refusal, every hand-over that it cut."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from digest.chaos.fates import Fate


@dataclass(slots=True, kw_only=True)
class Taking:
    """One mail that was read to its final dot and not refused; `answered` when 250 was said to who was still there."""

    recipient: str
    message_id: str
    answered: bool = False


@dataclass(slots=True, kw_only=True)
class Book:
    """The server's memory. `day` is the day that is played; a mail is known by its recipient and that day."""

    day: int = 1
    takings: list[Taking] = field(default_factory=list)
    tries: Counter[tuple[str, int]] = field(default_factory=Counter)
    fates: dict[tuple[str, int], Counter[Fate]] = field(default_factory=lambda: defaultdict(Counter))
    connections: int = 0
    broken: int = 0  # hand-overs that the other side broke off before its final dot
    last_heard_s: float = 0.0  # monotonic
    holding: int = 0  # mails taken whole that wait for their answer

    def note(self, *, recipient: str, fate: Fate) -> None:
        """Write down what was done to a try."""
        self.fates[recipient, self.day][fate] += 1

    def had(self, *, recipient: str, day: int, fates: frozenset[Fate]) -> bool:
        """Tell whether one of these was really done to a reader's mail of a day."""
        return any(self.fates[recipient, day][fate] for fate in fates)

    def count(self, fate: Fate) -> int:
        """Count how often something was done."""
        return sum(done[fate] for done in self.fates.values())
