"""When the sample papers were written: everything is counted from the demo's first moment, which never moves again.

Identifiers and dates follow from it alone, so the same bytes are made on every start and ingesting them anew changes
nothing. That moment needs no place of its own: it is the submission date of the first sample paper.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.demo.papers import SamplePaper
from digest.models import Paper, PaperIdentifier

FIRST_NUMBER = 90001  # arXiv has never come near 90,000 papers in a month: these ids cannot be real ones
BETWEEN_PAPERS = timedelta(minutes=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The sample papers of one demo, counted from its `first_moment` (aware, UTC, whole seconds)."""

    first_moment: datetime

    def arxiv_id(self, number: int) -> str:
        """Give a sample paper its identifier, without version."""
        return f"{self.first_moment:%y%m}.{number}"

    def submitted_at(self, paper: SamplePaper) -> datetime:
        """Say when its first version was submitted; the first paper at the first moment, the others a little before."""
        return self._at(paper, paper.days_ago)

    def updated_at(self, paper: SamplePaper) -> datetime:
        """Say when its latest version was submitted."""
        return self._at(paper, _latest(paper))

    def announced_on(self, paper: SamplePaper) -> date:
        """Say on which day the daily feed has it: a new paper on its own day, a new version on that of the revision."""
        return self.day(_latest(paper))

    def day(self, days_ago: int) -> date:
        """Name the day that lies `days_ago` before the first one."""
        return (self.first_moment - timedelta(days=days_ago)).date()

    def _at(self, paper: SamplePaper, days_ago: int) -> datetime:
        return self.first_moment - timedelta(days=days_ago) - (paper.number - FIRST_NUMBER) * BETWEEN_PAPERS


def _latest(paper: SamplePaper) -> int:
    return paper.days_ago if paper.revised_days_ago is None else paper.revised_days_ago


def find_edition(*, now: datetime) -> Edition:
    """Find the edition that an earlier start began; otherwise this function will begin one at `now`."""
    begun = PaperIdentifier.objects.filter(scheme="arxiv", value__endswith=f".{FIRST_NUMBER}")
    first = Paper.objects.filter(identifiers__in=begun, submitted_at__isnull=False).first()
    if first is None or first.submitted_at is None:
        return Edition(first_moment=now.replace(microsecond=0))
    return Edition(first_moment=first.submitted_at)
