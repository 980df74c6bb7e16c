"""templates/email/digest -> forms: each paper, and each shape of a mail, rendered and encoded once a process.

What differs from reader to reader has a place in them: the reasons, the interests' names, the signed links.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.template.defaultfilters import wordwrap
from django.template.loader import render_to_string

from digest.mail.pieces import Form, Piece, encode, filler, form_of, place
from digest.mail.present import ShownPaper
from subscriptions.emails import tidy_text, with_styles

TEXT_COLUMNS, WHY_COLUMNS = 72, 70
PAPERS_KEPT, FRAMES_KEPT = 2_000, 500  # about 10 kB each
BEGINS, ENDS = "<!--begins-->", "<!--ends-->"
WHOLE = {"paper_txt": "email/digest/paper.txt", "paper_html": "email/digest/paper.html"}
OUTLINE = {"paper_txt": "email/digest/place.txt", "paper_html": "email/digest/place.html"}
URLS = ("more_url", "less_url", "why_url")  # a paper's, signed for its reader
READERS_OWN = ("heading", "day", "subject", "browser_url", "manage_url", "unsubscribe_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The two parts of a mail, or of a piece of one."""

    text: Piece
    html: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """What both parts are filled from."""

    text: Form
    html: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """All that shapes a mail around its papers; `site` holds what every mail may say of the site."""

    sections: tuple[tuple[str, int], ...]
    unfolded: int | None
    n_left: int
    only_trending: bool
    empty_reason: str
    has_preheader: bool
    site: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A paper of an outline: where its piece will stand."""

    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    title: str
    papers: tuple[_Place, ...]


def fill_outline(*, outline: Outline, words: dict[str, str], papers: Sequence[Sequence[ShownPaper]]) -> Parts:
    """Write a whole mail: `words` fills READERS_OWN and "preheader"; `papers` are those of each section, in order."""
    forms = _outline_forms(outline)
    texts = {name: encode(text=value) for name, value in words.items()}
    htmls = {name: _in_html(value) for name, value in words.items()}
    for number, section in enumerate(papers):
        for position, paper in enumerate(section):
            filled = fill_paper(paper=paper, ruled=position > 0)
            texts[_name(number, position)], htmls[_name(number, position)] = filled.text, filled.html
    return Parts(text=forms.text.fill(texts), html=forms.html.fill(htmls))


def fill_paper(*, paper: ShownPaper, ruled: bool) -> Parts:
    """Write one paper for its reader; `ruled` puts a line above it."""
    forms = _paper_forms(_with_places(paper), ruled=ruled)
    facts = " · ".join(paper.facts)
    urls = {name: encode(text=getattr(paper, name)) for name in URLS}
    text = {"facts": _in_text(facts, TEXT_COLUMNS), "why": _in_text(paper.why, WHY_COLUMNS), **urls}
    html = {"facts": _in_html(facts), "why": _in_html(paper.why), **urls}
    return Parts(text=forms.text.fill(text), html=forms.html.fill(html))


def _with_places(paper: ShownPaper) -> ShownPaper:
    """Keep of a paper what is the same for all its readers, and which of the rest there is."""
    return replace(
        paper,
        facts=(place("facts"),) if paper.facts else (),
        why=place("why") if paper.why else "",
        more_url=place("more_url") if paper.more_url else "",
        less_url=place("less_url") if paper.less_url else "",
        why_url=place("why_url") if paper.why_url else "",
        reasons=(),
    )


@lru_cache(maxsize=PAPERS_KEPT)
def _paper_forms(paper: ShownPaper, *, ruled: bool) -> Forms:
    context = {"paper": paper, "ruled": ruled}
    text = render_to_string(WHOLE["paper_txt"], context)
    html = render_to_string(WHOLE["paper_html"], context)
    styled = with_styles(html=f"<table><tbody>{BEGINS}{html}{ENDS}</tbody></table>")
    inner = styled.partition(BEGINS)[2].partition(ENDS)[0]
    tidy = tidy_text(text=f"1. {text}").removeprefix("1. ").rstrip("\n")  # as it will stand behind its number
    return Forms(text=form_of(text=tidy), html=form_of(text=inner.strip("\n")))


@lru_cache(maxsize=FRAMES_KEPT)
def _outline_forms(outline: Outline) -> Forms:
    context = {
        **dict(outline.site),
        **OUTLINE,
        **{name: place(name) for name in READERS_OWN},
        "sections": [
            _Places(title=title, papers=tuple(_Place(place=place(_name(number, each))) for each in range(count)))
            for number, (title, count) in enumerate(outline.sections)
        ],
        "preheader": place("preheader") if outline.has_preheader else "",
        "unfolded": outline.unfolded,
        "n_left": outline.n_left,
        "only_trending": outline.only_trending,
        "empty_reason": outline.empty_reason,
    }
    html = with_styles(html=render_to_string("email/digest/body.html", context)).replace("<!--\ue000", "\ue000")
    text = tidy_text(text=render_to_string("email/digest/body.txt", context))
    return Forms(text=form_of(text=text), html=form_of(text=html.replace("\ue001-->", "\ue001")))


def _name(section: int, position: int) -> str:
    return f"paper_{section}_{position}"


def _in_text(text: str, columns: int) -> Piece:
    fits = len(text) <= columns and not text.endswith(" ")  # then the filter, which takes its time, changes nothing
    return encode(text=text if fits else wordwrap(text, columns))


def _escape(text: str) -> str:
    """Escape as the HTML around it was written by the inliner, which no text of ours can be told from."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")


_in_html = filler(escape=_escape)
