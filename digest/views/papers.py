"""A paper as a page shows it: as the mail does, with its abstract in full."""

from digest.mail.present import ShownPaper, show_paper
from digest.types import MailPaper

ABSTRACT_CHARS = 4_000


def show_in_full(*, paper: MailPaper) -> ShownPaper:
    """Put a paper into words for a page."""
    return show_paper(paper=paper, abstract_chars=ABSTRACT_CHARS)
