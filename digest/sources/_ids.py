"""The names that papers go by on arXiv, the categories among other classes, and DOIs.

In: a name as found in a feed, a link or an OAI header. Out: one spelling of it, the version apart, or None.
"""

import re
from dataclasses import dataclass

from digest.types import Identifier

_PREFIX = re.compile(
    r"^(?:oai:arxiv\.org:|arxiv:\s*|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/)", re.IGNORECASE
)
_NEW_STYLE = re.compile(r"(\d{2})(\d{2})\.(\d{4,5})(?:v([1-9]\d{0,3}))?")
_OLD_STYLE = re.compile(r"([a-z]+(?:-[a-z]+)?)(?:\.[a-z-]+)?/(\d{2})(\d{2})(\d{3})(?:v([1-9]\d{0,3}))?")
_LIKE_AN_ID = re.compile(r"\b\d{4}\.\d{4,5}(?!\d)|\b[a-z]{1,10}(?:-[a-z]{1,10})?(?:\.[A-Z]{2})?/\d{7}(?!\d)")
_FIVE_DIGITS_SINCE = "1501"
_NEW_STYLE_SINCE = "0704"

OWN_DOI_PREFIX = "10.48550/arxiv."
"""arXiv's own DOI of every paper; all other DOIs in a record are the journal's."""
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
MAX_DOI_LENGTH = 200

_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]+(?:-[a-z]+)?)?")
MAX_CATEGORY_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ArxivId:
    """An arXiv id without its version, and the version when it was written there."""

    value: str
    version: int | None


def parse_arxiv_id(text: str) -> ArxivId | None:
    """Read an arXiv id of the old or the new style, bare or inside a link or an OAI name.

    The month must exist, and a new-style number must have as many digits as its year asks for: a number that was
    once read as a decimal and lost a zero is refused rather than taken for another paper.
    """
    name = _PREFIX.sub("", text.strip()).lower().removesuffix(".pdf")
    if match := _NEW_STYLE.fullmatch(name):
        year, month, number, version = match.groups()
        return _checked(f"{year}{month}.{number}", month=month, version=version, fits=_fits(year + month, number))
    if match := _OLD_STYLE.fullmatch(name):
        archive, year, month, number, version = match.groups()
        before_new_style = year >= "91" or year + month < _NEW_STYLE_SINCE
        return _checked(f"{archive}/{year}{month}{number}", month=month, version=version, fits=before_new_style)
    return None


def find_arxiv_id(text: str) -> str:
    """Find the first thing that looks like an arXiv id, for a message about a record that could not be read."""
    match = _LIKE_AN_ID.search(text[:100_000])
    return match[0] if match else ""


def parse_dois(text: str) -> tuple[Identifier, ...]:
    """Read the DOIs in a text; some records name several, with blanks between them. arXiv's own give the arXiv id."""
    found = []
    for word in text.split():
        doi = _DOI_PREFIX.sub("", word).rstrip(".,;").lower()
        if _DOI.fullmatch(doi) and len(doi) <= MAX_DOI_LENGTH:
            found.append(canonical(Identifier(scheme="doi", value=doi)))
    return tuple(dict.fromkeys(found))


def canonical(identifier: Identifier) -> Identifier:
    """Give the one spelling of a name: lower case, and arXiv's own DOI of a paper as the paper's arXiv id."""
    value = identifier.value.strip().lower()
    if identifier.scheme == "doi" and value.startswith(OWN_DOI_PREFIX):
        arxiv_id = parse_arxiv_id(value.removeprefix(OWN_DOI_PREFIX))
        if arxiv_id:
            return Identifier(scheme="arxiv", value=arxiv_id.value)
    return Identifier(scheme=identifier.scheme, value=value)


def parse_categories(names: list[str]) -> tuple[str, ...]:
    """Keep the arXiv categories among `names`, in their order and once each; MSC and ACM classes are passed over."""
    kept = [name for name in names if len(name) <= MAX_CATEGORY_LENGTH and _CATEGORY.fullmatch(name)]
    return tuple(dict.fromkeys(kept))


def _checked(value: str, *, month: str, version: str | None, fits: bool) -> ArxivId | None:
    if not fits or not "01" <= month <= "12":
        return None
    return ArxivId(value=value, version=int(version) if version else None)


def _fits(year_month: str, number: str) -> bool:
    if len(number) == 5:
        return year_month >= _FIVE_DIGITS_SINCE
    return _NEW_STYLE_SINCE <= year_month < _FIVE_DIGITS_SINCE
