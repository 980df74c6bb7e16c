"""What a person pastes or writes down: ids and links, one or several a line, or the titles of papers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.library._entry import LONGEST_TITLE, Entry, Piece, Unread, Why
from digest.library._fields import find_year, plain
from digest.library._identifiers import find_pasted
from digest.types import Identifier

_NAME = re.compile(
    r"https?://\S+|(?:doi\s*[:=]?\s*)?\b10\.\d{4,9}/\S+|arxiv\s*:\s*\S+(?:\s*\[[\w.-]+\])?|pmid\s*:?\s*\d+|pmc\d+",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*+•·–]|\(?\[?\d{1,4}[.)\]]\)?)\s+")
_FEWEST_WORDS = 3  # of a title; fewer are a heading, or a word that many papers have


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text."""

    name: str = "plain"
    label: str = "ids, links or titles"

    def begins(self, text: str) -> int:  # noqa: ARG002 - it is what is left when all others have looked
        """Claim nothing: plain text is what is in no other format."""
        return -1

    def parse(self, text: str) -> Iterator[Piece]:
        """Read each line; one that names several papers gives one entry each, and names in words are titles."""
        for line in text.split("\n"):
            if line := _BULLET.sub("", line[: 10 * LONGEST_TITLE]).strip():
                yield from _pieces(line)


def _pieces(line: str) -> Iterator[Piece]:
    names = tuple(dict.fromkeys(find_pasted(line)))
    rest = _NAME.sub(" ", line)
    words = plain(rest).strip(" .,;:-–—()[]")
    if not names:
        yield _titled(words or plain(line), rest)
    elif _is_one_paper(names):
        yield Entry(title=words if _is_title(words) else "", year=find_year(rest), identifiers=names)
    else:
        yield from (Entry(identifiers=(name,)) for name in names)


def _is_one_paper(names: tuple[Identifier, ...]) -> bool:
    """Tell one paper under several names from several papers: no scheme names it twice."""
    return len({name.scheme for name in names}) == len(names)


def _titled(words: str, line: str) -> Piece:
    if not words or not _is_title(words):
        return Unread(text=words or plain(line), why=Why.NO_PAPER)
    return Entry(title=words, year=None)


def _is_title(words: str) -> bool:
    return len(re.findall(r"\w{2,}", words)) >= _FEWEST_WORDS


FORMAT = Plain()
