"""What became of a list of papers, in words and in an order that a person reads."""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from digest.mail.present import day_in_words, readable
from digest.pipeline.accounts import Problem
from digest.pipeline.bring import Outcome
from subscriptions.models import LibraryImport, LinkedLibrary
from subscriptions.views.words import local

LONGEST_TITLE = 200
FEW = 12  # lines that are shown without being asked for
PAGES = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/"}

COUNTED = {
    Outcome.ADDED: ngettext_lazy("%(count)d paper found and added", "%(count)d papers found and added", "count"),
    Outcome.ASKED: ngettext_lazy("%(count)d paper to be looked up", "%(count)d papers to be looked up", "count"),
    Outcome.KEPT: ngettext_lazy("%(count)d paper kept by its DOI", "%(count)d papers kept by their DOI", "count"),
    Outcome.THERE: ngettext_lazy("%(count)d was there already", "%(count)d were there already", "count"),
    Outcome.NO_ROOM: ngettext_lazy("%(count)d found no room", "%(count)d found no room", "count"),
    Outcome.NO_NAME: ngettext_lazy("%(count)d not among our papers", "%(count)d not among our papers", "count"),
    Outcome.OTHER_NAME: ngettext_lazy(
        "%(count)d with a name that we cannot look up", "%(count)d with names that we cannot look up", "count"
    ),
    Outcome.NOTHING: ngettext_lazy(
        "%(count)d without a title and an id", "%(count)d without a title and an id", "count"
    ),
    Outcome.NO_PAPER: ngettext_lazy("%(count)d line is no paper", "%(count)d lines are no papers", "count"),
    Outcome.FEED: ngettext_lazy("%(count)d is a feed, no paper", "%(count)d are feeds, no papers", "count"),
    Outcome.BROKEN: ngettext_lazy("%(count)d entry is broken", "%(count)d entries are broken", "count"),
}
"""In the order of the page."""
WHY: dict[Outcome, str | Promise] = {
    Outcome.ADDED: _("The interest learns from these from the next mail on."),
    Outcome.ASKED: _("arXiv is asked for these; they count as soon as it has answered, within the hour."),
    Outcome.KEPT: _("We do not have these yet. They count as soon as one of our sources brings them."),
    Outcome.THERE: _("The interest knew these; what you said of them stays as it was."),
    Outcome.NO_ROOM: _("The interest is full. Please bring these to another one."),
    Outcome.NO_NAME: _("No paper of ours has this title and first author, and there is no arXiv id or DOI to ask for."),
    Outcome.OTHER_NAME: _("Only arXiv ids and DOIs can be looked up."),
    Outcome.NOTHING: _("There is nothing to find these by."),
    Outcome.NO_PAPER: _("An id, a link, or a title of three words or more would do."),
    Outcome.FEED: _("These are addresses to subscribe to. Please upload a feed's own file instead."),
    Outcome.BROKEN: _("Brackets or quotes do not match, or the file breaks off here."),
}
REFUSALS: dict[str, str | Promise] = {
    "zip": _("This is an archive. Please unpack it and upload the list that is in it."),
    "pdf": _("This is a PDF. Please upload a list of papers: BibTeX, RIS, or one id a line."),
    "database": _("This is a database. Please export your library from the program that it belongs to."),
    "binary": _("This is no text, so there is no list of papers in it."),
    "empty": _("There is nothing in it."),
    "damaged": _("This file is damaged, or is no list of papers."),
}

PROBLEMS: dict[str, str | Promise] = {
    Problem.KEY_REFUSED: _("Zotero refuses this key for this library. Please make a new one and give it below."),
    Problem.NO_LIBRARY: _("Zotero has no such library. Please look at its number again."),
    Problem.NO_PERSON: _("ORCID has no open record under this iD. Please look at it again."),
    Problem.SEALED: _("The key that was kept can no longer be opened. Please give it again below."),
    Problem.AWAY: _("The service could not be reached. It is asked again."),
    Problem.UNREADABLE: _("The service answered in a way that we cannot read. It is asked again."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAccount:
    """An account that is followed; `day` and `problem` are empty when there is none, `last` leads to what came last."""

    key: int
    name: str
    interest: str
    day: str
    problem: str
    last: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """One entry of a list; `url` is empty when it leads nowhere."""

    title: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The entries of one outcome: how many in words, what it means, and each of them."""

    words: str
    why: str
    lines: tuple[ShownLine, ...]
    is_good: bool

    @property
    def is_short(self) -> bool:
        """Tell whether all lines are shown without being asked for."""
        return len(self.lines) <= FEW


def groups(*, row: LibraryImport) -> list[Group]:
    """Put the lines of a report together by what became of them."""
    by_outcome: dict[str, list[ShownLine]] = defaultdict(list)
    for line in row.lines:
        by_outcome[line["outcome"]].append(_shown(line))
    return [
        Group(
            words=str(words % {"count": len(by_outcome[outcome])}),
            why=str(WHY[outcome]),
            lines=tuple(by_outcome[outcome]),
            is_good=outcome in (Outcome.ADDED, Outcome.ASKED, Outcome.KEPT, Outcome.THERE),
        )
        for outcome, words in COUNTED.items()
        if by_outcome[outcome]
    ]


def account(*, row: LinkedLibrary, timezone: str) -> ShownAccount:
    """Say how it stands with an account; the day is the reader's own."""
    return ShownAccount(
        key=row.pk,
        name=f"{row.get_kind_display()} {row.library}",
        interest=row.profile.name,
        day=day_in_words(day=local(at=row.read_at, timezone=timezone).date()) if row.read_at else "",
        problem=str(PROBLEMS.get(row.problem, "")),
        last=row.last_import_id,
    )


def refusal(*, row: LibraryImport) -> str:
    """Say why a list could not be read."""
    return str(REFUSALS.get(row.refusal, REFUSALS["damaged"]))


def _shown(line: dict[str, str]) -> ShownLine:
    scheme, _colon, value = line["reference"].partition(":")
    url = PAGES[scheme] + quote(value) if scheme in PAGES else ""
    return ShownLine(
        title=readable(text=line["title"], limit=LONGEST_TITLE) or (line["reference"] if not url else ""),
        name=line["reference"],
        url=url,
    )
