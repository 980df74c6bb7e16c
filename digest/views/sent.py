"""A paper that a reader was sent, as their pages show it: in full, with every reason, and whether it is put aside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from digest.mail.content import to_mail_paper
from digest.mail.present import ShownPaper, ShownReason, shown_reasons
from digest.models import DigestItem
from digest.types import Reason
from digest.views.papers import show_in_full

LEAST_PERCENT = 1  # of a rest that is worth a line


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPaper:
    """One paper of a digest; `item_id` is its place there, which is what is posted to put it aside."""

    paper: ShownPaper
    item_id: int
    reasons: tuple[ShownReason, ...]
    is_saved: bool


def sent_papers(
    *, items: Iterable[DigestItem], papers: Sequence[ShownPaper], saved: frozenset[int]
) -> tuple[SentPaper, ...]:
    """Join the papers of a digest with their places in it; both in the same order."""
    return tuple(
        SentPaper(paper=paper, item_id=item.pk, reasons=all_reasons(item=item), is_saved=item.paper_id in saved)
        for item, paper in zip(items, papers, strict=True)
    )


def all_reasons(*, item: DigestItem) -> tuple[ShownReason, ...]:
    """Put every reason into words, the strongest first, and what is left of the score into a last one."""
    named = shown_reasons(reasons=[Reason(**reason) for reason in item.reasons])
    rest = 100 - sum(reason.percent for reason in named)
    if not named or rest <= LEAST_PERCENT:
        return named
    return (*named, ShownReason(words=_("all smaller reasons together"), percent=rest))


def paper_of(*, item: DigestItem) -> ShownPaper:
    """Put one paper into words for a page of its own; its identifiers are read."""
    return show_in_full(paper=to_mail_paper(paper=item.paper, signal=item.note))
