"""The front page: one line and one button over today's trending papers."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from digest.mail.present import ShownPaper
from digest.models import Paper
from digest.types import MailPaper
from digest.views.papers import show_in_full
from subscriptions.forms import SignUpForm
from subscriptions.views.sign_up import consent_wording

PAPERS_SHOWN = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the sign-up and the papers that are trending."""
    page = {"form": SignUpForm(), "consent": consent_wording(), "papers": list(trending_papers(most=PAPERS_SHOWN))}
    return render(request, "digest/home.html", page)


def trending_papers(*, most: int) -> Iterator[ShownPaper]:
    """Read the papers with the highest trending score, in one query."""
    rows = Paper.objects.mailable().filter(trending_score__gt=0).order_by("-trending_score", "-pk")
    for paper in rows[:most]:
        yield show_in_full(paper=_as_mailed(paper))


def _as_mailed(paper: Paper) -> MailPaper:
    return MailPaper(
        title=paper.title,
        url=paper.links.get("abstract", ""),
        pdf_url=paper.links.get("pdf", ""),
        authors=tuple(author["name"] for author in paper.authors),
        abstract=paper.abstract,
        primary_category=paper.primary_category,
        published=paper.submitted_at.date() if paper.submitted_at else None,
        signal=paper.trending_note,
        links=paper.links,
    )
