"""The judge: what was promised, what the ledger says, what the mail server has seen -> lost, twice, unknown.

Pure, and stricter than the ledger's own words: every end needs a cause that really was.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from digest.chaos.book import Book, Taking
from digest.chaos.fates import Fate, Fates
from digest.chaos.rows import Row, Status
from digest.models import Digest

Mail = tuple[str, date]
"""A mail that is due: whose, and of which local day."""

CUTS = frozenset({Fate.CUT_BEFORE_DOT, Fate.CUT_AFTER_DOT})
REFUSALS = frozenset({Fate.NO_SUCH_READER, Fate.UNWANTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that the judge looks at. `in_hand`: addresses, by day, whose hand-over was under way at a kill.

    `plays_on`: a second day was played, before which the mails of the first are given up.
    """

    promised: Mapping[Mail, datetime]
    second_day: datetime
    rows: Mapping[Mail, Row]
    book: Book
    fates: Fates
    in_hand: Mapping[int, Collection[str]]
    plays_on: bool

    def day_of(self, mail: Mail) -> int:
        """Tell on which of the days that were played a mail was due."""
        return 1 if self.promised[mail] < self.second_day else 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of the mails. `twice`: read whole more than once; `unasked`: of a day on which the reader gets none."""

    ends: Counter[str]
    accepted: int
    maybe_accepted: int
    lost_because: Counter[str]
    twice: int
    unasked: int

    @property
    def lost(self) -> int:
        """Count the mails that were due and came to no end that has a cause."""
        return self.lost_because.total()


def judge(evidence: Evidence) -> Verdict:
    """Weigh everything."""
    taken = _by_mail(evidence.rows, evidence.book.takings)
    reasons = (_why_lost(mail, evidence, taken[mail]) for mail in evidence.promised)
    promised_rows = (evidence.rows.get(mail) for mail in evidence.promised)
    answered = sum(taking.answered for taking in evidence.book.takings)
    return Verdict(
        ends=Counter(row.status or row.digest for row in promised_rows if row),
        accepted=answered,
        maybe_accepted=len(evidence.book.takings) - answered,
        lost_because=Counter(reason for reason in reasons if reason),
        twice=sum(count > 1 for count in taken.values()),
        unasked=sum(mail not in evidence.promised for mail in taken),
    )


def _by_mail(rows: Mapping[Mail, Row], takings: Iterable[Taking]) -> Counter[Mail]:
    """Count how often each mail was read whole; one that no row knows counts as of no day."""
    owner = {row.delivery_id: mail for mail, row in rows.items() if row.delivery_id}
    mails = ((taking, owner.get(_id_of(taking.message_id))) for taking in takings)
    return Counter(
        mail if mail and mail[0] == taking.recipient else (taking.recipient, date.min) for taking, mail in mails
    )


def _id_of(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0]


def _why_lost(mail: Mail, evidence: Evidence, times_taken: int) -> str:
    """Say why a mail counts as lost; empty when it does not."""
    row = evidence.rows.get(mail)
    if row is None:
        return "never planned"
    if row.digest != Digest.Status.READY or not row.status:
        return f"{row.digest}, though there are papers for it"
    if row.status == Status.SENT:
        return "" if times_taken else "sent, says the ledger, and the server never had it"
    return "" if _has_cause(row.status, mail[0], evidence.day_of(mail), evidence) else f"{row.status} without a cause"


def _has_cause(status: str, address: str, day: int, evidence: Evidence) -> bool:
    """Tell whether an end other than SENT has a cause that the server, or whoever killed, knows of."""
    book = evidence.book
    if status == Status.FAILED:
        return book.had(recipient=address, day=day, fates=REFUSALS)
    if status == Status.SUPPRESSED:
        return day > 1 and book.had(recipient=address, day=1, fates=frozenset({Fate.NO_SUCH_READER}))
    if status == (Status.EXPIRED if evidence.plays_on else Status.QUEUED):
        return evidence.fates.is_busy_all_day(recipient=address, day=day)
    if status == Status.UNKNOWN:
        return book.had(recipient=address, day=day, fates=CUTS) or address in evidence.in_hand.get(day, ())
    return False
