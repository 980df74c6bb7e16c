"""Author lists as they are printed: people in order, and collaborations as one group each.

In: names in fields, reversed ("Roe, R.") or all in one string with affiliations in brackets. Out: `Author`s.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from digest.sources._text import clean_tex
from digest.types import Author

_GROUP_WORD = r"(?:collaborations?|consortium|consortia|team|task force|working group)"
_IS_GROUP = re.compile(rf"\b{_GROUP_WORD}\b", re.IGNORECASE)
_ON_BEHALF = re.compile(
    rf"^(?P<person>.*?)[\s,]*\b(?:for|on behalf of)\s+(?:the\s+)?(?P<group>.+?\b{_GROUP_WORD})$", re.IGNORECASE
)
_SEVERAL = re.compile(r"^(?P<names>.+)\s+collaborations$", re.IGNORECASE)
_AND = re.compile(r"\s*,?\s+(?:and|&)\s+|\s*,\s*")
_ET_AL = re.compile(r"[\s,]*\b(?:et\.?\s+al\b\.?|and\s+others\b)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr)\.?|[IV]{2,4}", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+(?:\s*(?:,|and|&)\s*\d+)*")
_KEY = re.compile(r"\((\d+)\)\.?\s*")
_GROUP_BEFORE_COLON = re.compile(rf"^([^,():]*\b{_GROUP_WORD})\s*:\s*", re.IGNORECASE)
_BEHALF_IN_LIST = re.compile(rf",?\s+(?:and\s+)?(?=(?:for|on behalf of)\s+the\s+[^(]+\b{_GROUP_WORD})", re.IGNORECASE)
_BREAK = re.compile(r"\s*(?:[,;]\s*(?:and\s+)?|\s(?:and|&)\s)\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"[()]")

MAX_NAME_LENGTH = 300


def authors_from_fields(fields: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Author, ...] | None:
    """Read names that stand in fields of their own, each with its affiliations. None when there is none."""
    found: list[Author] = []
    for name, affiliations in fields:
        places = tuple(filter(None, map(clean_tex, affiliations)))
        found.extend(_people_and_groups(clean_tex(name), places))
    return _unrepeated_groups(found)


def authors_from_reversed(names: Iterable[str]) -> tuple[Author, ...] | None:
    """Read names written family name first, as in "Roe, Richard, Jr"."""
    return authors_from_fields((turn_round(name), ()) for name in names)


def turn_round(name: str) -> str:
    """Turn "Roe, Richard, Jr" into "Richard Roe Jr"; a name without a comma stays as it is."""
    family, *rest = [part.strip() for part in name.split(",")]
    return " ".join([*rest[:1], family, *rest[1:]])


def authors_from_line(line: str) -> tuple[Author, ...] | None:
    """Read a whole author list in one string, affiliations in brackets behind the names.

    Numbers in brackets are looked up in the key at the end: "A. Roe (1), B. Poe (2) ((1) Here, (2) There)".
    """
    line = clean_tex(line)
    groups: list[Author] = []
    if match := _GROUP_BEFORE_COLON.match(line):
        groups = list(_people_and_groups(match[1], ()))
        line = line[match.end() :]
    key: dict[str, str] = {}
    found: list[Author] = []
    for name, brackets in _names_with_brackets(line):
        notes = [note for note in brackets if not (entries := _read_key(note)) or key.update(entries)]
        found.extend(_listed(name, tuple(notes)))
    return _unrepeated_groups([*groups, *(_looked_up(author, key) for author in found)])


def _names_with_brackets(line: str) -> Iterator[tuple[str, list[str]]]:
    """Cut a line at the commas and the "and" outside brackets; each name comes with the brackets behind it."""
    name, brackets = "", list[str]()
    for text, bracket in _outside_and_inside(line):
        first, *more = _split_names(text)
        name += first
        for following in more:
            yield name, brackets
            name, brackets = following, []
        if bracket:
            brackets.append(bracket)
    yield name, brackets


def _split_names(text: str) -> list[str]:
    """Split at commas and "and"; "for the A and B Collaborations" is one piece, and "Jr." belongs to its name."""
    head, *behalf = _BEHALF_IN_LIST.split(text, maxsplit=1)
    pieces: list[str] = []
    for piece in _BREAK.split(head):
        if pieces and _SUFFIX.fullmatch(piece):
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    return pieces + behalf


def _outside_and_inside(line: str) -> Iterator[tuple[str, str]]:
    """Give what stands outside brackets together with the bracket that follows it, nested ones kept whole."""
    depth, outside_from, inside_from, outside = 0, 0, 0, ""
    for match in _BRACKETS.finditer(line):
        if match[0] == "(":
            if depth == 0:
                outside, inside_from = line[outside_from : match.start()], match.end()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield outside, line[inside_from : match.start()].strip()
                outside_from = match.end()
    if depth:
        yield outside, line[inside_from:].strip()  # a bracket that nobody closed runs to the end
    else:
        yield line[outside_from:], ""


def _read_key(note: str) -> dict[str, str]:
    """Read "(1) Here, (2) There"; empty when the bracket is no such key."""
    if not _KEY.match(note):
        return {}
    _, *rest = _KEY.split(note)
    return {number: place.strip(" ,;") for number, place in zip(rest[::2], rest[1::2], strict=True)}


def _looked_up(author: Author, key: dict[str, str]) -> Author:
    """Put places where there are numbers; a number that the key does not know says nothing."""
    places: list[str] = []
    for note in author.affiliations:
        if _NUMBERS.fullmatch(note):
            places.extend(key[number] for number in re.findall(r"\d+", note) if number in key)
        else:
            places.append(note)
    return replace(author, affiliations=tuple(places))


def _listed(name: str, notes: tuple[str, ...]) -> Iterator[Author]:
    """Read one piece of a list: who stands there, and a collaboration that is named in the bracket alone."""
    unnamed = _ET_AL.search(name) is not None
    yield from _people_and_groups(_ET_AL.sub("", name).strip(), () if unnamed else notes)
    for note in notes if unnamed else ():
        if (group := note.partition(":")[0]) and _IS_GROUP.search(group):
            yield from _people_and_groups(group, ())


def _people_and_groups(name: str, affiliations: tuple[str, ...]) -> Iterator[Author]:
    """Read one name: a person, a group, or a person who writes for groups."""
    name = re.sub(r"^(?:and\s+|[\s:;,]+)+|[\s:;,]+$", "", name)[:MAX_NAME_LENGTH]
    if match := _ON_BEHALF.match(name):
        yield from _people_and_groups(match["person"], affiliations)
        yield from _groups(match["group"])
    elif _IS_GROUP.search(name):
        yield from _groups(name)
    elif re.search(r"\w", name):
        yield Author(name=name, affiliations=affiliations)


def _groups(name: str) -> Iterator[Author]:
    if several := _SEVERAL.match(name):
        for one in _AND.split(several["names"]):
            yield Author(name=f"{one} Collaboration", is_group=True)
    else:
        yield Author(name=name, is_group=True)


def _unrepeated_groups(authors: list[Author]) -> tuple[Author, ...] | None:
    """Keep each group once; two people may well share a name."""
    met: set[str] = set()
    kept: list[Author] = []
    for author in authors:
        if not author.is_group or author.name.casefold() not in met:
            kept.append(author)
        if author.is_group:
            met.add(author.name.casefold())
    return tuple(kept) or None
