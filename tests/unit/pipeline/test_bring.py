"""A list becomes examples of an interest: all that can be, a line for each entry, and twice the same as once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from digest.library import Format, Piece, formats
from digest.library.plain import Plain
from digest.models import Paper
from digest.pipeline.bring import READ_AT_ONCE, Outcome, bring_lists, hand_in, read_list
from digest.pipeline.titlekeys import key_titles
from subscriptions import doorbell
from subscriptions.errors import SubscriptionError
from subscriptions.models import InterestProfile, LibraryImport, LibraryPaper
from subscriptions.services import libraries
from tests.builders import NOW, make_paper, make_profile, make_reader
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
LIST = b"""@misc{a, title={On tea and milk}, author={Ada Example}}
@misc{b, eprint={2406.01234}, archiveprefix={arXiv}}
@misc{c, doi={10.1000/tea}}
@misc{d, title={Nobody Knows This}}
@misc{e, author={Nobody}}
@misc{f, pmid={7}}
"""


@pytest.fixture
def interest() -> InterestProfile:
    make_paper(title="On Tea and Milk", arxiv="2406.00001")
    return make_profile(reader=make_reader())


def give(interest: InterestProfile, payload: bytes = LIST, **said: Any) -> LibraryImport:
    said = {"name": "tea.bib", "now": NOW, **said}
    return hand_in(subscriber=interest.subscriber, profile_id=interest.pk, payload=payload, **said)


def outcomes(row: LibraryImport) -> list[str]:
    return [line["outcome"] for line in row.lines]


def held(interest: InterestProfile) -> dict[str, str]:
    return dict(interest.library.values_list("value", "stance"))


def test_each_entry_has_a_line_that_says_what_became_of_it(interest: InterestProfile) -> None:
    row = give(interest)

    assert outcomes(row) == ["added", "asked", "kept", "no_name", "nothing", "other_name"]
    assert row.lines[0] == {"outcome": "added", "title": "On tea and milk", "reference": "arxiv:2406.00001"}
    assert (row.state, row.format, row.payload, row.read_at) == ("done", "BibTeX", None, NOW)


def test_the_papers_are_examples_from_then_on(interest: InterestProfile) -> None:
    give(interest)

    assert held(interest) == {"2406.00001": "liked", "2406.01234": "liked", "10.1000/tea": "liked"}
    known = interest.library.get(value="2406.00001")
    assert (known.state, known.title) == (LibraryPaper.State.KNOWN, "On Tea and Milk")
    assert InterestProfile.objects.get(pk=interest.pk).revision > interest.revision


def test_the_same_list_twice_is_one_import_and_the_same_examples(interest: InterestProfile) -> None:
    first = give(interest)
    before = list(interest.library.order_by("pk").values())
    revision = InterestProfile.objects.get(pk=interest.pk).revision

    again = give(interest, now=LATER)

    assert again.pk == first.pk
    assert outcomes(again)[:3] == ["there", "there", "there"]
    assert list(interest.library.order_by("pk").values()) == before
    assert InterestProfile.objects.get(pk=interest.pk).revision == revision


def test_a_paper_that_stands_twice_in_a_list_is_one_example(interest: InterestProfile) -> None:
    row = give(interest, b"2406.01234\nhttps://arxiv.org/abs/2406.01234v3\n")

    assert outcomes(row) == ["asked", "there"]
    assert len(held(interest)) == 1


def test_a_paper_that_the_reader_did_not_want_stays_unwanted(interest: InterestProfile) -> None:
    interest.library.create(scheme="arxiv", value="2406.01234", stance="disliked", added_at=NOW)

    row = give(interest, b"2406.01234")

    assert outcomes(row) == ["there"]
    assert held(interest) == {"2406.01234": "disliked"}


def test_what_finds_no_room_is_told(interest: InterestProfile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "MOST_IN_LIBRARY", 2)

    row = give(interest, b"2406.01234\n2406.01235\n2406.01236")

    assert outcomes(row) == ["asked", "asked", "no_room"]
    assert len(held(interest)) == 2


def test_a_name_that_the_interests_form_could_not_read_again_is_not_kept(interest: InterestProfile) -> None:
    row = give(interest, b"10.1000/tea;milk,sugar")

    assert outcomes(row) == [Outcome.OTHER_NAME]
    assert held(interest) == {}


@pytest.mark.parametrize(
    ("payload", "refusal"), [(b"PK\x03\x04", "zip"), (b"\0\0\0", "binary"), (b"<?xml ?><a/>", "damaged")]
)
def test_what_is_no_list_is_refused_and_forgotten(interest: InterestProfile, payload: bytes, refusal: str) -> None:
    row = give(interest, payload)

    assert (row.state, row.refusal, row.payload) == ("refused", refusal, None)


def test_a_long_list_waits_for_a_worker_where_there_is_one(interest: InterestProfile, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://localhost:1/0"
    row = give(interest, LIST + b" " * READ_AT_ONCE)

    assert row.state == "waiting"
    assert held(interest) == {}

    assert bring_lists(now=LATER) == 1
    row.refresh_from_db()
    assert (row.state, len(held(interest))) == ("done", 3)
    assert bring_lists(now=LATER) == 0


def test_a_list_that_breaks_the_reading_is_given_up_and_holds_no_other_up(
    interest: InterestProfile, settings: LazySettings
) -> None:
    settings.REDIS_URL = "redis://localhost:1/0"
    for word in (b"2406.00005", b"2406.00006"):
        give(interest, word + b" " * READ_AT_ONCE)

    class Broken(Plain):
        def parse(self, text: str) -> Iterator[Piece]:
            if "00005" in text:
                raise ZeroDivisionError
            return Plain().parse(text)

    with use_format("plain", Broken()):
        assert bring_lists(now=LATER) == 2

    assert list(LibraryImport.objects.order_by("pk").values_list("state", flat=True)) == ["refused", "done"]
    assert held(interest) == {"2406.00006": "liked"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_the_same_list_at_once_make_one_import_and_each_paper_once() -> None:
    profile = make_profile(reader=make_reader())

    rows = at_once(workers=2, do=lambda: give(profile, b"2406.01234\n2406.01235"))

    assert len({row.pk for row in rows}) == 1
    assert sorted(held(profile)) == ["2406.01234", "2406.01235"]
    assert LibraryImport.objects.get().state == LibraryImport.State.DONE


@contextmanager
def use_format(name: str, known: Format) -> Iterator[None]:
    """Put a format of the test's own in the place of ours."""
    ours = formats()[name]
    formats()[name] = known
    try:
        yield
    finally:
        formats()[name] = ours


