"""A paper -> its citation as BibTeX, RIS and CSL-JSON, for reference managers. Pure: plain values in, text out."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from digest.mail.content import to_mail_paper
from digest.mail.present import readable
from digest.matching._text import fold
from digest.models import Paper

MAX_CHARS = 4_000  # of one field
_PARTICLES_LISTED = "da dal de del della den der des di dos du el la le ten ter van vom von zu zum zur"
_PARTICLES = frozenset(_PARTICLES_LISTED.split())
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An author; a group has a family name alone."""

    family: str
    given: str = ""
    is_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What a citation says of a paper; texts are plain Unicode on one line, blank where nothing is known."""

    key: str
    title: str
    authors: tuple[Name, ...]
    day: date
    abstract: str
    arxiv: str
    category: str
    doi: str
    url: str
    journal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to write a citation."""

    write: Callable[[Cited], str]
    content_type: str
    ending: str


def cited(*, paper: Paper) -> Cited:
    """Read from a row, with its identifiers, what a citation says."""
    names = {identifier.scheme: identifier.value for identifier in paper.identifiers.all()}
    arxiv = names.get("arxiv", "")
    authors = tuple(
        _name(readable(text=str(author["name"]), limit=300), is_group=bool(author.get("is_group")))
        for author in paper.authors
    )
    day = (paper.submitted_at or paper.first_seen_at).date()
    title = readable(text=paper.title, limit=MAX_CHARS)
    return Cited(
        key=_key(authors, day, title) or f"paper{paper.pk}",
        title=title,
        authors=authors,
        day=day,
        abstract=readable(text=paper.abstract, limit=MAX_CHARS),
        arxiv=arxiv,
        category=paper.primary_category,
        doi=names.get("doi") or (f"10.48550/arXiv.{arxiv}" if arxiv else ""),
        url=to_mail_paper(paper=paper, signal="").url,
        journal=readable(text=paper.journal_ref, limit=500),
    )


def bibtex(paper: Cited) -> str:
    """Write an entry of BibTeX: @article once a journal is known, else @misc, as arXiv itself does."""
    fields = {
        "title": f"{{{_tex(paper.title)}}}",
        "author": " and ".join(_bibtex_name(name) for name in paper.authors),
        "year": f"{paper.day.year}",
        "month": f"{paper.day.month}",
        "journal": _tex(paper.journal),
        "eprint": paper.arxiv,
        "archivePrefix": "arXiv" if paper.arxiv else "",
        "primaryClass": paper.category if paper.arxiv else "",
        "doi": _tex(paper.doi) if "{" in paper.doi else paper.doi,
        "url": paper.url,
    }
    lines = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{'article' if paper.journal else 'misc'}{{{paper.key}{lines}\n}}\n"


def ris(paper: Cited) -> str:
    """Write a record of RIS."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(paper) if value) + "ER  - \r\n"


def csl(paper: Cited) -> str:
    """Write CSL-JSON, an array with one item."""
    item: dict[str, Any] = {
        "id": paper.key,
        "type": "article-journal" if paper.journal else "article",
        "title": paper.title,
        "author": [_csl_name(name) for name in paper.authors],
        "issued": {"date-parts": [[paper.day.year, paper.day.month, paper.day.day]]},
        "container-title": paper.journal,
        "publisher": "arXiv" if paper.arxiv else "",
        "number": f"arXiv:{paper.arxiv}" if paper.arxiv else "",
        "DOI": paper.doi,
        "URL": paper.url,
        "abstract": paper.abstract,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


FORMS: Mapping[str, Form] = {
    "bibtex": Form(write=bibtex, content_type="application/x-bibtex; charset=utf-8", ending="bib"),
    "ris": Form(write=ris, content_type="application/x-research-info-systems; charset=utf-8", ending="ris"),
    "csl": Form(write=csl, content_type="application/vnd.citationstyles.csl+json; charset=utf-8", ending="json"),
}


def _name(name: str, *, is_group: bool) -> Name:
    """Part a name as it is printed: the family name is its last word, with the particles before it."""
    words = name.split()
    if is_group or len(words) < 2:
        return Name(family=name, is_group=is_group)
    first = len(words) - 1
    while first > 1 and words[first - 1] in _PARTICLES:
        first -= 1
    return Name(family=" ".join(words[first:]), given=" ".join(words[:first]))


def _key(authors: tuple[Name, ...], day: date, title: str) -> str:
    """Write a key of ASCII letters and digits: okonjoreyes2026letters."""
    family = _plain(authors[0].family) if authors else ""
    word = next((plain for plain in map(_plain, title.split()) if len(plain) > 3), "")
    return f"{family}{day.year}{word}"[:60] if family or word else ""


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _bibtex_name(name: Name) -> str:
    family, given = _tex(name.family), _tex(name.given)
    return f"{family}, {given}" if given else f"{{{family}}}"


def _ris_lines(paper: Cited) -> Iterator[tuple[str, str]]:
    yield "TY", "JOUR" if paper.journal else "UNPB"
    yield "TI", paper.title
    for name in paper.authors:
        yield "AU", f"{name.family}, {name.given}" if name.given else name.family
    yield "PY", f"{paper.day.year}"
    yield "DA", f"{paper.day:%Y/%m/%d}"
    yield "JO", paper.journal
    yield "AB", paper.abstract
    yield "DO", paper.doi
    yield "UR", paper.url
    yield "M1", f"arXiv:{paper.arxiv}" if paper.arxiv else ""
    yield "KW", paper.category


def _csl_name(name: Name) -> dict[str, str]:
    return {"family": name.family, "given": name.given} if name.given else {"literal": name.family}


def _tex(text: str) -> str:
    return text.translate(_SPECIAL)
