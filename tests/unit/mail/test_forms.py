"""A mail put together from pieces is the mail that its templates say when they are rendered at once."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.mail import forms
from digest.mail.forms import WHOLE
from digest.mail.present import ShownPaper, show_paper
from digest.mail.render import UNFOLDED, heading, render_digest, sections_of
from digest.types import MailDigest, MailPaper, Reason
from subscriptions.emails import shortened, site_words, tidy_text, with_styles
from subscriptions.mail_bytes import to_bytes
from tests.unit.mail.samples import empty, everyday, long_words, make_mail_digest, make_mail_paper, many, only_trending

pytestmark = pytest.mark.usefixtures("site")

WORDS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(list(" .&<>\"'=\xa0\ue000\ue001-")),
        st.sampled_from(list("题名שלוםتعلّم")),
    ),
    max_size=120,
)


@st.composite
def papers(draw: st.DrawFn) -> MailPaper:
    """Invent a paper of any words."""
    return make_mail_paper(
        title=draw(WORDS) or "A title",
        abstract=draw(WORDS) * 4,
        authors=tuple(draw(st.lists(WORDS, max_size=3))),
        profile=draw(WORDS),
        also_in=tuple(draw(st.lists(WORDS, max_size=2))),
        reasons=(Reason(kind="keyword", term=draw(WORDS), share=0.5),),
        more_url=draw(st.sampled_from(["", "https://papers.example.org/more/AbC-1_2/"])),
        less_url="https://papers.example.org/less/AbC-1_2/",
    )


def at_once(digest: MailDigest, matched: list[ShownPaper], trending: list[ShownPaper]) -> tuple[str, str]:
    """Render both parts whole, as one would without pieces."""
    titles = [paper.title for paper in (*matched, *trending)]
    message = render_digest(digest=digest)
    context: dict[str, Any] = {
        **site_words(),
        **WHOLE,
        "sections": sections_of(matched=matched, trending=trending),
        "heading": heading(digest=digest),
        "day": "Tuesday, 9 June 2026",
        "subject": message.subject,
        "preheader": shortened(" · ".join(titles[1:4]), 140),
        "empty_reason": digest.empty_reason,
        "unfolded": UNFOLDED if any(paper.abstract for paper in (*matched, *trending)) else None,
        "n_left": 0,
        "only_trending": bool(digest.trending) and not digest.matched,
        "manage_url": digest.manage_url,
        "unsubscribe_url": digest.unsubscribe_url,
        "browser_url": digest.browser_url,
    }
    text, html = (render_to_string(f"email/digest/body.{kind}", context) for kind in ("txt", "html"))
    return tidy_text(text=text), with_styles(html=html)


def from_pieces(digest: MailDigest) -> tuple[str, str]:
    """Render both parts as they are sent."""
    message = render_digest(digest=digest)
    return str(message.body), str(message.alternatives[0][0])


def shown(papers: Any) -> list[ShownPaper]:
    """Show papers, those after the first UNFOLDED in short."""
    each = [show_paper(paper=paper) for paper in papers]
    return [*each[:UNFOLDED], *(replace(paper, abstract="") for paper in each[UNFOLDED:])]


@pytest.mark.parametrize("sample", [everyday, only_trending, empty, many, long_words])
def test_pieces_equal_the_whole(sample: Any) -> None:
    digest = sample()

    assert from_pieces(digest) == at_once(digest, shown(digest.matched), shown(digest.trending))


@given(matched=st.lists(papers(), max_size=3), trending=st.lists(papers(), max_size=2))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_pieces_equal_the_whole_whatever_the_words(matched: list[MailPaper], trending: list[MailPaper]) -> None:
    digest = make_mail_digest(matched=tuple(matched), trending=tuple(trending))

    assert from_pieces(digest) == at_once(digest, shown(matched), shown(trending))


@given(matched=st.lists(papers(), min_size=1, max_size=2))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_bytes_that_travel_say_what_the_message_says(matched: list[MailPaper]) -> None:
    message = render_digest(digest=make_mail_digest(matched=tuple(matched)))

    raw = to_bytes(message=message)

    read = message_from_bytes(raw, policy=default)
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    assert text is not None
    assert html is not None
    assert said(text) == str(message.body).strip("\n")
    assert said(html) == str(message.alternatives[0][0]).strip("\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.isascii()


def said(part: Any) -> str:
    """Read a part with line feeds, as it was written."""
    return str(part.get_content()).replace("\r\n", "\n").strip("\n")


@pytest.mark.parametrize("sample", [everyday, only_trending, empty])
def test_the_headers_are_those_that_django_writes(sample: Any) -> None:
    message = render_digest(digest=sample())
    ours, djangos = (message_from_bytes(raw, policy=default) for raw in (to_bytes(message=message), django(message)))
    own = {"content-type", "mime-version", "date"}

    read = [[(name, str(value)) for name, value in each.items() if name.lower() not in own] for each in (ours, djangos)]

    assert read[0] == read[1]
    assert {name.lower() for name in ours} == {name.lower() for name in djangos}


def django(message: Any) -> bytes:
    """Let Django write a mail."""
    return bytes(message.message().as_bytes(linesep="\r\n"))


def test_a_paper_is_rendered_once_for_two_readers_with_other_reasons() -> None:
    forms._paper_forms.cache_clear()
    for term in ("folding", "memory"):
        reasons = (Reason(kind="keyword", term=term, share=0.9),)
        render_digest(digest=make_mail_digest(matched=(make_mail_paper(title="One paper", reasons=reasons),)))

    assert forms._paper_forms.cache_info().misses == 1


def test_a_paper_that_is_shown_otherwise_is_another_piece() -> None:
    forms._paper_forms.cache_clear()
    for abstract in ("In full.", ""):
        render_digest(digest=make_mail_digest(matched=(make_mail_paper(title="One paper", abstract=abstract),)))

    assert forms._paper_forms.cache_info().misses == 2
