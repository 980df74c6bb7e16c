"""What the sign-up form holds at the start: a search, a paper or an author, turned into the fields of an interest."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import QueryDict

from digest.models import Paper
from digest.search import Field, Query, Term, parse
from digest.views.categories import find_category
from subscriptions.taxonomy import NAMES

LONGEST = 500  # characters of one parameter; what a person types into a search box is shorter
MOST = 20  # of one parameter that are read
LARGEST_ID = 2**63 - 1
KNOWN_CODES = {code.lower(): code for code in NAMES}


def prefill(*, asked: QueryDict) -> dict[str, Any]:
    """Read ?q=, ?like=, ?author= and ?category= into initial values of the form; what says nothing is left out."""
    begun = from_search(query=parse(text=asked.get("q", "")[:LONGEST]))
    names = (" ".join(name[:LONGEST].split()) for name in asked.getlist("author")[:MOST])
    begun["authors"] = [*begun["authors"], *filter(None, names)]
    begun["papers"] = [*begun["papers"], *of_paper(number=asked.get("like", ""))]
    begun["categories"] = [*begun["categories"], *_known(asked.getlist("category")[:MOST])]
    return {name: _once(values) for name, values in begun.items() if values}


def from_search(*, query: Query) -> dict[str, list[Any]]:
    """Turn a search into an interest: words and phrases to keywords, what has a minus to what is left out.

    Words that were typed side by side stay one keyword: they were all looked for. Dates and sources say nothing
    about what will be new.
    """
    return {
        "keywords": list(_keywords(query.wanted)),
        "exclude": [_quoted(term) for term in query.excluded],
        "authors": [" ".join(term.words).title() for term in query.wanted if term.field is Field.AUTHOR],
        "categories": _known(query.categories),
        "papers": list(query.references),
    }


def of_paper(*, number: str) -> list[tuple[str, str]]:
    """Name a paper that we have by an identifier of its own, as the first example; nothing when there is none."""
    if not (number.isascii() and number.isdigit() and int(number[:20]) <= LARGEST_ID):
        return []
    named = Paper.objects.mailable().filter(pk=int(number[:20]), identifiers__scheme__in=["arxiv", "doi"])
    row = named.order_by("identifiers__scheme").values_list("identifiers__scheme", "identifiers__value").first()
    return [row] if row else []


def _keywords(wanted: Iterable[Term]) -> Iterator[str]:
    beside: list[str] = []
    for term in wanted:
        if term.field is Field.AUTHOR:
            continue
        if len(term.words) == 1:
            beside += term.words
        else:
            yield _quoted(term)
    if beside:
        yield " ".join(beside)


def _quoted(term: Term) -> str:
    words = " ".join(term.words)
    return f'"{words}"' if len(term.words) > 1 else words


def _known(codes: Iterable[str]) -> list[str]:
    """Keep what the form has a box for; a name that a category had once stands for today's."""
    found = (KNOWN_CODES.get(code.lower()) or find_category(code=code) for code in codes)
    return [code for code in found if code]


def _once(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))
