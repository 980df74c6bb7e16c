"""What a person pastes to name a paper -> (scheme, value), in lower case and without a version."""

import re
from urllib.parse import unquote

from django.utils.translation import gettext

from subscriptions.errors import UnknownReference
from subscriptions.types import PaperReference

__all__ = ["UnknownReference", "parse_paper_reference"]

LONGEST_REFERENCE = 500
LONGEST_VALUE = 200

ARXIV_ID = re.compile(
    r"(?:(?P<new>(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.[0-9]{4}"  # four digits up to 2014, five since then
    r"|(?:1[5-9]|[2-9][0-9])(?:0[1-9]|1[0-2])\.[0-9]{5})"
    r"|(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2}|\.[a-z]+-[a-z]+)?/(?P<number>[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3}))"
    r"(?:v[0-9]+)?"
)
ARXIV_LINK = re.compile(
    r"(?:(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html|format|ps|src|e-print)"
    r"|(?:www\.)?alphaxiv\.org/(?:abs|pdf|overview)"
    r"|(?:www\.)?(?:huggingface\.co|hf\.co)/papers"
    r"|ar5iv\.(?:labs\.arxiv\.)?org/(?:abs|html))/(?P<rest>.+?)(?:\.pdf)?/?"
)
DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
DOI_LINK = re.compile(r"(?:dx\.|www\.)?doi\.org/(?P<rest>.+)")
ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(?P<rest>.+)")


def parse_paper_reference(text: str) -> PaperReference:
    """Read an arXiv id, a DOI, or a link to a paper, as people paste them.

    Raises: UnknownReference with one plain sentence.
    """
    reference = text.strip().strip("<>").rstrip(".,;").lower()
    found = _read(reference) if len(reference) <= LONGEST_REFERENCE else None
    if found is None or len(found[1]) > LONGEST_VALUE:
        raise UnknownReference(gettext("This is no arXiv id, DOI or link to a paper that we can read."))
    return found


def _read(reference: str) -> PaperReference | None:
    if _is_doi_like(reference):
        return _doi(_without_scheme(reference))
    page = re.sub(r"[?#].*", "", _without_scheme(reference))
    link = ARXIV_LINK.fullmatch(page)
    return _arxiv(link["rest"] if link else re.sub(r"^arxiv:\s*", "", page))


def _is_doi_like(reference: str) -> bool:
    bare = _without_scheme(reference)
    return bare.startswith(("10.", "doi:")) or DOI_LINK.fullmatch(bare) is not None


def _without_scheme(reference: str) -> str:
    return re.sub(r"^https?://", "", reference)


def _doi(reference: str) -> PaperReference | None:
    link = DOI_LINK.fullmatch(reference)
    name = unquote(re.sub(r"[?#].*", "", link["rest"])) if link else re.sub(r"^doi:\s*", "", reference)
    of_arxiv = ARXIV_DOI.fullmatch(name)
    if of_arxiv:
        return _arxiv(of_arxiv["rest"])
    printable = name.isprintable() and DOI.fullmatch(name)
    return ("doi", name) if printable else None


def _arxiv(reference: str) -> PaperReference | None:
    match = ARXIV_ID.fullmatch(reference)
    if match is None:
        return None
    # The subject class of an old id is decoration: math.GT/0309136 and math/0309136 are one paper.
    return ("arxiv", match["new"] or f"{match['archive']}/{match['number']}")
