"""The digest's mail."""

import re
from collections.abc import Callable
from email import message_from_bytes
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings

from digest.mail.render import MAX_HTML_BYTES, UNFOLDED, heading, render_digest, sender_id
from digest.types import MailDigest
from subscriptions.mail_bytes import to_bytes
from tests.mailbox import wire_bytes
from tests.unit.mail.samples import (
    DELIVERY_ID,
    empty,
    enormous,
    everyday,
    make_mail_digest,
    make_mail_paper,
    many,
    only_trending,
)

pytestmark = pytest.mark.usefixtures("site")


def html_of(digest: MailDigest) -> str:
    """Render the HTML part."""
    return str(render_digest(digest=digest).alternatives[0][0])


def text_of(digest: MailDigest) -> str:
    """Render the text part."""
    return str(render_digest(digest=digest).body)


def html_bytes(digest: MailDigest) -> int:
    """Count the bytes of the HTML part as it travels."""
    mail = message_from_bytes(to_bytes(message=render_digest(digest=digest)))
    part = next(part for part in mail.walk() if part.get_content_type() == "text/html")
    return len(str(part.get_payload()))


class Elements(HTMLParser):
    """Lists the elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        """Give the attributes of every element of a name."""
        return [attributes for tag, attributes in self.found if tag == name]


def test_it_carries_what_mailbox_providers_ask_of_a_mail_to_many() -> None:
    message = render_digest(digest=everyday()).message()

    assert message["Message-ID"] == f"<{DELIVERY_ID}@papers.example.org>"
    assert message["To"] == "reader@example.org"
    assert message["List-Id"] == "Postprint <digest.papers.example.org>"
    assert message["List-Unsubscribe"].split(", ") == [
        f"<{everyday().one_click_url}>",
        "<mailto:digest@papers.example.org?subject=unsubscribe>",
    ]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "bulk"
    assert message["Feedback-ID"] == "20260609:papers.example.org:digest:postprint"


def test_the_same_digest_rendered_again_has_the_same_message_id() -> None:
    first, second = (render_digest(digest=everyday()).message()["Message-ID"] for _ in range(2))

    assert first == second


def test_leaving_by_mail_goes_to_the_contact_when_there_is_one(site: LazySettings) -> None:
    site.CONTACT_EMAIL = "help@example.org"

    assert (
        "<mailto:help@example.org?subject=unsubscribe>"
        in render_digest(digest=everyday()).message()["List-Unsubscribe"]
    )


def test_leaving_by_mail_goes_to_the_bounce_address_of_this_mail_when_there_is_one(site: LazySettings) -> None:
    site.BOUNCE_ADDRESS = "bounces@papers.example.org"
    digest = everyday()

    header = render_digest(digest=digest).message()["List-Unsubscribe"]

    assert f"<mailto:bounces+u{UUID(digest.delivery_id).hex}@papers.example.org>" in header


@pytest.mark.parametrize(("name", "sender"), [("Postprint", "postprint"), ("Lab", "labdigest"), ("X" * 40, "x" * 15)])
def test_the_sender_id_is_5_to_15_letters(site: LazySettings, name: str, sender: str) -> None:
    site.SITE_NAME = name

    assert sender_id() == sender


@pytest.mark.parametrize(
    ("digest", "subject"),
    [
        (everyday, "3 new papers, 2 trending: Small State Space Models Remember More Than They Should"),
        (only_trending, "2 trending papers: 大規模言語モデルの発明された振る舞いについて"),
        (empty, "No new papers on Tuesday, 9 June 2026"),
        (lambda: make_mail_digest(matched=[make_mail_paper(title="Wow!!! It Works!")]), "1 new paper: Wow It Works"),
    ],
)
def test_the_subject_says_something(digest: Callable[[], MailDigest], subject: str) -> None:
    assert render_digest(digest=digest()).subject == subject


@pytest.mark.parametrize(
    "ending", ["\r\nBcc: x@example.org", "\u2028Bcc: x@example.org", "\x0bBcc: x@example.org", "\u202e"]
)
def test_a_title_cannot_write_a_header(ending: str) -> None:
    message = render_digest(digest=make_mail_digest(matched=[make_mail_paper(title=f"Title{ending}")])).message()

    assert message["Bcc"] is None
    assert not re.search(r"[\r\n\x00-\x1f\u2028\u202e]", str(message["Subject"]))


def test_both_parts_say_who_wrote_what_why_and_where() -> None:
    text, html = text_of(everyday()), html_of(everyday())

    for words in (
        "α-Helix Folding at 10⁻⁴ of the Cost",
        "Erdős Invented, Zoë Übung, Author 0 and 31 more",
        "cs.LG · Sparse memory · also in Speech",
        "matches “state space model” · by A. Example",
        "118 upvotes on Hugging Face",
        "https://arxiv.org/abs/2606.00001",
        "https://arxiv.org/pdf/2606.00001",
        "https://code.example.org/ssm",
        "12 Example Street",
    ):
        assert words in text
        assert words in html
    assert "in cs.LG" not in text  # the third reason


def test_titles_and_abstracts_are_escaped() -> None:
    page = html_of(everyday())

    assert '&lt;b&gt;Bold&lt;/b&gt; Claims &amp; "Quotes"' in page
    assert "<script" not in page
    assert "<b>" not in page


def test_the_text_part_is_not_escaped() -> None:
    assert '<b>Bold</b> Claims & "Quotes" Considered Harmful' in text_of(everyday())


def test_trending_papers_stand_under_a_heading_of_their_own() -> None:
    text = text_of(everyday())

    assert (
        text.index("== For you ==") < text.index("2606.00003") < text.index("== Trending ==") < text.index("2606.00004")
    )


def test_a_reader_without_interests_is_told_so() -> None:
    assert "for the papers that are trending" in text_of(only_trending())


def test_a_day_without_papers_says_why() -> None:
    text = text_of(empty())

    assert "arXiv announces nothing on Sundays." in text
    assert "Unsubscribe" in text


def test_a_machine_can_read_the_page_aloud() -> None:
    page = Elements(html_of(everyday()))

    assert page.named("html") == [{"lang": "en", "dir": "ltr"}]
    assert [tag for tag, _ in page.found if tag in {"h1", "h2", "h3"}] == ["h1", "h2", *["h3"] * 3, "h2", *["h3"] * 2]
    assert {attributes["dir"] for attributes in page.named("h3")} == {"auto"}
    assert {attributes.get("role") for attributes in page.named("table")} == {"presentation"}


def test_there_is_nothing_to_fetch_and_nothing_that_counts() -> None:
    page = html_of(everyday())

    assert not Elements(page).named("img")
    assert not re.search(r"url\(|@import|<link|<script|src=", page)


def test_every_link_is_the_papers_own_or_the_readers() -> None:
    hosts = {
        re.sub(r"^https://([^/]+)/.*", r"\1", link["href"] or "") for link in Elements(html_of(everyday())).named("a")
    }

    assert hosts == {"arxiv.org", "code.example.org", "ssm.example.org", "papers.example.org"}


def test_styles_are_inlined_and_dark_mode_is_kept() -> None:
    page = html_of(everyday())

    assert all("style" in attributes for attributes in Elements(page).named("h3"))
    assert "prefers-color-scheme: dark" in page
    assert "[data-ogsc]" in page


def test_whatever_comes_no_mailbox_clips_it_and_the_rest_is_counted() -> None:
    page = html_of(enormous())

    shown = page.count("<h3")
    assert MAX_HTML_BYTES / 2 < html_bytes(enormous()) <= MAX_HTML_BYTES
    assert 1 <= shown < 100
    assert f"{100 - shown} more papers on the web page" in page
    assert "Unsubscribe" in page


def test_abstracts_go_before_papers_do() -> None:
    long = "An invented sentence that says little. " * 40
    papers = [make_mail_paper(abstract=long, url=f"https://arxiv.org/abs/2607.{n:05d}") for n in range(45)]

    page = html_of(make_mail_digest(matched=papers))

    assert page.count("<h3") == 45
    assert "more paper" not in page


@pytest.mark.parametrize(("papers", "in_full", "folds"), [(UNFOLDED, UNFOLDED, 0), (UNFOLDED + 1, UNFOLDED, 1)])
def test_papers_after_the_first_of_a_section_are_shown_in_short(papers: int, in_full: int, folds: int) -> None:
    digest = make_mail_digest(matched=many().matched[:papers])

    page, text = html_of(digest), text_of(digest)

    assert page.count("<h3") == papers
    assert page.count('class="abstract"') == in_full
    assert page.count("More papers in short.") == text.count("More papers in short.") == folds


def test_each_section_folds_for_itself() -> None:
    page = html_of(many())

    assert page.count('class="abstract"') == 2 * UNFOLDED
    assert page.count("More papers in short.") == 2


def test_a_title_and_abstract_in_another_script_name_their_language() -> None:
    elements = Elements(html_of(everyday()))

    assert [each.get("lang") for each in elements.named("h3")] == [None, None, "und-Arab", "ja", None]
    assert [each.get("lang") for each in elements.named("p") if each.get("class") == "abstract"][3] == "ja"


def test_outlook_which_knows_no_greatest_width_gets_a_table_of_640_pixels() -> None:
    page = html_of(everyday())

    assert page.count("<!--[if mso]><table") == page.count("</table><![endif]-->") == 1


@pytest.mark.parametrize("sample", [everyday, enormous, many])
def test_no_byte_of_a_mail_needs_8_bits_and_no_line_is_long(sample: Callable[[], MailDigest]) -> None:
    lines = wire_bytes(render_digest(digest=sample())).split(b"\r\n")

    assert max(map(max, filter(None, lines))) < 128
    assert max(map(len, lines)) <= 78
    assert lines.count(b"Content-Transfer-Encoding: quoted-printable") == 2


def test_one_paper_left_over_is_one_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    papers = [make_mail_paper(url=f"https://arxiv.org/abs/2607.{n:05d}") for n in range(2)]
    size = html_bytes(make_mail_digest(matched=papers))
    monkeypatch.setattr("digest.mail.render.MAX_HTML_BYTES", size - 800)

    assert "1 more paper on the web page" in html_of(make_mail_digest(matched=papers))


@pytest.mark.parametrize(
    ("matched", "trending", "words"),
    [(1, 0, "1 new paper"), (2, 1, "2 new papers, 1 trending"), (0, 1, "1 trending paper"), (0, 0, "No new papers")],
)
def test_the_heading_counts(matched: int, trending: int, words: str) -> None:
    digest: Any = make_mail_digest(matched=[make_mail_paper()] * matched, trending=[make_mail_paper()] * trending)

    assert heading(digest=digest) == words


@pytest.mark.parametrize(
    ("digest", "words"),
    [
        (make_mail_digest(matched=[make_mail_paper()]), "new papers that match your interests"),
        (make_mail_digest(trending=[make_mail_paper()]), "the papers that are trending"),
        (empty(), "a note on days without papers"),
    ],
)
def test_the_foot_says_truly_why_the_mail_came(digest: MailDigest, words: str) -> None:
    assert f"because you asked Postprint for {words}" in " ".join(text_of(digest).split())


def test_both_parts_ask_for_more_or_less_of_each_paper() -> None:
    digest = make_mail_digest(
        matched=[make_mail_paper(more_url="https://a.example/m/", less_url="https://a.example/l/")]
    )

    anchors = {attributes["href"] for attributes in Elements(html_of(digest)).named("a")}

    assert {"https://a.example/m/", "https://a.example/l/"} <= anchors
    assert "More like this: https://a.example/m/\nLess like this: https://a.example/l/" in text_of(digest)


def test_where_nobody_can_answer_nothing_is_asked() -> None:
    digest = make_mail_digest(matched=[make_mail_paper(more_url="", less_url="")])

    assert "like this" not in html_of(digest)
    assert "like this" not in text_of(digest)


def test_a_hundred_papers_with_their_questions_are_not_clipped() -> None:
    digest = make_mail_digest(matched=[make_mail_paper(title=f"Paper {number}") for number in range(100)])

    html = html_of(digest)

    assert html_bytes(digest) <= MAX_HTML_BYTES
    assert html.count("More like this") == html.count("Less like this") == html.count("<h3")
