"""References -> a BibTeX file in UTF-8, as BibTeX, biber, Zotero and JabRef read it."""

import re
from collections.abc import Iterable, Iterator

from digest.library._reference import Reference, keys, one_line, person
from digest.types import Author

_MATHS = re.compile(r"(?<!\\)(\$[^$]+(?<!\\)\$)")
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&",
    "%": r"\%", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_BETWEEN_NAMES = re.compile(r"\band\b|,", re.IGNORECASE)
_NOT_IN_A_VERBATIM_FIELD = re.compile(r"[\s{}\\\"]")


def to_bibtex(*, references: Iterable[Reference]) -> str:
    """Write references as BibTeX, in their order."""
    references = tuple(references)
    return "\n".join(_entry(key, reference) for key, reference in zip(keys(references), references, strict=True))


def _entry(key: str, reference: Reference) -> str:
    kind = "article" if reference.kind == "article" else "misc"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(reference) if value)
    return f"@{kind}{{{key},\n{fields}}}\n"


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{_tex(reference.title)}}}"  # the second brace keeps capitals as they are
    yield "author", " and ".join(_name(author) for author in reference.authors)
    if reference.published_on:
        yield "year", str(reference.published_on.year)
        yield "month", str(reference.published_on.month)
    yield "journal", _tex(reference.journal)
    yield "doi", _verbatim(reference.doi)
    if arxiv_id := reference.named("arxiv"):
        yield "eprint", _verbatim(arxiv_id)
        yield "archiveprefix", "arXiv"
        yield "primaryclass", _verbatim(reference.category)
    yield "pmid", _verbatim(reference.named("pmid"))
    yield "url", _verbatim(reference.page)
    yield "abstract", _tex(reference.abstract)


def _name(author: Author) -> str:
    parts = person(author)
    if parts.is_group or not parts.given:
        return f"{{{_tex(parts.family)}}}"
    return ", ".join(filter(None, (_part(parts.family), _part(parts.suffix), _part(parts.given))))


def _part(text: str) -> str:
    tex = _tex(text)
    return f"{{{tex}}}" if _BETWEEN_NAMES.search(text) else tex


def _tex(text: str) -> str:
    pieces = _MATHS.split(one_line(text))
    pieces[::2] = [_escaped(piece) for piece in pieces[::2]]
    pieces[1::2] = [piece if _is_balanced(piece) else _escaped(piece) for piece in pieces[1::2]]
    return "".join(pieces)


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in text)


def _is_balanced(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0


def _verbatim(text: str) -> str:
    """Write an address or an id as it is; what would end the field is percent-encoded."""
    return _NOT_IN_A_VERBATIM_FIELD.sub(lambda found: f"%{ord(found[0]):02X}", one_line(text))
