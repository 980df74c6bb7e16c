"""A paper's own page, its citation, and the way to more papers like it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from digest import search
from digest.models import Paper
from digest.views.citations import FORMS, cited
from digest.views.papers import card, cards
from digest.views.sheet import sheet

SIMILAR_SHOWN = 6
MAX_ID = 2**63 - 1  # of the database; a larger number is no paper's


@require_safe
def paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Show one paper, also one that was withdrawn, and says so."""
    row = _paper(paper_id)
    return render(request, "digest/paper.html", {"paper": sheet(paper=row), **_alike(row)})


@require_safe
def cite(request: HttpRequest, paper_id: int, form: str) -> HttpResponse:
    """Give a paper's citation as a file."""
    if form not in FORMS:
        raise Http404("There is no such form of a citation.")
    about, how = cited(paper=_paper(paper_id)), FORMS[form]
    name = f'attachment; filename="{about.key}.{how.ending}"'
    return HttpResponse(how.write(about), content_type=how.content_type, headers={"Content-Disposition": name})


@require_safe
def more_like(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Offer to mail papers that are like this one, and show what that means."""
    row = _paper(paper_id)
    return render(request, "digest/paper_like.html", {"paper": card(paper=row), **_alike(row)})


def _alike(row: Paper) -> dict[str, Any]:
    return {"similar": list(cards(papers=search.similar(paper=row, most=SIMILAR_SHOWN, now=timezone.now())))}


def _paper(paper_id: int) -> Paper:
    papers = Paper.objects.with_text().prefetch_related("identifiers", "versions")
    row = papers.filter(pk=paper_id).first() if paper_id <= MAX_ID else None
    if row is None:
        raise Http404("There is no such paper.")
    return row
