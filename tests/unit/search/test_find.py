"""What a search finds: the same on every database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import hypothesis
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import strategies
from hypothesis.extra.django import TestCase

from digest.models import Paper
from digest.search import Asked, Sort, find, parse
from digest.search.index import file_papers, file_waiting, look_up
from digest.search.plan import plan
from tests import builders
from tests.builders import NOW

pytestmark = pytest.mark.django_db

HOSTILE = (
    '"never closed',
    "((((",
    "a AND OR NOT NEAR(b, 3)",
    "'; DROP TABLE digest_paper; --",
    "\\' | !() & <-> :* :A",
    '<script>alert("1")</script>',
    "title:\"a' b",
    "-",
    "- -- ---",
    "*",
    "a*",
    ":",
    "author:",
    'author:""',
    "-title:",
    "cat:';--",
    "source:\"x'y",
    "since:yesterday",
    "date:2026-13-45",
    "date:0000",
    "date:9999..",
    "until:0001-01-01",
    "id:nothing",
    "大语言模型",
    "مرحبا بالعالم",
    "नमस्ते दुनिया",
    "🙂🙃",
    "\u202e\u200b\ufeff",
    "word " * 2_000,
    "x" * 10_000,
    "大" * 10_000,
    '"' * 10_000,
    "-a " * 500,
)


def titles(text: str = "", **asked: object) -> list[str]:
    """What is found, by title."""
    return [paper.title for paper in find(asked=Asked(text=text, **asked), now=NOW).papers]  # type: ignore[arg-type]


def test_every_word_must_be_in_the_title_the_abstract_or_an_author(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Sparse maps", abstract="Of rivers.", authors=["Ada Example"])
    make_paper(title="Sparse", abstract="Of mountains.", authors=["Ben Sample"])

    assert titles("sparse rivers example") == ["Sparse maps"]
    assert sorted(titles("sparse")) == ["Sparse", "Sparse maps"]
    assert titles("sparse nothing") == []


def test_forms_of_a_word_are_one_word(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Pre-training Matrices for Naïve Readers")

    for text in ("matrix", "NAIVE", "reader", "pretraining", "pre-training", "pre training"):
        assert titles(text) == ["Pre-training Matrices for Naïve Readers"], text


def test_a_closed_word_is_found_by_its_form_with_a_hyphen(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Pretraining at home")

    assert titles("pre-training") == ["Pretraining at home"]


def test_quotes_hold_words_together(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="State space models")
    make_paper(title="Space for a state", abstract="Models.")

    assert titles('"state space"') == ["State space models"]
    assert titles("“state space”") == ["State space models"]
    assert len(titles("state space")) == 2


def test_no_phrase_reaches_from_one_author_or_text_into_the_next(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="First half", abstract="Second half.", authors=["Ada Example", "Ben Sample"])

    assert titles('"half second"') == []
    assert titles('author:"example ben"') == []


def test_a_minus_leaves_papers_out(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Cats and dogs")
    make_paper(title="Cats alone")

    assert titles("cats -dogs") == ["Cats alone"]
    assert titles('cats -"cats and"') == ["Cats alone"]
    assert titles("-dogs") == ["Cats alone"]
    assert titles("cats-dogs") == []


def test_prefixes_say_where_to_look(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="On Euler", abstract="A life.", authors=["Ada Example"])
    make_paper(title="A life", abstract="Of Euler.", authors=["Leonhard Euler"])

    assert titles("title:euler") == ["On Euler"]
    assert titles("abstract:euler") == ["A life"]
    assert titles("author:euler") == ["A life"]
    assert titles('title:"a life"') == ["A life"]
    assert titles("euler -author:euler") == ["On Euler"]


@pytest.mark.parametrize("name", ["Amara Okonjo-Reyes", "amara okonjo reyes", "Okonjo-Reyes, Amara", "A. Okonjo-Reyes"])
def test_an_author_is_found_by_either_form_of_the_name(make_paper: Callable[..., Paper], name: str) -> None:
    make_paper(title="Hers", authors=["Ben Sample", "Amara Okonjo-Reyes"])
    make_paper(title="Another's", authors=["Bela Okonjo-Reyes"])

    assert titles(f'author:"{name}"') == ["Hers"]
    assert titles(authors=(name,)) == ["Hers"]


def test_a_category_has_all_its_names_and_an_archive_all_its_categories(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Control", categories=["eess.SY", "cs.RO"])
    make_paper(title="Numbers", categories=["math.NT"])

    for code in ("eess.SY", "cs.SY", "cs.RO", "eess", "eess.*", "CS.ro"):
        assert titles(categories=(code,)) == ["Control"], code
    assert titles("cat:math.NT") == ["Numbers"]
    assert titles("-cat:math.NT") == ["Control"]
    assert len(titles(categories=("cs.RO", "math.NT"))) == 2


def test_a_source_is_asked_for_by_its_name(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Here", source="arxiv")
    make_paper(title="There", source="huggingface")

    assert titles(sources=("huggingface",)) == ["There"]
    assert titles("source:arxiv") == ["Here"]
    assert titles("-source:arxiv") == ["There"]


def test_both_ends_of_a_span_of_days_are_within_it(make_paper: Callable[..., Paper]) -> None:
    for days_ago in (0, 1, 2, 3):
        make_paper(title=f"{days_ago}", submitted_at=NOW - timedelta(days=days_ago))

    assert titles("date:2026-06-07..2026-06-08") == ["1", "2"]
    assert titles("since:2026-06-08") == ["0", "1"]
    assert titles(until=date(2026, 6, 7)) == ["2", "3"]
    assert titles("date:2026-06-08") == ["1"]
    assert len(titles("date:2026-06")) == 4
    assert titles("since:2026-06-09 until:2026-06-08") == []


def test_old_papers_are_found_however_rare_their_word_and_however_far_back(make_paper: Callable[..., Paper]) -> None:
    for days_ago in (5, 60, 300, 4_000, 12_000):
        make_paper(title=f"Quokka {days_ago}", submitted_at=NOW - timedelta(days=days_ago))

    assert titles("quokka", sort=Sort.NEWEST) == [f"Quokka {days}" for days in (5, 60, 300, 4_000, 12_000)]
    assert titles("quokka since:2026-03-01", sort=Sort.NEWEST) == ["Quokka 5", "Quokka 60"]
    assert titles("quokka until:2020", sort=Sort.NEWEST) == ["Quokka 4000", "Quokka 12000"]


def test_a_paper_dated_after_today_is_found(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Quokka to come", submitted_at=NOW + timedelta(days=3))

    assert titles("quokka") == titles("quokka since:2026-06-01") == titles() == ["Quokka to come"]


@pytest.mark.parametrize(
    "text", ["2606.00042", "arXiv:2606.00042v3", "https://arxiv.org/abs/2606.00042", "id:2606.00042"]
)
def test_a_name_of_a_paper_finds_it_even_withdrawn(make_paper: Callable[..., Paper], text: str) -> None:
    make_paper(title="Named", arxiv="2606.00042", withdrawn=True)
    make_paper(title="Other")

    assert titles(text) == ["Named"]
    assert titles("named") == []


def test_a_title_in_chinese_is_found_by_any_part_of_it(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="大语言模型读唐诗：格律、典故与误读")
    make_paper(title="小模型读宋词")

    assert titles("唐诗") == ["大语言模型读唐诗：格律、典故与误读"]
    assert titles("语言模型 典故") == ["大语言模型读唐诗：格律、典故与误读"]
    assert titles("诗唐") == []


@pytest.mark.parametrize(
    "title", ["Быстрые алгоритмы", "ऊष्मा का सिद्धांत", "חישוב מהיר", "빠른 계산", "การคำนวณ เร็ว", "Tiếng Việt nhanh"]
)
def test_titles_of_other_scripts_are_found_by_their_words(make_paper: Callable[..., Paper], title: str) -> None:
    make_paper(title=title)
    make_paper(title="Nothing of it")

    for word in (title, title.split(maxsplit=1)[0], title.upper(), f'title:"{title}"'):
        assert titles(word) == [title], word


def test_a_word_in_the_title_counts_for_more_than_in_the_abstract(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Of quokkas", submitted_at=NOW - timedelta(days=9))
    make_paper(title="Of marsupials", abstract="Among them the quokka.", submitted_at=NOW)

    assert titles("quokka") == ["Of quokkas", "Of marsupials"]
    assert titles("quokka", sort=Sort.NEWEST) == ["Of marsupials", "Of quokkas"]


def test_trending_papers_come_first_when_asked_for(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Quokka new", submitted_at=NOW)
    make_paper(title="Quokka hot", submitted_at=NOW - timedelta(days=5), trending_score=2.0)
    make_paper(title="Quokka warm", submitted_at=NOW - timedelta(days=900), trending_score=1.0)
    make_paper(title="Other", trending_score=9.0)

    assert titles("quokka", sort=Sort.TRENDING) == ["Quokka hot", "Quokka warm", "Quokka new"]
    assert titles(sort=Sort.TRENDING)[0] == "Other"


def test_with_nothing_asked_every_paper_is_shown_the_newest_first(make_paper: Callable[..., Paper]) -> None:
    make_paper(title="Old", submitted_at=NOW - timedelta(days=400))
    make_paper(title="New", submitted_at=NOW)
    make_paper(title="Withdrawn", withdrawn=True)

    assert titles() == ["New", "Old"]


def test_pages_follow_on_one_another(make_paper: Callable[..., Paper]) -> None:
    for number in range(5):
        make_paper(title=f"Quokka {number}", submitted_at=NOW - timedelta(hours=number))

    pages = [
        find(asked=Asked(text="quokka", sort=Sort.NEWEST, page=page, per_page=2), now=NOW) for page in (1, 2, 3, 4)
    ]

    assert [[paper.title[-1] for paper in page.papers] for page in pages] == [["0", "1"], ["2", "3"], ["4"], []]
    assert [page.has_next for page in pages] == [True, True, False, False]
    assert {page.total for page in pages} == {5}


@pytest.mark.parametrize("first", [0, 20, 100, 400])
def test_of_more_hits_than_are_counted_the_newest_are_ranked(make_paper: Callable[..., Paper], first: int) -> None:
    days = (900, first, first + 1, first + 2, 950)
    papers = {ago: make_paper(title=f"Quokka {ago}", submitted_at=NOW - timedelta(days=ago)).pk for ago in days}
    asked = Asked(text="quokka", sort=Sort.NEWEST)

    hits = look_up(plan=replace(plan(query=parse(text="quokka"), asked=asked, today=NOW.date()), counted=2))

    assert hits.paper_ids == (papers[first], papers[first + 1])
    assert hits.has_more


def test_a_paper_that_changes_or_is_withdrawn_is_filed_anew_and_one_that_goes_is_gone(
    make_paper: Callable[..., Paper],
) -> None:
    paper = make_paper(title="Quokka")
    paper.title = "Wombat"
    paper.submitted_at = NOW - timedelta(days=40)
    paper.save()
    n_changed = file_papers(papers=[paper])

    assert n_changed == 1
    assert (titles("quokka"), titles("wombat")) == ([], ["Wombat"])
    assert file_papers(papers=[paper]) == 0
    paper.withdrawn = True
    file_papers(papers=[paper])
    assert titles("wombat") == []
    paper.withdrawn = False
    file_papers(papers=[paper])
    assert titles("wombat") == ["Wombat"]
    paper.delete()
    assert titles("wombat") == []


def test_papers_from_before_the_index_are_filed_chunk_by_chunk_the_last_seen_first(db: None) -> None:
    for number in range(3):
        Paper.objects.create(title=f"Quokka {number}", first_seen_at=NOW, source="arxiv")

    filed = [file_waiting(limit=2)]
    found = [titles("quokka", sort=Sort.NEWEST)]
    filed += [file_waiting(limit=2), file_waiting(limit=2)]
    found += [titles("quokka", sort=Sort.NEWEST)]

    assert filed == [2, 1, 0]
    assert found == [["Quokka 2", "Quokka 1"], ["Quokka 2", "Quokka 1", "Quokka 0"]]


def test_a_name_of_a_paper_that_we_do_not_have_is_answered_in_words(db: None) -> None:
    assert find(asked=Asked(text="2606.99999"), now=NOW).notes == ("We do not have this paper.",)


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_search_that_takes_too_long_is_given_up_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.search.postgres.GUARD", "SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(1)")

    found = find(asked=Asked(text="quokka"), now=NOW)

    assert found.papers == ()
    assert "took too long" in found.notes[0]
    assert Paper.objects.count() == 0  # the connection goes on


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("sort", list(Sort))
def test_whatever_is_typed_is_answered(make_paper: Callable[..., Paper], text: str, sort: Sort) -> None:
    make_paper(title="Quokka")

    found = find(asked=Asked(text=text, sort=sort, categories=(text,), sources=(text,)), now=NOW)

    assert found.total in {0, 1}
    assert all(note == str(note) and note.endswith(".") for note in found.notes)


@pytest.mark.parametrize(
    "text", ["", "quokka", "-quokka", 'author:"ada example" cat:cs.CL since:2026-01-01', "2606.00042"]
)
def test_the_number_of_queries_does_not_depend_on_what_is_found(make_paper: Callable[..., Paper], text: str) -> None:
    counts = []
    for number in (1, 12):
        for _ in range(number):
            make_paper(title="Quokka")
        with CaptureQueriesContext(connection) as queries:
            find(asked=Asked(text=text), now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 6


class AnyText(TestCase):
    """Whatever is typed, by machine."""

    @hypothesis.given(
        strategies.text(alphabet=strategies.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    )
    @hypothesis.settings(max_examples=60)
    def test_any_text_is_answered(self, text: str) -> None:
        builders.make_paper(title="Quokka")

        assert find(asked=Asked(text=text), now=NOW).total in {0, 1}
