"""A paper's own page, its citation, and the way to more papers like it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from digest import search
from digest.models import Paper
from digest.views.papers import card, cards

SIMILAR_SHOWN = 6


@require_safe
def paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Show one paper."""
    row = _paper(paper_id)
    alike = search.similar(paper=row, most=SIMILAR_SHOWN)
    return render(request, "digest/paper.html", {"paper": card(paper=row), "similar": list(cards(papers=alike))})


@require_safe
def cite(request: HttpRequest, paper_id: int, form: str) -> HttpResponse:
    """Give a paper's citation as a file."""
    raise Http404("There is no such form yet.")


@require_safe
def more_like(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Offer to mail papers that are like this one."""
    row = _paper(paper_id)
    alike = search.similar(paper=row, most=SIMILAR_SHOWN)
    page = {"paper": card(paper=row), "similar": list(cards(papers=alike))}
    return render(request, "digest/paper_like.html", page)


def _paper(paper_id: int) -> Paper:
    row = Paper.objects.prefetch_related("identifiers").filter(pk=paper_id).first()
    if row is None:
        raise Http404("There is no such paper.")
    return row
