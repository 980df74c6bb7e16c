"""The papers that readers named, as a page shows them: by title when we have it, and what is wrong when we have not."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from subscriptions.models import LibraryPaper

PAGES = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPaper:
    """One paper: its identifier, its title when it is known, and otherwise a word on why it is not."""

    scheme: str
    value: str
    title: str
    url: str
    note: str
    is_unknown: bool


def named_papers(*, entries: Iterable[LibraryPaper], stance: str) -> tuple[NamedPaper, ...]:
    """Give those of one stance, in the order in which they were named."""
    wanted = sorted((entry for entry in entries if entry.stance == stance), key=lambda entry: entry.pk)
    return tuple(_named(entry) for entry in wanted)


def _named(entry: LibraryPaper) -> NamedPaper:
    is_unknown = entry.state == LibraryPaper.State.UNKNOWN
    return NamedPaper(
        scheme=entry.scheme,
        value=entry.value,
        title=entry.title,
        url="" if is_unknown or entry.scheme not in PAGES else PAGES[entry.scheme] + quote(entry.value),
        note=_note(entry),
        is_unknown=is_unknown,
    )


def _note(entry: LibraryPaper) -> str:
    if entry.state == LibraryPaper.State.KNOWN:
        return ""
    if entry.scheme != "arxiv":
        return _("not among our papers yet")
    if entry.state == LibraryPaper.State.UNKNOWN:
        return _("arXiv does not know this id")
    return _("not looked up yet")
