"""One key for every way to write a title, and the words of a name without what people leave out."""

import pytest

from digest.models import Paper
from digest.titles import NO_KEY, name_words, title_key
from tests.builders import NOW, make_paper


@pytest.mark.parametrize(
    "written",
    ["The Theory of Cafés: a Survey", "the theory of cafes — A SURVEY.", "The  Theory of\nCafe\u0301s (a survey)"],
)
def test_every_way_to_write_a_title_has_the_same_key(written: str) -> None:
    assert title_key(written) == title_key("The theory of cafés, a survey")


def test_another_title_has_another_key() -> None:
    assert title_key("On tea") != title_key("On teas")


def test_letters_of_every_script_count() -> None:
    assert title_key("大语言模型") not in (title_key("大语言"), "", NO_KEY)


def test_no_title_has_no_key_and_a_title_of_signs_has_the_key_of_none() -> None:
    assert (title_key(" "), title_key("?!")) == ("", NO_KEY)


def test_half_a_character_is_no_trouble() -> None:
    assert len(title_key("Tea \ud83d")) == 32


def test_a_name_is_its_words_in_any_order_without_initials() -> None:
    assert name_words("García, José A.") == name_words("Jose Garcia") == {"garcia", "jose"}


@pytest.mark.django_db
def test_a_paper_gets_its_key_however_it_is_written() -> None:
    paper = make_paper(title="First")
    Paper.objects.bulk_create([Paper(title="Second", first_seen_at=NOW, source="arxiv")])

    paper.title = "Third"
    paper.save()

    assert set(Paper.objects.values_list("title_key", flat=True)) == {title_key("Second"), title_key("Third")}
