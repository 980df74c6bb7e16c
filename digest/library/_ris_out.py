"""References -> a RIS file, as EndNote, Mendeley and Zotero read it: CRLF, a tag and one line for each value."""

from collections.abc import Iterable, Iterator

from digest.library._reference import Reference, one_line, person
from digest.types import Author


def to_ris(*, references: Iterable[Reference]) -> str:
    """Write references as RIS, in their order."""
    return "".join(_record(reference) for reference in references)


def _record(reference: Reference) -> str:
    kind = "JOUR" if reference.kind == "article" else "UNPB"
    lines = ((tag, one_line(value)) for tag, value in _fields(reference))
    body = "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value)
    return f"TY  - {kind}\r\n{body}ER  - \r\n\r\n"


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "TI", reference.title
    yield from (("AU", _name(author)) for author in reference.authors)
    if reference.published_on:
        yield "PY", f"{reference.published_on:%Y}"
        yield "DA", f"{reference.published_on:%Y/%m/%d}"
    yield "T2", reference.journal
    yield "DO", reference.doi
    if arxiv_id := reference.named("arxiv"):
        yield "AN", f"arXiv:{arxiv_id}"
        yield "PB", "" if reference.kind == "article" else "arXiv"
    yield "UR", reference.page
    yield "AB", reference.abstract


def _name(author: Author) -> str:
    parts = person(author)
    if parts.is_group:
        return parts.family.replace(",", "")  # a comma would make it a person
    return ", ".join(filter(None, (parts.family, parts.given, parts.suffix)))
