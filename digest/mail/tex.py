"""TeX as authors write it in titles and abstracts -> Unicode that reads well anywhere, as far as that can be done.

What is not known is left readable, nothing raises, and time grows with the length of the text alone.
"""

import re
import unicodedata
from collections.abc import Iterator

from digest.mail._tex_symbols import ACCENTS, DROPPED, LETTERS, MARKS, SCRIPTS, SILENT, SPACES, SYMBOLS, double_struck

MAX_CHARS = 30_000  # what comes after is passed through as it is
MAX_DEPTH = 20  # groups inside groups; deeper braces are only dropped
MAX_MATH_CHARS = 400  # a longer formula is no formula of a title or an abstract: more likely two dollar amounts

_FORMULA = re.compile(
    rf"""
    \\\( (?P<round> .{{1,{MAX_MATH_CHARS}}}? ) \\\)
    | \\\[ (?P<square> .{{1,{MAX_MATH_CHARS}}}? ) \\\]
    | \\.                                                # an escaped character, a dollar sign above all, opens nothing
    | \$\$ (?P<shown> [^$]{{1,{MAX_MATH_CHARS}}} ) \$\$
    | \$ (?=\S) (?P<inline> [^$]{{0,{MAX_MATH_CHARS}}}? [^\s\\$] ) \$ (?!\d)   # "$5 and $10" are amounts
    """,
    re.VERBOSE | re.DOTALL,
)
_TOKEN = re.compile(r"\\[A-Za-z]+\*?\s*|\\.|\\|[{}^_]|[^\\{}^_]+", re.DOTALL)
_NUMBER_OR_WORD = re.compile(r"[\d.,]+|\w+")
_DASH = re.compile(r"(?<=\w)--(?=\w)|(?<=\s)--(?=\s)")
_TIE = re.compile(r"(?<=[\w.)])~(?=[\w(\[$\\])")


def plain_text(text: str) -> str:
    r"""Turn TeX in a text into Unicode: `$10^{-4}$` -> 10⁻⁴, `\textbf{x}` -> x; whitespace is left as it is."""
    head, tail = text[:MAX_CHARS], text[MAX_CHARS:]
    if any(mark in head for mark in "$\\{}~"):
        head = _formulas_and_words(head)
    return unicodedata.normalize("NFC", _typography(head)) + tail


def stretches(*, text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into what is no formula (False) and the formulas in it (True), these without their dollar signs."""
    done = 0
    for found in _FORMULA.finditer(text):
        formula = next((group for group in found.groups() if group), None)
        if formula is None:
            continue
        yield text[done : found.start()], False
        yield formula, True
        done = found.end()
    yield text[done:], False


def plain_formula(*, formula: str) -> str:
    """Turn one formula, without its dollar signs, into Unicode."""
    return _Reader(formula[:MAX_CHARS], math=True).read().strip()


def _formulas_and_words(text: str) -> str:
    pieces = [
        plain_formula(formula=piece) if is_formula else _Reader(_TIE.sub("\u00a0", piece), math=False).read()
        for piece, is_formula in stretches(text=text)
    ]
    return "".join(pieces)


def _typography(text: str) -> str:
    if "``" in text:
        text = text.replace("``", "“").replace("''", "”")
    return _DASH.sub("–", text.replace("---", "—")) if "--" in text else text


class _Reader:
    """Reads one stretch of text or one formula from left to right, each word of it once."""

    def __init__(self, text: str, *, math: bool) -> None:
        self.words: list[str] = _TOKEN.findall(text)[::-1]
        self.math = math

    def read(self, depth: int = 0) -> str:
        """Read up to the brace that closes this group, or to the end."""
        pieces: list[str] = []
        while self.words:
            word = self.words.pop()
            if word == "}" and depth:
                break
            pieces.append(self._piece(word, depth))
        return "".join(pieces)

    def _piece(self, word: str, depth: int) -> str:
        if word == "{":
            return self.read(depth + 1) if depth < MAX_DEPTH else ""
        if word == "}":
            return ""
        if word in SCRIPTS:
            return self._script(word, depth) if self.math else word
        if word.startswith("\\"):
            return self._command(word[1:], depth)
        return word

    def _atom(self, depth: int) -> str:
        """Read what a command or a script applies to: a group, another command, or one character."""
        if not self.words or depth >= MAX_DEPTH:
            return ""
        word = self.words.pop()
        if word == "}":
            self.words.append(word)  # it closes a group that is not ours
            return ""
        if word in "{^_" or word.startswith("\\"):
            return word if word in "^_" else self._piece(word, depth + 1)
        rest = word.lstrip()
        if len(rest) > 1:
            self.words.append(rest[1:])
        return rest[:1]

    def _script(self, mark: str, depth: int) -> str:
        content = self._atom(depth).strip()
        if content in {"∘", "°"}:
            return "°" if mark == "^" else content
        if all(char in MARKS for char in content):
            return content
        table = SCRIPTS[mark]
        compact = content.replace(" ", "")
        if all(char in table for char in compact):
            return "".join(table[char] for char in compact)
        if content in {"⊙", "⊕"}:
            return content  # the Sun's and the Earth's: M⊙
        return f"{mark}{content}" if _NUMBER_OR_WORD.fullmatch(content) else f"{mark}({content})"

    def _command(self, command: str, depth: int) -> str:
        name = command.strip().rstrip("*") or command
        blank = " " if command[-1:].isspace() and len(command) > 1 else ""
        if name in ACCENTS:
            return _accented(self._atom(depth), ACCENTS[name]) or name
        if name in SYMBOLS:
            return SYMBOLS[name] + ("" if name in LETTERS else blank)
        if name in SPACES:
            return SPACES[name]
        if name in SILENT:
            return ""
        if name in DROPPED:
            self._atom(depth)
            return ""
        return self._structure(name, depth) or self._unknown(name, depth) + blank

    def _structure(self, name: str, depth: int) -> str:
        if name in {"frac", "dfrac", "tfrac", "nicefrac", "sfrac"}:
            return f"{_grouped(self._atom(depth))}/{_grouped(self._atom(depth))}"
        if name == "sqrt":
            return f"√{_grouped(self._atom(depth))}"
        if name == "mathbb":
            return "".join(double_struck(letter) for letter in self._atom(depth))
        if name == "not":
            return f"{self._atom(depth)}\u0338"
        return ""

    def _unknown(self, name: str, depth: int) -> str:
        """Print the argument of a command that we do not know; without one, its name is the best there is."""
        if name.isalpha() and self.words and self.words[-1] == "{":
            return self._atom(depth) or name
        return name


def _accented(base: str, mark: str) -> str:
    dotless = {"ı": "i", "ȷ": "j"}.get(base, base)
    return dotless[:1] + mark + dotless[1:] if dotless else ""


def _grouped(content: str) -> str:
    content = content.strip()
    simple = content.replace(".", "").isalnum() or len(content) <= 1
    return content if simple else f"({content})"
