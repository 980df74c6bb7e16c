"""What every format of reference lists promises, checked on every file of digest/library."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import UnreadablePayload
from digest.library import MOST_BYTES, MOST_ENTRIES, Entry, Format, Unread, formats, read_library, sniff
from digest.types import Identifier

TITLE = "Teapots of the Outer Rim: a Survey"
SAMPLES: dict[str, str] = {
    "bibtex": "@article{roe, title={{Teapots} of the Outer Rim: a Survey}, author={Roe, Ada}, year=2024,"
    " eprint={2406.01234v2}, archiveprefix={arXiv}, doi={10.1000/Tea.1}}",
    "csljson": '[{"type": "article", "title": "Teapots of the Outer Rim: a Survey", "DOI": "10.1000/Tea.1",'
    ' "author": [{"family": "Roe", "given": "Ada"}], "issued": {"date-parts": [[2024]]},'
    ' "URL": "https://arxiv.org/abs/2406.01234v2"}]',
    "feed": "<rss><channel><item><title>Teapots of the Outer Rim: a Survey</title><pubDate>3 Jun 2024</pubDate>"
    "<link>https://arxiv.org/abs/2406.01234v2</link><author>Ada Roe</author>"
    "<guid>https://doi.org/10.1000/Tea.1</guid></item></channel></rss>",
    "medline": "PMID- 7\nTI  - Teapots of the Outer Rim: a\n      Survey.\nFAU - Roe, Ada\nDP  - 2024 Jun\n"
    "LID - 10.1000/Tea.1 [doi]\n",
    "orcid": '{"group": [{"work-summary": [{"title": {"title": {"value": "Teapots of the Outer Rim"},'
    ' "subtitle": {"value": "a Survey"}}, "publication-date": {"year": {"value": "2024"}}, "external-ids":'
    ' {"external-id": [{"external-id-type": "doi", "external-id-value": "https://doi.org/10.1000/Tea.1"}]}}]}]}',
    "plain": "- Teapots of the Outer Rim: a Survey https://arxiv.org/pdf/2406.01234v2.pdf doi:10.1000/Tea.1\n",
    "ris": "TY  - JOUR\nTI  - Teapots of the Outer Rim:\n a Survey\nAU  - Roe, Ada\nPY  - 2024\nDO  - 10.1000/Tea.1\n"
    "UR  - https://arxiv.org/abs/2406.01234v2\n",
    "webofscience": "FN Clarivate Web of Science\nPT J\nAU Roe, A\nTI Teapots of the Outer Rim: a\n   Survey\n"
    "PY 2024\nDI 10.1000/Tea.1\nER\n\nEF",
    "zotero": '[{"key": "A", "data": {"itemType": "journalArticle", "title": "Teapots of the Outer Rim: a Survey",'
    ' "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Roe"}], "date": "June 2024",'
    ' "DOI": "10.1000/Tea.1", "extra": "arXiv:2406.01234 [cs.CL]"}}]',
}
BROKEN_TAILS = {
    "bibtex": "\n@article{x, title={Half of it",
    "csljson": ', {"title":',
    "feed": "<item><title>",
    "ris": "TY",
}
MOST_SECONDS = 10.0
"""Of a core, for hostile input at the size limit; it takes a third of that."""


@pytest.fixture(params=sorted(formats()))
def known(request: pytest.FixtureRequest) -> Format:
    return formats()[request.param]


def entries(payload: bytes) -> list[Entry]:
    return [piece for piece in read_library(payload=payload).pieces if isinstance(piece, Entry)]


def test_every_format_has_a_sample_here_and_goes_by_the_name_of_its_file() -> None:
    assert set(SAMPLES) == set(formats())
    assert all(known.name == name for name, known in formats().items())


def test_a_format_is_told_by_what_stands_in_the_file(known: Format) -> None:
    assert sniff(text=SAMPLES[known.name]).name == known.name


def test_a_paper_is_read_with_its_title_and_its_names(known: Format) -> None:
    [entry] = entries(SAMPLES[known.name].encode())

    assert entry.title == TITLE
    assert Identifier(scheme="doi", value="10.1000/tea.1") in entry.identifiers
    assert entry.year in (2024, None)


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"medline", "orcid", "webofscience"}))
def test_an_arxiv_id_is_found_without_its_version_wherever_it_stands(name: str) -> None:
    [entry] = entries(SAMPLES[name].encode())

    assert Identifier(scheme="arxiv", value="2406.01234") in entry.identifiers


def test_the_same_text_gives_the_same_pieces(known: Format) -> None:
    text = SAMPLES[known.name]

    assert list(known.parse(text)) == list(known.parse(text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_encoding_does_not_matter(known: Format, encoding: str) -> None:
    text = SAMPLES[known.name].replace("Teapots", "Thé·ières").replace("\n", "\r\n")

    [entry] = entries(text.encode(encoding))

    assert entry.title == TITLE.replace("Teapots", "Thé·ières")


@pytest.mark.parametrize("name", sorted(BROKEN_TAILS))
def test_what_is_broken_costs_its_neighbours_nothing(name: str) -> None:
    text = SAMPLES[name]
    whole = text.removesuffix("]").removesuffix("</channel></rss>") + BROKEN_TAILS[name]

    found = entries(whole.encode())

    assert found[0].title == TITLE


@given(
    name=st.sampled_from(sorted(SAMPLES)),
    noise=st.binary(max_size=40),
    at=st.floats(min_value=0, max_value=1),
    cut=st.integers(min_value=0, max_value=60),
    again=st.integers(min_value=1, max_value=3),
)
@settings(max_examples=300, deadline=None)
def test_no_damage_does_more_than_make_a_file_unreadable(
    name: str, noise: bytes, at: float, cut: int, again: int
) -> None:
    whole = SAMPLES[name].encode() * again
    place = int(at * len(whole))

    try:
        pieces = read_library(payload=whole[:place] + noise + whole[place + cut :]).pieces
    except UnreadablePayload:
        return

    assert all(piece.title or piece.identifiers for piece in pieces if isinstance(piece, Entry))


def hostile() -> Iterator[tuple[str, bytes]]:
    yield "a million @", b"@" * 1_000_000
    yield "braces", b"{" * MOST_BYTES
    yield "brackets", b"[" * MOST_BYTES
    yield "entries that never end", b"@article{" * (MOST_BYTES // 9)
    yield "a field that never ends", b"@article{a, title={" + b"{" * MOST_BYTES
    yield "quotes", b'@article{a, title="' * (MOST_BYTES // 19)
    yield "string upon string", b"@string{a=" + b"a#" * (MOST_BYTES // 2) + b"}"
    yield "lines that go on", b"TY  - JOUR\nTI  - " + b"x\n" * (MOST_BYTES // 2)
    yield "dois without an end", b"10.1234/" * (MOST_BYTES // 8)
    yield "one word", b"a" * MOST_BYTES
    yield "elements without an end", b"<rss>" + b"<item>" * (MOST_BYTES // 6)
    yield "comments without an end", b"<!--" * (MOST_BYTES // 4)
    yield "objects in objects", b'{"a":' * (MOST_BYTES // 5)
    yield "digits", b'[{"title":' + b"9" * MOST_BYTES + b"}]"
    yield "every byte", bytes(range(256)) * (MOST_BYTES // 256)


@pytest.mark.parametrize("payload", [pytest.param(payload, id=name) for name, payload in hostile()])
def test_hostile_files_are_answered_in_bounded_time(payload: bytes) -> None:
    started = time.process_time()

    try:
        pieces = read_library(payload=payload).pieces
    except UnreadablePayload:
        pieces = ()

    assert time.process_time() - started < MOST_SECONDS
    assert len(pieces) <= MOST_ENTRIES


def test_a_bomb_of_entities_is_not_unfolded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "haha">]><rss><item><title>&b;</title></item></rss>'

    with pytest.raises(UnreadablePayload, match="document type"):
        read_library(payload=bomb)


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"PK\x03\x04rest", "zip"),
        (b"\x1f\x8brest", "zip"),
        (b"%PDF-1.7 rest", "pdf"),
        (b"SQLite format 3\x00rest", "database"),
        (b"\x00" * 100, "binary"),
        (b"", "empty"),
        (b" \r\n\t", "empty"),
    ],
)
def test_what_is_no_text_is_refused_by_its_kind(payload: bytes, kind: str) -> None:
    with pytest.raises(UnreadablePayload) as refused:
        read_library(payload=payload)

    assert getattr(refused.value, "kind", "") == kind


def test_entries_beyond_the_limit_are_counted() -> None:
    lines = "\n".join(f"2406.{number:05}" for number in range(MOST_ENTRIES + 7))

    reading = read_library(payload=lines.encode())

    assert (len(reading.pieces), reading.left) == (MOST_ENTRIES, 7)


def test_a_letter_cut_in_two_at_the_end_costs_no_more_than_itself() -> None:
    cut = "Käse und Brot: a survey of bread\nBrötchen und Käse müssen".encode() + "ü".encode()[:1]

    assert [entry.title for entry in entries(cut)][:1] == ["Käse und Brot: a survey of bread"]


def test_chinese_letters_in_their_own_encoding_are_read() -> None:
    text = "@article{a, title={深度学习在自然语言处理中的应用研究}, author={王小明}}"

    [entry] = entries(text.encode("gb18030"))

    assert entry.title == "深度学习在自然语言处理中的应用研究"


def test_an_entry_without_a_title_and_a_name_says_so() -> None:
    [piece] = read_library(payload=b"TY  - JOUR\nAU  - Roe, Ada\nER  - ").pieces

    assert isinstance(piece, Unread)
    assert piece.text == "Roe, Ada"
