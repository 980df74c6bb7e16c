"""Everything that a paper's own page says of it, in words and links that are safe to show."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from digest.arxiv import canonical_category
from digest.mail.content import to_mail_paper
from digest.mail.present import Link, day_in_words, is_safe, language_of, readable, signal_in_words
from digest.models import Paper
from digest.views.formulas import with_formulas
from subscriptions.taxonomy import NAMES

TITLE_CHARS, ABSTRACT_CHARS, NAME_CHARS, LINE_CHARS = 2_000, 20_000, 300, 500
AUTHORS_SHOWN = 40  # the others are folded away
KINDS = ("code", "project", "huggingface")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author, the papers by that name, and the way to follow them."""

    name: str
    search_url: str
    follow_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A category and its page."""

    code: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version; without an address where the source has none of single versions."""

    number: int
    day: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A paper in full. `title` and `abstract` are HTML with formulas; `plain_title` is for <title>."""

    paper_id: int
    plain_title: str
    summary: str
    title: SafeString
    abstract: SafeString
    title_language: str
    abstract_language: str
    people: tuple[Person, ...]
    more_people: tuple[Person, ...]
    subjects: tuple[Subject, ...]
    names: tuple[str, ...]
    submitted: str
    updated: str
    versions: tuple[Version, ...]
    links: tuple[Link, ...]
    comments: str
    journal: str
    licence_url: str
    signal: str
    withdrawn: bool


def sheet(*, paper: Paper) -> Sheet:
    """Put a row, with its identifiers and versions, into words."""
    shown = to_mail_paper(paper=paper, signal="")
    names = {name.scheme: name.value for name in paper.identifiers.all()}
    people = tuple(_person(readable(text=name, limit=NAME_CHARS)) for name in shown.authors)
    plain_title = readable(text=paper.title, limit=300) or _("A paper without a title")
    abstract = readable(text=paper.abstract, limit=ABSTRACT_CHARS)
    return Sheet(
        paper_id=paper.pk,
        plain_title=plain_title,
        summary=readable(text=paper.abstract, limit=200),
        title=with_formulas(text=paper.title, limit=TITLE_CHARS) or SafeString(""),
        abstract=with_formulas(text=paper.abstract, limit=ABSTRACT_CHARS),
        title_language=language_of(text=plain_title),
        abstract_language=language_of(text=abstract),
        people=people[:AUTHORS_SHOWN],
        more_people=people[AUTHORS_SHOWN:],
        subjects=tuple(_subject(str(code)) for code in paper.categories),
        names=tuple(f"{'arXiv' if scheme == 'arxiv' else scheme.upper()}:{value}" for scheme, value in names.items()),
        submitted=_day(paper.submitted_at),
        updated=_day(paper.updated_at) if _is_later(paper) else "",
        versions=_versions(paper, names.get("arxiv", "")),
        links=tuple(_links(paper, shown.url, shown.pdf_url)),
        comments=readable(text=paper.comments, limit=LINE_CHARS),
        journal=readable(text=paper.journal_ref, limit=LINE_CHARS),
        licence_url=_https(paper.licence),
        signal=signal_in_words(note=paper.trending_note),
        withdrawn=paper.withdrawn,
    )


def _person(name: str) -> Person:
    asked = urlencode({"author": name})
    return Person(name=name, search_url=f"{reverse('search')}?{asked}", follow_url=f"{reverse('sign_up')}?{asked}")


def _subject(code: str) -> Subject:
    today = canonical_category(code)
    return Subject(code=code, name=NAMES.get(today, ""), url=reverse("category", args=[today]) if today else "")


def _links(paper: Paper, url: str, pdf_url: str) -> list[Link]:
    words = {"code": _("Code"), "project": _("Project page"), "huggingface": _("Hugging Face")}
    wanted = [(_("Abstract page"), url), (_("PDF"), pdf_url)]
    wanted += [(words[kind], str(paper.links.get(kind, ""))) for kind in KINDS]
    return [Link(name=name, url=address) for name, address in wanted if is_safe(url=address)]


def _versions(paper: Paper, arxiv: str) -> tuple[Version, ...]:
    rows = sorted(paper.versions.all(), key=lambda row: -row.number)
    return tuple(
        Version(
            number=row.number,
            day=_day(row.submitted_at),
            url=f"https://arxiv.org/abs/{arxiv}v{row.number}" if arxiv else "",
        )
        for row in rows
    )


def _is_later(paper: Paper) -> bool:
    """Tell whether the latest version is of another day than the first."""
    return bool(paper.updated_at and paper.submitted_at and paper.updated_at.date() > paper.submitted_at.date())


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    return day_in_words(day=moment.date() if isinstance(moment, datetime) else moment)


def _https(address: str) -> str:
    secure = address.replace("http://", "https://", 1)
    return secure if is_safe(url=secure) else ""
