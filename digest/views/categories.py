"""Categories as people type them: the one that is meant, or the nearest to it."""

from difflib import get_close_matches

from digest.arxiv import canonical_category
from subscriptions.taxonomy import NAMES

NEAREST = 3
LONGEST_CODE = 40  # characters; comparing more costs time and finds nothing

_BY_ANY_CASE = {code.lower(): code for code in NAMES}
_BY_NAME = {name.lower(): code for code, name in NAMES.items()}


def find_category(*, code: str) -> str | None:
    """Find the code that a category goes by today, in whatever case it is typed; None when there is none like it."""
    return _BY_ANY_CASE.get(canonical_category(code).lower())


def nearest_categories(*, code: str) -> list[tuple[str, str]]:
    """Name the categories whose code or name is most like what was typed, as (code, name), the nearest first."""
    typed = code.lower()[:LONGEST_CODE]
    close = get_close_matches(typed, [*_BY_ANY_CASE, *_BY_NAME], n=NEAREST)
    codes = dict.fromkeys(_BY_ANY_CASE.get(word) or _BY_NAME[word] for word in close)
    return [(found, NAMES[found]) for found in codes]
