"""A paper as a reference manager wants it, and the words that all formats share: its names, its years, its key."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from digest.types import Author, Identifier

ARXIV_DOI_PREFIX = "10.48550/arXiv."
PAGES = {
    "arxiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SMALL_WORDS = frozenset({"a", "an", "the", "on", "of", "in", "for", "to", "and", "is", "are", "from", "with", "by"})
_SUFFIX = re.compile(r"(?:jr|sr)\.?|II|III|IV", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One paper on its way out; texts are plain, formulas between dollars stay as they are.

    `kind` is "article" when a journal printed it and "preprint" otherwise; `journal` is what the journal is called, as
    far as anybody said. `identifiers` are in lower case, as they are stored. `url` is where a person reads it; empty
    means the page that its first identifier leads to.
    """

    title: str
    kind: str = "preprint"
    authors: tuple[Author, ...] = ()
    published_on: date | None = None
    identifiers: tuple[Identifier, ...] = ()
    url: str = ""
    abstract: str = ""
    journal: str = ""
    category: str = ""

    def named(self, scheme: str) -> str:
        """Give the first identifier of a scheme; "" when there is none."""
        return next((name.value for name in self.identifiers if name.scheme == scheme), "")

    @property
    def doi(self) -> str:
        """The journal's DOI, or arXiv's own of a paper that has no other; "" without both."""
        arxiv_id = self.named("arxiv")
        return self.named("doi") or (ARXIV_DOI_PREFIX + arxiv_id if arxiv_id else "")

    @property
    def page(self) -> str:
        """Where a person reads it."""
        pages = (PAGES[name.scheme] + name.value for name in self.identifiers if name.scheme in PAGES)
        return one_line(self.url) or next(pages, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A name in the parts that reference managers sort by; a group has a family name alone."""

    family: str
    given: str = ""
    suffix: str = ""
    is_group: bool = False


def person(author: Author) -> Person:
    """Part a printed name: "Ludwig van Beethoven" is of the family "van Beethoven", "J. Roe Jr" has a suffix."""
    name = one_line(author.name)
    words = name.split(" ")
    if author.is_group or len(words) == 1:
        return Person(family=name, is_group=author.is_group)
    if "," in name:  # nobody knows in which order these parts stand
        return Person(family=name, is_group=True)
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    particle = next((at for at, word in enumerate(words[1:-1], start=1) if word[:1].islower()), len(words) - 1)
    return Person(family=" ".join(words[particle:]), given=" ".join(words[:particle]), suffix=suffix)


def one_line(text: str) -> str:
    """Put a text on one line: a line break inside a value would begin the next field of some formats."""
    return " ".join(_CONTROL.sub(" ", text).split())


def keys(references: Iterable[Reference]) -> Iterator[str]:
    """Give each paper a key as people cite it, roe2024sparse; no two of a list are the same."""
    met: dict[str, int] = {}
    for reference in references:
        key = _key(reference)
        met[key] = met.get(key, 0) + 1
        yield key if met[key] == 1 else f"{key}-{met[key]}"


def _key(reference: Reference) -> str:
    family = person(reference.authors[0]).family if reference.authors else ""
    year = str(reference.published_on.year) if reference.published_on else ""
    words = (_ascii(word) for word in re.split(r"[\s-]+", reference.title))
    word = next((word for word in words if word and word not in _SMALL_WORDS), "")
    return _ascii(family)[:30] + year + word[:30] or "paper"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())
