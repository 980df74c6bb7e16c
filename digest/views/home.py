"""The front page: one line and one button over today's trending papers."""

from collections.abc import Iterator

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from digest.models import Paper
from digest.views.papers import Card, cards
from digest.views.public import FRESH, public_page
from subscriptions.forms import SignUpForm
from subscriptions.views.sign_up import consent_wording

PAPERS_SHOWN = 20


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the sign-up and the papers that are trending."""
    page = {"form": SignUpForm(), "consent": consent_wording(), "trending": front_papers()}
    return render(request, "digest/home.html", page)


def front_papers() -> SafeString:
    """Write the list of trending papers in the language of the page; for a minute it is not written again."""
    key = f"front:{get_language()}"
    written: str | None = cache.get(key)
    if written is None:
        written = render_to_string("digest/_front_papers.html", {"papers": list(trending_papers(most=PAPERS_SHOWN))})
        cache.set(key, written, timeout=FRESH.total_seconds())
    return mark_safe(written)  # noqa: S308 - our own template wrote and escaped it


def trending_papers(*, most: int) -> Iterator[Card]:
    """Read the papers with the highest trending score, in two queries."""
    trending = Paper.objects.mailable().filter(trending_score__gt=0).order_by("-trending_score", "-pk")
    yield from cards(papers=trending.prefetch_related("identifiers")[:most])
