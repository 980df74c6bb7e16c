"""Where identifiers hide in references: fields of their own, addresses of pages, and notes.

In: text of a field. Out: identifiers in their one spelling, in the order in which they stand.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from digest.sources._ids import canonical, parse_arxiv_id, parse_dois
from digest.types import Identifier

LONGEST_FIELD = 20_000  # characters that are searched of one field
_ID = r"(?:[a-z]{2,10}(?:-[a-z]{2,7})?(?:\.[a-z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d{1,3})?"
_ARXIV_PAGE = re.compile(
    rf"(?:arxiv\.org/(?:abs|pdf|html|format|ps|src|e-print|list)|alphaxiv\.org/(?:abs|pdf|overview)"
    rf"|(?:huggingface\.co|hf\.co)/papers|ar5iv\.(?:labs\.arxiv\.)?org/(?:abs|html))/({_ID})(?!\d)",
    re.IGNORECASE,
)
_ARXIV_WORD = re.compile(
    rf"\barxiv(?:\.org)?(?:\s*(?:preprint|e-?print|id))?\s*[:./ ]\s*(?:arxiv:\s*)?(?:abs/)?({_ID})(?!\d)"
    rf"|\babs/({_ID})(?!\d)",
    re.IGNORECASE,
)
_BARE_ARXIV = re.compile(rf"(?<![\w./-])({_ID})(?![\w/])", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}(?:\.\d{1,9}){0,5}/[^\s\"{}|\\^`]{1,300}")
_AFTER_DOI_IN_ADDRESS = re.compile(
    r"(?:\.full(?:\.pdf)?|\.pdf|\.abstract|/(?:full|abstract|pdf|epdf|epub|meta|html|fulltext|summary))+/?$",
    re.IGNORECASE,
)
_PREPRINT_VERSION = re.compile(r"^(10\.(?:1101|64898)/[\d.]+)v\d+.*$")
_PMID = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/|\bPMID\s*[:=]?\s*|\bpubmed\s*[:=]\s*)(\d{1,8})(?!\d)",
    re.IGNORECASE,
)
_PMCID = re.compile(r"\bPMC\s?(\d{2,9})\b", re.IGNORECASE)
_PARTNER = {"(": ")", "[": "]", "<": ">"}


def from_doi(text: str) -> Iterator[Identifier]:
    """Read the DOIs of a field that is there for them, whatever stands before them."""
    yield from _dois(text[:LONGEST_FIELD])


def from_arxiv(text: str) -> Iterator[Identifier]:
    """Read the arXiv id of a field that is there for it, bare or with a class behind it, 1706.03762 [cs.CL]."""
    word = re.sub(r"[\[(].*", "", text[:LONGEST_FIELD]).strip()
    found = parse_arxiv_id(word)
    yield from [_arxiv(found.value)] if found else find_identifiers(text)


def from_number(text: str, *, scheme: str) -> Iterator[Identifier]:
    """Read a PubMed or PubMed Central number."""
    digits = re.search(r"\d{1,9}", text[:LONGEST_FIELD])
    if digits:
        yield _numbered(scheme, digits[0])


def find_identifiers(text: str) -> Iterator[Identifier]:
    """Find what is named in an address or a note: arXiv ids where arXiv is said, DOIs, PubMed's numbers."""
    text = text[:LONGEST_FIELD]
    for match in [*_ARXIV_PAGE.finditer(text), *_ARXIV_WORD.finditer(text)]:
        if found := parse_arxiv_id(next(filter(None, match.groups()))):
            yield _arxiv(found.value)
    yield from _dois(text)
    yield from (_numbered("pmid", match[1]) for match in _PMID.finditer(text))
    yield from (_numbered("pmcid", match[1]) for match in _PMCID.finditer(text))


def find_pasted(text: str) -> Iterator[Identifier]:
    """Find what a person names in a line of their own, where a bare arXiv id is one, too."""
    yield from find_identifiers(text)
    without_addresses = re.sub(r"\S*(?:://|\b10\.\d{4,9}/)\S*", " ", text[:LONGEST_FIELD])
    for match in _BARE_ARXIV.finditer(without_addresses):
        if found := parse_arxiv_id(match[1]):
            yield _arxiv(found.value)


def _dois(text: str) -> Iterator[Identifier]:
    if "10." not in text and "%2f" not in text.lower():
        return
    for match in _DOI.finditer(unquote(text) if "%2" in text or "%3" in text else text):
        is_in_address = "/" in text[max(match.start() - 2, 0) : match.start()]
        yield from parse_dois(_trimmed(match[0], is_in_address=is_in_address))


def _trimmed(doi: str, *, is_in_address: bool) -> str:
    """Take off what does not belong to a DOI: the rest of an address, a bracket that it stood in."""
    if is_in_address:
        doi = _AFTER_DOI_IN_ADDRESS.sub("", re.sub(r"[?#&].*", "", doi))
    doi = re.sub(r"(?:</|&lt;/)\w+>?.*$", "", doi)
    doi = _PREPRINT_VERSION.sub(r"\1", doi).rstrip(".,;:'*_")
    for opening, closing in _PARTNER.items():
        if doi.endswith(closing) and doi.count(opening) < doi.count(closing):
            doi = doi[:-1].rstrip(".,;:")
    return doi


def _arxiv(value: str) -> Identifier:
    return Identifier(scheme="arxiv", value=value)


def _numbered(scheme: str, digits: str) -> Identifier:
    number = digits.lstrip("0") or "0"
    return canonical(Identifier(scheme=scheme, value=f"pmc{number}" if scheme == "pmcid" else number))
