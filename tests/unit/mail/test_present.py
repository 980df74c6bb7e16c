"""A paper in words."""

import pytest

from digest.mail.present import authors_line, is_safe, language_of, readable, reasons_line, show_paper
from digest.types import Reason
from tests.unit.mail.samples import make_mail_paper


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B", "C"], "A, B, C"),
        (["A", "B", "C", "D"], "A, B, C, D"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 more"),
        (["A"] * 3_000, "A, A, A and 2997 more"),
        (["Erd\\H{o}s"], "Erdős"),
    ],
)
def test_authors_are_named_or_counted(names: list[str], line: str) -> None:
    assert authors_line(names=names) == line


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("keyword", "matches “state space”"),
        ("author", "by state space"),
        ("category", "in state space"),
        ("description", "“state space” is in your description"),
        ("paper", "like “state space”"),
        ("words", "“state space” stands in papers you liked"),
    ],
)
def test_each_kind_of_reason_has_its_words(kind: str, words: str) -> None:
    assert reasons_line(reasons=[Reason(kind=kind, term="state space", share=1.0)]) == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("keyword", "matches “doping” (your keyword: doped)"),
        ("description", "“doping” is near your description (doped)"),
        ("author", "by doping"),
    ],
)
def test_the_papers_word_is_quoted_and_the_readers_own_is_said_beside_it(kind: str, words: str) -> None:
    assert reasons_line(reasons=[Reason(kind=kind, term="doping", share=1.0, asked="doped")]) == words


def test_two_reasons_are_shown_and_no_more() -> None:
    reasons = [Reason(kind="keyword", term=term, share=0.3) for term in ("one", "two", "three")]

    assert reasons_line(reasons=reasons) == "matches “one” · matches “two”"


def test_a_reason_without_a_word_of_the_reader_is_passed_over() -> None:
    reasons = [Reason(kind="paper", term="", share=0.7), Reason(kind="hunch", term="x", share=0.2)]

    assert reasons_line(reasons=reasons) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\u2028here", "two lines here"),
        ("\u202etxet\u202c \u2066and\u2069", "txet and"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("AT&amp;T &lt;b&gt; &#955;", "AT&T <b> λ"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("half\ufffdchar", "halfchar"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_sources_text_becomes_one_clean_line(text: str, shown: str) -> None:
    assert readable(text=text, limit=100) == shown


def test_a_title_of_twenty_megabytes_is_cut_before_it_is_read() -> None:
    assert len(readable(text="word " * 4_000_000, limit=300)) <= 300


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://code.example.org/x", True),
        ("http://code.example.org/x", False),
        ("javascript:alert(1)", False),
        ("https://code.example.org/a b", False),
        ("https://code.example.org/\r\nBcc: x", False),
        ("https://" + "x" * 493, False),
        ("https://" + "x" * 492, True),
        ("", False),
    ],
)
def test_only_a_plain_https_link_is_shown(url: str, safe: bool) -> None:
    assert is_safe(url=url) is safe


def test_a_paper_without_pdf_and_code_has_no_links() -> None:
    assert show_paper(paper=make_mail_paper(pdf_url="", links={"code": "http://x.example.org"})).links == ()


def test_an_interest_is_named_only_when_it_was_given() -> None:
    plain = show_paper(paper=make_mail_paper())
    named = show_paper(paper=make_mail_paper(profile="Memory", also_in=("A", "B", "C", "D")))

    assert plain.facts == ("cs.LG",)
    assert named.facts == ("cs.LG", "Memory", "also in A, B, C and 1 more")


def test_a_trending_paper_names_its_signal() -> None:
    assert show_paper(paper=make_mail_paper(signal="118 upvotes on Hugging Face")).why == "118 upvotes on Hugging Face"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", ""),
        ("2026 – 10⁻⁴ ≤ ∞", ""),
        ("Über naïve Schätzer", ""),
        ("α-β transitions", ""),
        ("大規模言語モデルについて", "ja"),
        ("大型语言模型", "zh"),
        ("대규모 언어 모델", "ko"),
        ("Про великі моделі", "und-Cyrl"),
        ("تعلّم الآلة", "und-Arab"),
        ("GPT 的行为研究与大型语言模型的发展", "zh"),
        ("The 大 character in English titles", ""),
    ],
)
def test_a_language_is_named_by_the_script_of_most_letters(text: str, language: str) -> None:
    assert language_of(text=text) == language
