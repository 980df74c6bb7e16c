"""BibTeX and biblatex, as reference managers and people write them: broken entries are told, their neighbours kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Block, DuplicateBlockKeyBlock, ParsingFailedBlock
from bibtexparser.model import Entry as Parsed

from digest.library._bibtex_values import Fields, read_fields, read_strings, readable, salvaged
from digest.library._entry import Entry, Piece, Unread, Why
from digest.library._fields import make_entry, plain
from digest.library._identifiers import find_identifiers, from_arxiv, from_doi, from_number
from digest.types import Identifier

_BEGINNING = re.compile(r"@[ \t]*[A-Za-z]{2,30}\s{0,5}[{(]")
_MOST_BEGINNINGS = 20_000  # ten times what is kept
_NO_ENTRIES = frozenset({"set", "xdata", "comment", "preamble", "string", "control", "bibnote"})
_TITLES = ("title", "booktitle", "maintitle", "eventtitle", "shorttitle")
_PEOPLE = ("author", "editor", "bookauthor")
_DATES = ("year", "date", "eventdate", "urldate")
_NOTES = ("url", "note", "howpublished", "journal", "journaltitle", "addendum", "pages", "annote", "comment", "volume")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_NO_NAME = frozenset({"others", ""})


@dataclass(frozen=True, slots=True)
class Bibtex:
    """BibTeX and biblatex."""

    name: str = "bibtex"
    label: str = "BibTeX"

    def begins(self, text: str) -> int:
        """Find the first entry."""
        found = _BEGINNING.search(text)
        return found.start() if found else -1

    def parse(self, text: str) -> Iterator[Piece]:
        """Read every entry, in the file's order."""
        library = parse_string(_bounded(text), parse_stack=[])
        strings = read_strings({string.key: string.value for string in library.strings})
        for block in library.blocks:
            yield from _piece(block, strings)


def _bounded(text: str) -> str:
    """Cut off what is beyond any real library: entries by the hundred thousand cost memory that a server has not."""
    beginnings = islice(_BEGINNING.finditer(text), _MOST_BEGINNINGS, None)
    beyond = next(beginnings, None)
    return text[: beyond.start()] if beyond else text


def _piece(block: Block, strings: Mapping[str, str]) -> Iterator[Piece]:
    if isinstance(block, DuplicateBlockKeyBlock):
        if block.ignore_error_block:
            yield from _piece(block.ignore_error_block, strings)
    elif isinstance(block, ParsingFailedBlock):
        yield from _broken(block.raw or "", strings)
    elif isinstance(block, Parsed) and block.entry_type.lower() not in _NO_ENTRIES:
        yield _entry(read_fields([(field.key, str(field.value)) for field in block.fields], strings=strings))


def _broken(raw: str, strings: Mapping[str, str]) -> Iterator[Piece]:
    """Read what can be read of an entry whose braces do not match."""
    if not _BEGINNING.match(raw) or raw.lstrip("@ \t").lower().startswith(tuple(_NO_ENTRIES)):
        return
    piece = _entry(salvaged(raw, strings=strings))
    yield piece if isinstance(piece, Entry) else Unread(text=plain(raw), why=Why.BROKEN)


def _entry(fields: Fields) -> Piece:
    title = _first(fields, _TITLES)
    subtitle = fields.get("subtitle", "")
    return make_entry(
        title=readable(f"{title}: {subtitle}" if title and subtitle else title),
        authors=_names(_first(fields, _PEOPLE)),
        year=_first(fields, _DATES),
        identifiers=_identifiers(fields),
    )


def _first(fields: Fields, names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name, "").strip()), "")


def _names(text: str) -> Iterator[str]:
    for name in _AND.split(text):
        if name.strip(" {}").lower() not in _NO_NAME:
            yield readable(name)


def _identifiers(fields: Fields) -> Iterator[Identifier]:
    archive = (fields.get("eprinttype") or fields.get("archiveprefix") or "").strip().lower()
    eprint = fields.get("eprint", "")
    if archive in {"pubmed", "pmid"}:
        yield from from_number(eprint, scheme="pmid")
    elif archive in {"", "arxiv"}:
        yield from from_arxiv(eprint)
    yield from from_arxiv(fields.get("arxivid", "") or fields.get("arxiv", ""))
    yield from from_doi(fields.get("doi", ""))
    yield from from_number(fields.get("pmid", ""), scheme="pmid")
    yield from from_number(fields.get("pmcid", ""), scheme="pmcid")
    addresses = (value for name, value in fields.items() if name.startswith(("bdsk-url", "url_")))
    yield from chain(*map(find_identifiers, (fields[name] for name in _NOTES if name in fields)))
    yield from chain(*map(find_identifiers, addresses))


FORMAT = Bibtex()
