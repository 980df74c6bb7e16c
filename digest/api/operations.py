"""The questions that the API answers: each is parsed by its schema, makes one call, and answers rows in its words."""

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Path, Query

from digest import search
from digest.api.problems import answer_with_problems
from digest.api.schemas import (
    Paper,
    Papers,
    SearchResult,
    Trending,
    WantedPaper,
    WantedPapers,
    WantedSearch,
    WantedTrending,
)
from digest.api.shown import show
from digest.arxiv import category_names
from digest.models import Paper as PaperRow
from digest.models import PaperIdentifier
from digest.search import COUNTED, Asked
from subscriptions.identifiers import UnknownReference, parse_paper_reference
from subscriptions.types import PaperReference

READ = ["GET", "HEAD"]

api = NinjaAPI(
    title="Postprint",
    version="1",
    description=gettext_noop("New scientific papers, what is trending among them, and a search over all of them."),
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
)
answer_with_problems(api=api)


@api.api_operation(
    READ,
    "/papers/{paper_id}",
    response=Paper,
    url_name="api_paper",
    operation_id="paper",
    summary=gettext_noop("One paper"),
    description=gettext_noop("By its number here. A paper that was withdrawn says so."),
)
def paper(request: HttpRequest, wanted: Path[WantedPaper]) -> Paper:
    """Give one paper by its number."""
    row = PaperRow.objects.prefetch_related("identifiers").filter(pk=wanted.paper_id).first()
    if row is None:
        raise Http404(f"There is no paper {wanted.paper_id}.")
    return show(row=row)


@api.api_operation(
    READ,
    "/papers",
    response=Papers,
    url_name="api_papers",
    operation_id="papers",
    summary=gettext_noop("Papers by name"),
    description=gettext_noop("By their numbers here, arXiv ids or DOIs, in any mixture. What is not known is named."),
)
def papers(request: HttpRequest, wanted: Query[WantedPapers]) -> Papers:
    """Give the papers that go by these numbers or names."""
    names = {text: _name(text) for text in wanted.reference}
    found = PaperIdentifier.objects.filter(value__in={name[1] for name in names.values() if name})
    ids = {(each.scheme, each.value): each.paper_id for each in found}
    wanted_ids = {*wanted.ids, *(ids[name] for name in names.values() if name in ids)}
    rows = PaperRow.objects.prefetch_related("identifiers").in_bulk(wanted_ids)
    missing = [str(pk) for pk in wanted.ids if pk not in rows]
    missing += [text for text, name in names.items() if name not in ids]
    return Papers(papers=[show(row=rows[pk]) for pk in sorted(rows)], missing=list(dict.fromkeys(missing)))


@api.api_operation(
    READ,
    "/trending",
    response=Trending,
    url_name="api_trending",
    operation_id="trending",
    summary=gettext_noop("Trending papers"),
    description=gettext_noop("What gained the most upvotes over a day, a week or a month."),
)
def trending(request: HttpRequest, wanted: Query[WantedTrending]) -> Trending:
    """Give what is talked about."""
    rows = search.trending(period=wanted.period, now=timezone.now(), most=wanted.limit)
    return Trending(period=wanted.period, papers=[show(row=row) for row in rows])


@api.api_operation(
    READ,
    "/search",
    response=SearchResult,
    url_name="api_search",
    operation_id="search",
    summary=gettext_noop("Search"),
    description=gettext_noop(
        "The search of the site. Whatever is typed is answered; what could not be used is said in the notes. The first "
        "1,000 papers of a search can be leafed through."
    ),
)
def find(request: HttpRequest, wanted: Query[WantedSearch]) -> SearchResult:
    """Give one page of a search."""
    found = search.find(asked=_asked(wanted), now=timezone.now())
    is_beyond = (wanted.page - 1) * wanted.per_page >= COUNTED
    notes = [*found.notes, *(["Only the first 1,000 papers can be leafed through."] if is_beyond else [])]
    return SearchResult(
        papers=[] if is_beyond else [show(row=row) for row in found.papers],
        total=found.total,
        has_more_than_total=found.has_more_than_total,
        page=wanted.page,
        has_next=found.has_next and not is_beyond,
        notes=notes,
    )


def _name(text: str) -> PaperReference | None:
    try:
        return parse_paper_reference(text)
    except UnknownReference:
        return None


def _asked(wanted: WantedSearch) -> Asked:
    names = [name for code in wanted.category for name in category_names(code)]
    is_beyond = (wanted.page - 1) * wanted.per_page >= COUNTED
    return Asked(
        text=wanted.q,
        sort=wanted.sort,
        categories=tuple(dict.fromkeys(names)),
        authors=tuple(wanted.author),
        sources=tuple(wanted.source),
        since=wanted.since,
        until=wanted.until,
        page=1 if is_beyond else wanted.page,
        per_page=wanted.per_page,
    )
