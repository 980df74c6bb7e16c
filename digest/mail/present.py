"""A MailPaper as a mail or a page shows it: plain words, cut to length, links that are safe to follow."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import unescape

from django.utils.translation import gettext, gettext_noop

from digest.mail.tex import plain_text
from digest.types import MailPaper, Reason
from subscriptions.emails import shortened
from subscriptions.text import clean_line

RAW_SHARE = 4  # TeX may take four times the room of what it shows; more is cut unread: a title of 20 MB is no title
MAX_TITLE_CHARS = 300
MAX_ABSTRACT_CHARS = 600
MAX_AUTHOR_CHARS = 80
MAX_TERM_CHARS = 60
MAX_URL_CHARS = 500
AUTHORS_SHOWN = 3
REASONS_SHOWN = 2
ALSO_IN_SHOWN = 3

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,12});")

LINK_NAMES = {"code": "Code", "project": "Project page"}
"""Kinds of links that are shown beside the paper's own, in this order."""

REASON_WORDS = {
    "keyword": gettext_noop("matches “{term}”"),
    "author": gettext_noop("by {term}"),
    "category": gettext_noop("in {term}"),
    "description": gettext_noop("“{term}” is in your description"),
    "paper": gettext_noop("like “{term}”"),
    "words": gettext_noop("“{term}” stands in papers you liked"),
    "meaning": gettext_noop("close to “{term}”"),
}

ASKED_OTHERWISE = {
    "keyword": gettext_noop("matches “{term}” (your keyword: {asked})"),
    "description": gettext_noop("“{term}” is near your description ({asked})"),
}
"""What is said where the paper has the reader's word in another form; what stands in quotes stands in the paper."""


LANGUAGES = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "HEBREW": "he", "THAI": "th",
    "ARABIC": "und-Arab", "CYRILLIC": "und-Cyrl", "DEVANAGARI": "und-Deva",
}  # fmt: skip
"""By script, as Unicode names it: the language, or the script alone where several languages share it (BCP 47)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link beside a paper."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReason:
    """One reason in words, and its part of the score in per cent."""

    words: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPaper:
    """One paper, ready for a template; texts are plain and not escaped yet. `facts` stand above the title."""

    title: str
    url: str
    facts: tuple[str, ...]
    authors: str
    why: str
    abstract: str
    links: tuple[Link, ...]
    reasons: tuple[ShownReason, ...]
    more_url: str
    less_url: str
    why_url: str

    @property
    def title_language(self) -> str:
        """Name the title's language for who reads it aloud and for the shapes of its letters; see language_of."""
        return language_of(text=self.title)

    @property
    def abstract_language(self) -> str:
        """Name the abstract's language."""
        return language_of(text=self.abstract)


def show_paper(*, paper: MailPaper, abstract_chars: int = MAX_ABSTRACT_CHARS) -> ShownPaper:
    """Put a paper into words; its abstract is cut to `abstract_chars`, at a word's end."""
    return ShownPaper(
        title=readable(text=paper.title, limit=MAX_TITLE_CHARS),
        url=paper.url,
        facts=_facts(paper),
        authors=authors_line(names=paper.authors),
        why=clean_line(paper.signal) or reasons_line(reasons=paper.reasons),
        abstract=readable(text=paper.abstract, limit=abstract_chars),
        links=_links(paper),
        reasons=shown_reasons(reasons=paper.reasons),
        more_url=paper.more_url,
        less_url=paper.less_url,
        why_url=paper.why_url,
    )


def readable(*, text: str, limit: int) -> str:
    """Bring a source's text onto one line of plain Unicode, at most `limit` characters of it."""
    return _readable(text[: limit * RAW_SHARE], limit)


@lru_cache(maxsize=10_000)
def language_of(*, text: str) -> str:
    """Name the language of a text by the script of most of its letters; empty for Latin, and for what has none."""
    if text.isascii():
        return ""
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    most, _ = next(iter(scripts.most_common(1)), ("", 0))
    if most == "CJK" and scripts["HIRAGANA"] + scripts["KATAKANA"]:
        return "ja"  # Chinese has no kana
    return LANGUAGES.get(most, "")


def without_entities(*, text: str) -> str:
    """Put the characters in the place of the HTML entities that some sources leave in their texts."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


@lru_cache(maxsize=10_000)  # the day's titles, abstracts, authors and reasons stand in many readers' mails
def _readable(head: str, limit: int) -> str:
    plain = plain_text(without_entities(text=head))
    return shortened(clean_line(plain.replace("\ufffd", "")), limit)


def authors_line(*, names: Sequence[str]) -> str:
    """Name the first authors and count the others: "A, B, C and 31 more"."""
    shown = [readable(text=name, limit=MAX_AUTHOR_CHARS) for name in names[:AUTHORS_SHOWN]]
    more = len(names) - len(shown)
    if more == 1:
        return ", ".join([*shown, readable(text=names[-1], limit=MAX_AUTHOR_CHARS)])
    return ", ".join(shown) + (gettext(" and %(more)d more") % {"more": more} if more else "")


def reasons_line(*, reasons: Sequence[Reason]) -> str:
    """Say why a paper is there, by its two strongest reasons."""
    return " · ".join(reason.words for reason in shown_reasons(reasons=reasons)[:REASONS_SHOWN])


def shown_reasons(*, reasons: Sequence[Reason]) -> tuple[ShownReason, ...]:
    """Put all reasons into words with their shares, the strongest first; what cannot be named is passed over."""
    named = [reason for reason in reasons if reason.kind in REASON_WORDS and reason.term]
    return tuple(ShownReason(words=_reason_in_words(each), percent=round(100 * each.share)) for each in named)


def _reason_in_words(reason: Reason) -> str:
    term, asked = (readable(text=text, limit=MAX_TERM_CHARS) for text in (reason.term, reason.asked))
    words = ASKED_OTHERWISE if asked and reason.kind in ASKED_OTHERWISE else REASON_WORDS
    return gettext(words[reason.kind]).format(term=term, asked=asked)


def day_in_words(*, day: date) -> str:
    """Write a day as a letter would: Friday, 20 November 2026."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def is_safe(*, url: str) -> bool:
    """Tell whether a link may stand in a mail: https, short enough, no blanks."""
    return url.startswith("https://") and len(url) <= MAX_URL_CHARS and clean_line(url) == url and " " not in url


def _facts(paper: MailPaper) -> tuple[str, ...]:
    category = clean_line(paper.primary_category)[:MAX_TERM_CHARS]
    profile = shortened(clean_line(paper.profile), MAX_TERM_CHARS)
    return tuple(fact for fact in (category, profile, _also_in(paper.also_in)) if fact)


def _also_in(names: Sequence[str]) -> str:
    shown = [shortened(clean_line(name), MAX_TERM_CHARS) for name in names[:ALSO_IN_SHOWN]]
    more = gettext(" and %(more)d more") % {"more": len(names) - len(shown)} if len(names) > len(shown) else ""
    return gettext("also in %(names)s") % {"names": f"{', '.join(shown)}{more}"} if shown else ""


def _links(paper: MailPaper) -> tuple[Link, ...]:
    wanted: Mapping[str, str] = {"PDF": paper.pdf_url} | {
        name: paper.links.get(kind, "") for kind, name in LINK_NAMES.items()
    }
    return tuple(Link(name=name, url=url) for name, url in wanted.items() if is_safe(url=url))
