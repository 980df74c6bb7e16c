"""TeX in titles and abstracts -> MathML that browsers draw by themselves; whatever cannot be drawn stays Unicode.

Nothing of the source reaches the page but the elements and attributes that are listed here: TeX can name links,
styles and scripts, MathML can carry them.
"""

import re
from functools import lru_cache
from string import ascii_letters, digits

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from latex2mathml.converter import convert
from lxml import etree

from digest.mail.present import RAW_SHARE, readable, without_entities
from digest.mail.tex import plain_formula, plain_text, stretches
from subscriptions.text import clean_line

MAX_FORMULA_CHARS = 400
MAX_DEPTH = 12  # of braces and of elements; what is nested deeper is shown as Unicode
MAX_FORMULAS = 60  # in one text
SIMPLE = frozenset(f"{ascii_letters}{digits}.,%")  # a formula of these alone reads as well without being drawn

_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS_LISTED = """
math mrow mi mn mo mtext mspace msub msup msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd mstyle
mpadded mphantom menclose
"""
_ELEMENTS = frozenset(_ELEMENTS_LISTED.split())
_VARIANTS_LISTED = """
normal bold italic bold-italic double-struck script bold-script fraktur bold-fraktur sans-serif bold-sans-serif
sans-serif-italic sans-serif-bold-italic monospace
"""
_ATTRIBUTES = {
    "mathvariant": frozenset(_VARIANTS_LISTED.split()),
    "stretchy": frozenset({"true", "false"}),
    "fence": frozenset({"true", "false"}),
    "form": frozenset({"prefix", "infix", "postfix"}),
    "displaystyle": frozenset({"true", "false"}),
    "accent": frozenset({"true", "false"}),
    "linethickness": frozenset({"0", "0px"}),
}
_WIDTH = re.compile(r"-?\d{0,2}(\.\d{1,4})?em")
_PARTS = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "mroot": 2, "msubsup": 3, "munderover": 3}
"""How many children an element must have: half a fraction would be drawn as an error."""


def with_formulas(*, text: str, limit: int) -> SafeString:
    """Give a source's text as HTML on one line, its formulas as MathML; a longer one than `limit` as Unicode, cut."""
    shown = readable(text=text, limit=limit)
    raw = without_entities(text=text)
    if len(text) > limit * RAW_SHARE or shown.endswith("…") or "$" not in raw and "\\" not in raw:
        return format_html("{}", shown)
    return _mixed(raw)


@lru_cache(maxsize=4096)
def mathml(formula: str) -> SafeString | None:
    """Draw one formula; None when it is plain text, or nothing that can be drawn safely."""
    if len(formula) > MAX_FORMULA_CHARS or _depth(formula) > MAX_DEPTH or SIMPLE.issuperset(formula):
        return None
    try:
        drawn = etree.fromstring(convert(formula).encode(), parser=_parser())
    except Exception:  # noqa: BLE001 - its errors share no class, and a formula is worth no page
        return None
    if not _is_clean(drawn, 0):
        return None
    etree.cleanup_namespaces(drawn)
    return mark_safe(etree.tostring(drawn, encoding="unicode"))  # noqa: S308 - each element and attribute is listed


def _mixed(text: str) -> SafeString:
    pieces: list[SafeString] = []
    n_drawn = 0
    for piece, is_formula in stretches(text=text):
        drawn = mathml(piece.strip()) if is_formula and n_drawn < MAX_FORMULAS else None
        n_drawn += is_formula
        if drawn is not None:
            pieces.append(drawn)
        else:
            pieces.append(format_html("{}", plain_formula(formula=piece) if is_formula else _line(piece)))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _line(text: str) -> str:
    """Bring a stretch of text onto one line; the blanks at its ends part it from a formula."""
    shown = clean_line(plain_text(text).replace("\ufffd", ""))
    before, after = " " if text[:1].isspace() else "", " " if text[-1:].isspace() else ""
    return f"{before}{shown}{after}" if shown else before or after


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _depth(formula: str) -> int:
    depth = deepest = 0
    for character in formula:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    return deepest + formula.count("\\left") + formula.count("\\begin")


def _is_clean(element: "etree._Element", depth: int) -> bool:
    """Tell whether an element and all in it are listed; attributes that are not are taken away."""
    name = str(element.tag).removeprefix(_NAMESPACE)  # of a comment it is the name of a function
    if name not in _ELEMENTS or depth > 4 * MAX_DEPTH or "\\" in (element.text or ""):
        return False
    if len(element) != _PARTS.get(name, len(element)):
        return False
    for key, value in element.attrib.items():
        name, text = str(key), str(value)
        if text not in _ATTRIBUTES.get(name, ()) and not (name == "width" and _WIDTH.fullmatch(text)):
            del element.attrib[key]
    return all(_is_clean(child, depth + 1) for child in element)
