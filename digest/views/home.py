"""The front page: one line and one button over today's trending papers."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from digest.mail.content import to_mail_paper
from digest.mail.present import ShownPaper
from digest.models import Paper
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
    """Read the papers with the highest trending score, in two queries."""
    trending = Paper.objects.mailable().filter(trending_score__gt=0).order_by("-trending_score", "-pk")
    for paper in trending.prefetch_related("identifiers")[:most]:
        yield show_in_full(paper=to_mail_paper(paper=paper, signal=paper.trending_note))
