"""Form fields that read what people type: plain text, lists of terms, names of authors, references to papers.

In: text from a form. Out: clean tuples, or one sentence that says what to change.
"""

import re
import unicodedata
import zoneinfo
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from subscriptions.identifiers import UnknownReference, parse_paper_reference
from subscriptions.schedule import is_zone
from subscriptions.taxonomy import NAMES

MAX_LIST_LENGTH = 100_000  # characters; how many entries, and how long each, the services decide

# Marks that turn the direction of text around: harmless to nobody who reads them in a mail's subject or a list.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINE_SEPARATORS = frozenset("\u2028\u2029\x85")
QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "＂": '"'})

# A dash before a word excludes it; in `a -b` it starts a new term as it does in any search box.
EXCLUSION = re.compile(r'(^|[\s,;])[-−–](?=["\w])')
TERM = re.compile(r'-?"[^"]*"|(?:[^,;\n"-]|-(?!"))+')
REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def is_hidden(*, character: str, line_breaks: bool) -> bool:
    """Tell whether a character steers how text is shown instead of being text."""
    if character in "\n\t" and line_breaks:
        return False
    return character in DIRECTION_MARKS or character in LINE_SEPARATORS or unicodedata.category(character) == "Cc"


def clean_text(*, text: str, line_breaks: bool) -> str:
    """Bring text to one Unicode form with plain line ends. This function will refuse characters that hide.

    Raises: ValidationError with one sentence.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(is_hidden(character=character, line_breaks=line_breaks) for character in text):
        raise ValidationError(_("This holds an invisible control character. Please type it anew."), code="hidden")
    if any(unicodedata.category(character) == "Cs" for character in text):
        raise ValidationError(_("This holds half a character. Please type it anew."), code="hidden")
    return text


class PlainField(forms.CharField):
    """One line of text."""

    line_breaks = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        # Django's own message about null characters would stand beside ours for the same fault.
        self.validators = [v for v in self.validators if not isinstance(v, ProhibitNullCharactersValidator)]

    def to_python(self, value: Any) -> str:
        """Clean the text before any length is measured."""
        return clean_text(text=super().to_python(value) or "", line_breaks=self.line_breaks)


class ListField(PlainField):
    """A text area that holds a list; `split` makes items of it."""

    line_breaks = True

    def __init__(self, *, rows: int = 2, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", **kwargs.pop("attrs", {})})
        super().__init__(widget=widget, required=False, max_length=MAX_LIST_LENGTH, **kwargs)

    def split(self, text: str) -> Iterable[Any]:
        """Cut the text into items."""
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        """Give the items, each once, in the order in which they were typed."""
        return tuple(dict.fromkeys(self.split(super().clean(value))))

    def prepare_value(self, value: Any) -> Any:
        """Show a stored list as lines, and what was typed as it was typed."""
        return "\n".join(value) if isinstance(value, list | tuple) else value


class TermsField(ListField):
    """Words and "quoted phrases", separated by commas or lines; a leading minus stays on its term."""

    def split(self, text: str) -> Iterable[str]:
        """Cut at commas, semicolons and line ends, except within quotation marks."""
        text = EXCLUSION.sub(r"\1\n-", text.translate(QUOTES))
        if text.count('"') % 2:
            raise ValidationError(_("A quotation mark is opened but not closed."), code="quotes")
        terms = (" ".join(term.split()) for term in TERM.findall(text))
        return [term for term in terms if term.strip('"- ')]


class AuthorsField(ListField):
    """Names of authors: one a line, or separated by semicolons or commas."""

    def split(self, text: str) -> Iterable[str]:
        """Cut into names; "Family, Given" on a line of its own is turned round."""
        return [name for chunk in re.split(r"[;\n]", text) for name in split_names(chunk=chunk)]


class PapersField(ListField):
    """arXiv ids, DOIs and links; gives (scheme, value) pairs."""

    def split(self, text: str) -> Iterable[tuple[str, str]]:
        """Read each reference. This function will name all that could not be read in one sentence."""
        found, unknown = read_all(re.split(r"[\s,;]+", text), read=parse_paper_reference)
        if unknown:
            listed = ", ".join(f"“{word[:40]}”" for word in unknown[:3])
            more = _(" and %(count)d more") % {"count": len(unknown) - 3} if len(unknown) > 3 else ""
            raise ValidationError(
                _("No arXiv id, DOI or link to a paper: %(listed)s%(more)s."),
                params={"listed": listed, "more": more},
                code="reference",
            )
        return found

    def prepare_value(self, value: Any) -> Any:
        """Show stored pairs as a person would write them."""
        if isinstance(value, list | tuple):
            return "\n".join(written(scheme=scheme, value=name) for scheme, name in value)
        return value


def read_all(
    words: Iterable[str], *, read: Callable[[str], tuple[str, str]]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Read every word that is not empty. Returns: what was understood, and the words that were not."""
    found: list[tuple[str, str]] = []
    unknown: list[str] = []
    for word in filter(None, words):
        try:
            found.append(read(word))
        except UnknownReference:
            unknown.append(word)
    return found, unknown