def test_a_list_that_is_gone_or_was_read_is_no_error(interest: InterestProfile) -> None:
    row = give(interest)

    read_list(import_id=row.pk, now=LATER)
    read_list(import_id=row.pk + 1, now=LATER)

    row.refresh_from_db()
    assert row.read_at == NOW


def test_nobody_brings_a_list_to_anothers_interest(interest: InterestProfile) -> None:
    with pytest.raises(SubscriptionError, match="does not exist"):
        hand_in(subscriber=make_reader(), profile_id=interest.pk, payload=LIST, name="", now=NOW)

    assert LibraryImport.objects.count() == 0


def test_only_the_last_reports_are_kept(interest: InterestProfile) -> None:
    for number in range(libraries.MOST_REPORTS + 2):
        give(interest, b"2406.%05d" % number, now=NOW + timedelta(minutes=number))

    assert interest.imports.count() == libraries.MOST_REPORTS


def test_old_reports_go_by_themselves(interest: InterestProfile) -> None:
    give(interest)

    assert libraries.tidy_reports(now=NOW + libraries.REPORT_KEPT_FOR) == 0
    assert libraries.tidy_reports(now=NOW + libraries.REPORT_KEPT_FOR + timedelta(seconds=1)) == 1


def test_papers_from_before_titles_had_keys_get_theirs() -> None:
    make_paper(title="On Milk")
    Paper.objects.update(title_key="")

    assert [key_titles(limit=1), key_titles(limit=1)] == [1, 0]
    assert not Paper.objects.filter(title_key="").exists()


@pytest.fixture(autouse=True)
def no_rings() -> None:
    """Nobody hears what a test before this one rang."""
    doorbell._rung.clear()
