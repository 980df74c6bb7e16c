"""Text as it should be read: one line, no invisible tricks, entities and TeX accents as characters.

In: text as a source gives it. Out: text fit to store; TeX maths stays as it is.
"""

import html
import html.entities
import re
import unicodedata
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text

# Marks that turn the direction of what follows, and characters that only hide: a title could lie with them.
# The zero-width joiners stay, since Persian and Indic words are spelt with them.
_HIDDEN = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
# Control characters, halves of surrogate pairs (no database takes them) and code points that are no characters.
_NO_CHARACTER = re.compile(
    "[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef"
    + "".join(chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(17))
    + "]"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_SPACE = re.compile(r"\s+")

# A formula of a title or an abstract is short: without the limit, brackets that nobody closes take the square of time.
_MATHS = re.compile(r"(?<!\\)(\$\$.+?(?<!\\)\$\$|\$.+?(?<!\\)\$|\\\(.{1,1000}?\\\)|\\\[.{1,1000}?\\\])", re.DOTALL)
_ACCENT = re.compile(
    r"""\\(?:
        ["'`^~=.]\s*(?:\{\s*(?:\\[ij]|[A-Za-z])?\s*\}|\\[ij](?![A-Za-z])\s?|[A-Za-z])  # \'e \'{e} \'\i
      | [uvHckbdr](?:\s*\{\s*(?:\\[ij]|[A-Za-z])\s*\}|\s+[A-Za-z](?![A-Za-z])|\s*\\[ij](?![A-Za-z])\s?)  # \v{c} \c c
      | [cvH]\s+[A-Za-z]  # \c ca
    )""",
    re.VERBOSE,
)
_LETTER = re.compile(r"\\(?:aa|AA|ae|AE|oe|OE|ss|dh|DH|th|TH|dj|DJ|ng|NG|[oOlLij])(?![A-Za-z])(?:\{\}|\s+(?=[a-z]))?")
_LONE_BRACES = re.compile(r"\{([^\x00-\x7f][\u0300-\u036f]?)\}")
_FONT = re.compile(r"\\(?:textbf|textit|textrm|textsf|textsc|texttt|textnormal|emph|mbox|underline)\s*\{([^{}]*)\}")
_ESCAPED = re.compile(r"\\([&%#_])")
_TIE = re.compile(r"(?:(?<=[\w}.,)])|^)~(?=[\w\\({]|$)")

_TO_TEXT = LatexNodes2Text(keep_comments=True, math_mode="verbatim")


def clean(text: str) -> str:
    """Put a text on one line, without markup entities, control characters and marks that turn its direction."""
    text = _ENTITY.sub(_character, text)
    text = _NO_CHARACTER.sub("", _HIDDEN.sub("", text))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def clean_tex(text: str) -> str:
    r"""Clean a text and write its TeX accents as letters, `Andr\'e` as `André`; what stands in maths is not touched."""
    text = clean(text)
    if "\\" not in text and "~" not in text:
        return text
    pieces = _MATHS.split(text)
    pieces[::2] = [_plain(piece) for piece in pieces[::2]]
    return clean("".join(pieces))


def _character(entity: re.Match[str]) -> str:
    # html.unescape alone would read "&notes;" as "¬es;", as browsers do.
    known = entity[0][1] == "#" or entity[0][1:] in html.entities.html5
    return html.unescape(entity[0]) if known else entity[0]


def _plain(text: str) -> str:
    text = _ACCENT.sub(lambda match: _letter(match[0]), _FONT.sub(r"\1", text))
    text = _LETTER.sub(lambda match: _letter(match[0].strip()), text)
    text = _LONE_BRACES.sub(r"\1", text)
    text = _FONT.sub(r"\1", text)
    return _TIE.sub(" ", _ESCAPED.sub(r"\1", text))


@lru_cache(maxsize=4096)
def _letter(macro: str) -> str:
    letter = unicodedata.normalize("NFC", str(_TO_TEXT.latex_to_text(macro))).strip()
    return letter or macro