def written(*, scheme: str, value: str) -> str:
    """Write an identifier as a person would. This function will leave out the scheme where it is plain to see."""
    return value if scheme in {"arxiv", "doi"} else f"{scheme}:{value}"


def split_names(*, chunk: str) -> list[str]:
    """Cut a line of names at its commas, unless the only comma stands between a family and a given name."""
    parts = [" ".join(part.split()) for part in chunk.split(",") if part.strip()]
    if len(parts) == 2 and not (" " in parts[0] and " " in parts[1]):
        return [f"{parts[1]} {parts[0]}"]
    return parts


class CategoriesField(forms.MultipleChoiceField):
    """Ticked categories; `kept` are codes beyond our own list that this reader has, and may keep."""

    kept: tuple[str, ...] = ()

    def valid_value(self, value: str) -> bool:
        """Take what can be ticked on the page."""
        return value in NAMES or value in self.kept


class ZoneSelect(forms.Select):
    """A select of more than four hundred zones, written in one go: Django renders a template for each option."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,  # noqa: ARG002 - Django's signature
    ) -> SafeString:
        """Write the select; a zone that is not on offer, such as an alias, is shown first when it is the value."""
        chosen = str(value or "UTC")
        regions = zones_by_region()
        is_known = chosen == "UTC" or any(chosen in zones for zones in regions.values())
        options = [_options(("UTC",), chosen) if is_known else _options(("UTC", chosen), chosen)]
        for region, zones in regions.items():
            options.append(_region(region, zones, chosen if chosen in zones else ""))
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", attributes, SafeString("".join(options)))


@cache
def _region(region: str, zones: tuple[str, ...], chosen: str) -> SafeString:
    return format_html('<optgroup label="{}">{}</optgroup>', region, _options(zones, chosen))


def _options(zones: tuple[str, ...], chosen: str) -> SafeString:
    marks = {chosen: SafeString(" selected")}
    rows = ((zone, marks.get(zone, ""), zone_label(zone=zone) or zone) for zone in zones)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


class ZoneField(PlainField):
    """The name of a time zone."""

    widget = ZoneSelect

    def validate(self, value: str) -> None:
        """Take every zone that the timetable knows, on offer or not."""
        super().validate(value)
        if value and not is_zone(value):
            raise ValidationError(_("“%(zone)s” is no time zone that we know."), params={"zone": value[:64]})


@cache
def zones_by_region() -> dict[str, tuple[str, ...]]:
    """List the time zones that people live in."""
    zones = sorted(zoneinfo.available_timezones())
    return {region: tuple(zone for zone in zones if zone.startswith(f"{region}/")) for region in REGIONS}


def zone_label(*, zone: str) -> str:
    """Name a zone by its place: "Berlin", "Indiana: Vincennes"."""
    return ": ".join(zone.split("/")[1:]).replace("_", " ")
