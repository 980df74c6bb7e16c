"""What people type into a list becomes items, or one sentence that says what to change."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.fields import (
    AuthorsField,
    ListField,
    PapersField,
    PlainField,
    TermsField,
    ZoneField,
    ZoneSelect,
    zone_label,
    zones_by_region,
)
from subscriptions.schedule import is_zone

HIDDEN = {
    "a null character": "\x00",
    "a bell": "\x07",
    "an escape": "\x1b",
    "a right-to-left override": "\u202e",
    "an isolate": "\u2066",
    "a line separator": "\u2028",
    "a next-line mark": "\x85",
    "half a character": "\ud83d",
}


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ("", ()),
        ("  ,  ; \n ", ()),
        ("diffusion", ("diffusion",)),
        ("state space model, retrieval", ("state space model", "retrieval")),
        ("one\ntwo;three\r\nfour", ("one", "two", "three", "four")),
        ("  many   spaces \t within ", ("many spaces within",)),
        ('"in-context learning", few-shot', ('"in-context learning"', "few-shot")),
        ('"a phrase, with a comma"', ('"a phrase, with a comma"',)),
        ("“curly quotes”, „low quotes“", ('"curly quotes"', '"low quotes"')),
        ("agents, agents", ("agents",)),
        ("agents, -survey", ("agents", "-survey")),
        ("agents -survey", ("agents", "-survey")),
        ("agents −survey", ("agents", "-survey")),
        ('agents -"a survey of"', ("agents", '-"a survey of"')),
        ("k-means, GPT-4", ("k-means", "GPT-4")),
        ('"", -, - ', ()),
        ("量子计算, квант", ("量子计算", "квант")),
    ],
)
def test_terms_are_cut_where_a_person_would_cut_them(typed: str, items: tuple[str, ...]) -> None:
    assert TermsField().clean(typed) == items


def test_a_quotation_mark_that_does_not_close_is_named() -> None:
    with pytest.raises(ValidationError, match="opened but not closed"):
        TermsField().clean('"state space')


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ("A. Lovelace", ("A. Lovelace",)),
        ("A. Lovelace\nG. Hopper", ("A. Lovelace", "G. Hopper")),
        ("A. Lovelace, G. Hopper", ("A. Lovelace", "G. Hopper")),
        ("A. Lovelace; G. Hopper", ("A. Lovelace", "G. Hopper")),
        ("Lovelace, Ada", ("Ada Lovelace",)),
        ("Lovelace, Ada; Hopper, Grace", ("Ada Lovelace", "Grace Hopper")),
        ("van der Berg, Jan", ("Jan van der Berg",)),
        ("Lovelace, Hopper, Hamilton", ("Lovelace", "Hopper", "Hamilton")),
        (" , ;\n", ()),
    ],
)
def test_authors_are_told_apart_from_the_parts_of_a_name(typed: str, items: tuple[str, ...]) -> None:
    assert AuthorsField().clean(typed) == items


def test_papers_are_read_from_ids_and_links_alike() -> None:
    typed = "2406.01234v2, https://arxiv.org/abs/2406.01234\nhttps://doi.org/10.5555/example.1"

    assert PapersField().clean(typed) == (("arxiv", "2406.01234"), ("doi", "10.5555/example.1"))


def test_every_reference_that_cannot_be_read_is_counted_in_one_sentence() -> None:
    with pytest.raises(ValidationError) as refused:
        PapersField().clean("2406.01234 one two three four")

    assert refused.value.messages == ["No arXiv id, DOI or link to a paper: “one”, “two”, “three” and 1 more."]


def test_a_stored_list_is_shown_as_lines_that_read_back_the_same() -> None:
    stored = ["state space model", '"a phrase"', "agents"]

    assert TermsField().clean(TermsField().prepare_value(stored)) == tuple(stored)


def test_stored_papers_are_shown_as_text_that_reads_back_the_same() -> None:
    stored = (("arxiv", "2406.01234"), ("arxiv", "math/0309136"), ("doi", "10.5555/example.1"))

    assert PapersField().clean(PapersField().prepare_value(stored)) == stored


@pytest.mark.parametrize("kind", [PlainField, TermsField, AuthorsField, PapersField])
@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN.keys())
def test_a_character_that_hides_is_refused_with_one_sentence(kind: type[PlainField], hidden: str) -> None:
    with pytest.raises(ValidationError) as refused:
        kind().clean(f"2406.01234{hidden}x")

    assert len(refused.value.messages) == 1
    assert refused.value.messages[0].endswith("Please type it anew.")


@pytest.mark.parametrize("typed", ["one\ntwo", "one\r\nBcc: all@example.org", "one\ttwo"])
def test_one_line_stays_one_line(typed: str) -> None:
    with pytest.raises(ValidationError, match="control character"):
        PlainField().clean(typed)


def test_letters_that_need_joiners_are_left_alone() -> None:
    assert PlainField().clean("می‌خواهم") == "می‌خواهم"


def test_two_spellings_of_one_letter_become_one() -> None:
    assert PlainField().clean("Poincare\u0301") == "Poincaré"


def test_a_list_that_no_person_types_is_refused() -> None:
    with pytest.raises(ValidationError, match="at most 100000 characters"):
        TermsField().clean("a," * 60_000)


def items_or_sentence(field: ListField, typed: str) -> tuple[object, ...] | str:
    try:
        items: tuple[object, ...] = field.clean(typed)
    except ValidationError as refused:
        (sentence,) = refused.messages
        return str(sentence)
    return items


@given(st.text(max_size=300))
def test_whatever_is_typed_a_list_gives_items_or_a_sentence(typed: str) -> None:
    for field in (TermsField(), AuthorsField(), PapersField()):
        outcome = items_or_sentence(field, typed)

        assert isinstance(outcome, str) or len(outcome) == len(set(outcome))


def test_every_zone_on_offer_is_one_that_the_timetable_knows() -> None:
    offered = [zone for zones in zones_by_region().values() for zone in zones]

    assert len(offered) > 300
    assert all(map(is_zone, offered))


@pytest.mark.parametrize(
    ("zone", "label"),
    [("Europe/Berlin", "Berlin"), ("America/Indiana/Knox", "Indiana: Knox"), ("America/New_York", "New York")],
)
def test_a_zone_is_named_by_its_place(zone: str, label: str) -> None:
    assert zone_label(zone=zone) == label


def test_the_reader_s_zone_is_the_one_that_is_selected() -> None:
    page = str(ZoneSelect().render("timezone", "Europe/Berlin", {"id": "id_timezone"}))

    assert page.count(" selected") == 1
    assert '<optgroup label="Europe">' in page
    assert '<option value="Europe/Berlin" selected>Berlin</option>' in page


def test_an_alias_that_came_with_an_import_can_be_kept() -> None:
    page = str(ZoneSelect().render("timezone", "US/Eastern", {}))

    assert '<option value="US/Eastern" selected>Eastern</option>' in page
    assert ZoneField().clean("US/Eastern") == "US/Eastern"


@pytest.mark.parametrize("zone", ["Mars/Olympus_Mons", "../../etc/passwd", "/etc/localtime", "<b>", "Europe"])
def test_what_is_no_zone_is_refused_and_shown_escaped(zone: str) -> None:
    with pytest.raises(ValidationError, match="is no time zone that we know"):
        ZoneField().clean(zone)

    assert "<b>" not in str(ZoneSelect().render("timezone", zone, {}))
