r"""Values of BibTeX as they stand in a file, `"John " # name` or {{T}itle}, -> text.

A comma that is missing between two fields costs neither of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from digest.sources._text import clean_tex

Fields = dict[str, str]

LONGEST_VALUE = 20_000  # characters that are read of one value
_DEPTH = 10  # strings that are made of strings
_LONGEST_STRING = 500  # characters; without limits a few lines of strings unfold into gigabytes
_MOST_STRINGS = 2000
_MOST_PARTS = 50  # of one value, and fields that one value holds
_NEXT_FIELD = re.compile(r"\s*,?\s*([A-Za-z][\w-]{0,40})\s*=\s*")
_FIELD_ANYWHERE = re.compile(
    r"(?:^|[,\s])([A-Za-z][\w-]{0,40})[ \t]*=[ \t]*[{\"]*([^\n]{0,2000}?)(?=[}\"]+[ \t]*(?:,|$)|,?[ \t]*$)",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\s#{}\",=]+")
_VERBATIM = frozenset({"doi", "url", "eprint", "file"})
_COMMANDS = re.compile(
    r"\\(?:mkbibquote|mkbibemph|enquote|textsuperscript|textsubscript|ensuremath|url|href|nolinkurl|path|text|hbox)\*?"
    r"(?=\s*\{)"
)
_SPACES = re.compile(r"\\(?:hyphen|slash|space|allowbreak|-|/|\s)(?:\{\})?\s?")
_HYPHEN = {"hyphen": "-", "slash": "/"}
_LOGOS = re.compile(r"\\((?:La|Bib|Xe|Lua)?TeX)(?![A-Za-z])\s?(?:\{\})?")
_BRACES = re.compile(r"(?<!\\)[{}]")
_MATHS = re.compile(r"(\$[^$]{0,1000}\$)")
_TYPED = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " "}
_TYPEWRITTEN = re.compile("|".join(_TYPED))


def read_strings(raw: Mapping[str, str]) -> dict[str, str]:
    """Read the @string definitions, by their names in lower case; one may be made of others."""
    strings: dict[str, str] = {}
    raw = {name.lower(): value[:_LONGEST_STRING] for name, value in islice(raw.items(), _MOST_STRINGS)}
    for _ in range(_DEPTH):
        found = {name: next(_parts(value, strings))[1][:_LONGEST_STRING] for name, value in raw.items()}
        if found == strings:
            break
        strings = found
    return strings


def read_fields(raw: Iterable[tuple[str, str]], *, strings: Mapping[str, str]) -> Fields:
    """Read raw fields by their names in lower case; of two of one name the first counts."""
    fields: Fields = {}
    for name, value in raw:
        for also, text in _parts(value[:LONGEST_VALUE], strings):
            fields.setdefault((also or name).lower(), _clean(text, name=(also or name).lower()))
    return fields


def salvaged(raw: str, *, strings: Mapping[str, str]) -> Fields:
    """Read what stands as `name = value` in an entry whose braces do not match."""
    found = _FIELD_ANYWHERE.findall(raw[:LONGEST_VALUE])
    return read_fields([(name, "{" + _BRACES.sub("", value) + "}") for name, value in found], strings=strings)


def readable(text: str) -> str:
    """Write a value as it is printed: accents as letters, no braces, dashes and quotes of one character each."""
    pieces = _MATHS.split(clean_tex(text[:LONGEST_VALUE]))
    pieces[::2] = [_TYPEWRITTEN.sub(lambda found: _TYPED[found[0]], _BRACES.sub("", piece)) for piece in pieces[::2]]
    return "".join(pieces)


def _parts(value: str, strings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Read a value, and the fields that a missing comma has left in it; the first comes without a name."""
    name, at = "", 0
    for _ in range(_MOST_PARTS):
        pieces: list[str] = []
        for _ in range(_MOST_PARTS):
            text, at = _piece(value, at, strings)
            pieces.append(text)
            at = _skip(value, at)
            if not value.startswith("#", at):
                break
            at += 1
        yield name, "".join(pieces)
        following = _NEXT_FIELD.match(value, at)
        if following is None:
            return
        name, at = following[1], following.end()


def _piece(value: str, at: int, strings: Mapping[str, str]) -> tuple[str, int]:
    """Read one of the pieces between number signs: in braces, in quotes, or the name of a string."""
    at = _skip(value, at)
    if value.startswith("{", at):
        end = _end_of_braces(value, at)
        return value[at + 1 : end], end + 1
    if value.startswith('"', at):
        end = _end_of_quotes(value, at)
        return value[at + 1 : end], end + 1
    word = _WORD.match(value, at)
    if word is None:
        return "", len(value)
    return strings.get(word[0].lower(), word[0]), word.end()


def _end_of_braces(value: str, at: int) -> int:
    depth = 0
    for brace in re.finditer(r"\\.|[{}]", value[at:]):
        depth += (brace[0] == "{") - (brace[0] == "}")
        if depth == 0 and brace[0] == "}":
            return at + brace.start()
    return len(value)


def _end_of_quotes(value: str, at: int) -> int:
    depth = 0
    for mark in re.finditer(r"\\.|[{}\"]", value[at + 1 :]):
        depth += (mark[0] == "{") - (mark[0] == "}")
        if mark[0] == '"' and depth <= 0:
            return at + 1 + mark.start()
    return len(value)


def _skip(value: str, at: int) -> int:
    while at < len(value) and value[at].isspace():
        at += 1
    return at


def _clean(text: str, *, name: str) -> str:
    """Leave accents for later, where all formats' are read, and take away what only typesetting needs."""
    if name in _VERBATIM or name.startswith(("url_", "bdsk-")):
        return _BRACES.sub("", text).replace("\\_", "_").replace("\\%", "%").replace("\\&", "&").replace("\\#", "#")
    text = _LOGOS.sub(r"\1", _COMMANDS.sub("", text))
    return _SPACES.sub(
        lambda found: _HYPHEN.get(found[0][1:].strip("{} \n"), "" if found[0][1] in "-/a" else " "), text
    )
