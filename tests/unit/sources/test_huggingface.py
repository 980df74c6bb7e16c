"""What the list of daily papers says, and which days are asked for."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from digest.errors import ErrorAnswer, UnreadablePayload
from digest.sources.huggingface import SOURCE
from digest.types import PaperRecord, RejectedRecord, SignalRecord
from tests.payloads import hf_list, hf_paper
from tests.unit.sources.fakes import FakeHttp

NOON = datetime(2026, 6, 9, 12, 0, tzinfo=UTC)


def only(payload: bytes) -> PaperRecord:
    (record,) = SOURCE.parse(payload)
    assert isinstance(record, PaperRecord), record
    return record


def test_upvotes_and_stars_are_counts_of_the_day_it_was_featured() -> None:
    record = only(hf_list(hf_paper(upvotes=118, githubStars=9)))

    assert record.signals == (
        SignalRecord(kind="huggingface_upvotes", value=118.0, day=date(2026, 6, 9)),
        SignalRecord(kind="github_stars", value=9.0, day=date(2026, 6, 9)),
    )


def test_no_upvotes_is_a_count_too() -> None:
    record = only(hf_list(hf_paper(upvotes=0)))

    assert [signal.value for signal in record.signals] == [0.0]


@pytest.mark.parametrize("upvotes", [None, "many", True, -3, [], 10**12])
def test_what_is_no_count_is_left_out(upvotes: Any) -> None:
    record = only(hf_list(hf_paper(upvotes=upvotes)))

    assert record.signals == ()


def test_a_number_that_is_none_is_left_out() -> None:
    record = only(hf_list(hf_paper()).replace(b'"upvotes": 7', b'"upvotes": NaN'))

    assert record.signals == ()


def test_the_papers_own_date_counts_and_not_the_one_beside_it() -> None:
    record = only(hf_list(hf_paper()))

    assert record.submitted_at == datetime(2026, 6, 5, tzinfo=UTC)
    assert record.as_of == datetime(2026, 6, 9, tzinfo=UTC)


def test_hidden_authors_are_not_shown() -> None:
    people = [{"name": "Ada Example"}, {"name": "Hid Den", "hidden": True}, {"name": "Ben Sample", "hidden": False}]

    record = only(hf_list(hf_paper(authors=people)))

    assert [author.name for author in record.authors or ()] == ["Ada Example", "Ben Sample"]


def test_links_lead_to_code_project_and_discussion() -> None:
    record = only(hf_list(hf_paper(githubRepo="https://git.example.org/x", projectPage="https://x.example.org")))

    assert record.links["code"] == "https://git.example.org/x"
    assert record.links["project"] == "https://x.example.org"
    assert record.links["huggingface"] == "https://huggingface.co/papers/2606.01234"
    assert record.links["abstract"] == "https://arxiv.org/abs/2606.01234"


def test_a_link_that_runs_a_script_is_left_out() -> None:
    record = only(hf_list(hf_paper(projectPage="javascript:alert(1)")))

    assert "project" not in record.links


@pytest.mark.parametrize(
    "address", ['https://example.org/"><script>', "https://exa mple.org/", "https://example.org/\\"]
)
def test_a_link_with_characters_that_no_link_has_is_left_out(address: str) -> None:
    record = only(hf_list(hf_paper(githubRepo=address)))

    assert "code" not in record.links


def test_the_answer_about_one_paper_is_read_too() -> None:
    record = only(json.dumps(hf_paper()["paper"]).encode())

    assert record.title == "An invented title"


@pytest.mark.parametrize(
    ("paper", "identifier", "reason"),
    [
        (hf_paper(paper=""), "item 1", "its id is missing"),
        (hf_paper(paper="2606.0123"), "2606.0123", "no arXiv id"),
        (hf_paper() | {"paper": {"id": "2606.01234"}, "title": ""}, "2606.01234", "it has no title"),
        ({"paper": None}, "item 1", "its id is missing"),
        (hf_paper(submittedOnDailyAt="yesterday"), "2606.01234", "is no date"),
    ],
)
def test_one_bad_element_costs_that_element(paper: dict[str, Any], identifier: str, reason: str) -> None:
    bad, kept = SOURCE.parse(hf_list(paper, hf_paper(paper="2606.05678")))

    assert isinstance(bad, RejectedRecord)
    assert (bad.identifier, reason in bad.reason) == (identifier, True)
    assert isinstance(kept, PaperRecord)


def test_a_number_of_ten_thousand_digits_costs_only_itself() -> None:
    payload = hf_list(hf_paper(upvotes=123454321), hf_paper(paper="2606.05678")).replace(b"123454321", b"9" * 10_000)

    absurd, kept = SOURCE.parse(payload)

    assert isinstance(absurd, PaperRecord)
    assert "huggingface_upvotes" not in {signal.kind for signal in absurd.signals}
    assert isinstance(kept, PaperRecord)


def test_a_number_beyond_every_float_is_no_count() -> None:
    record = only(hf_list(hf_paper(upvotes=10**290 * 10**5)))

    assert "huggingface_upvotes" not in {signal.kind for signal in record.signals}


def test_a_list_in_utf_16_is_read_too() -> None:
    payload = hf_list(hf_paper(paper="2606.05678")).decode().encode("utf-16")

    assert only(payload).identifiers[0].value == "2606.05678"


def test_what_came_before_a_break_is_kept_and_the_break_is_one_rejection() -> None:
    whole = hf_list(hf_paper(paper="2606.00001"), hf_paper(paper="2606.00002"), hf_paper(paper="2606.00003"))

    first, second, cut = SOURCE.parse(whole[: whole.index(b"2606.00003") + 30])

    assert isinstance(first, PaperRecord)
    assert isinstance(second, PaperRecord)
    assert isinstance(cut, RejectedRecord)
    assert cut.identifier == "2606.00003"


def test_a_control_character_inside_a_title_costs_nothing() -> None:
    record = only(hf_list(hf_paper()).replace(b"An invented", b"An\x02 inv\x00ented"))

    assert record.title == "An invented title"


@pytest.mark.parametrize(
    "payload", [b"", b" \n", b"<html>Rate exceeded.</html>", b"hello", b"{", b'{"results": []}', b"[" * 100_000]
)
def test_what_is_no_list_is_refused_in_one_sentence(payload: bytes) -> None:
    with pytest.raises(UnreadablePayload) as caught:
        list(SOURCE.parse(payload))

    assert "\n" not in str(caught.value)


def test_a_complaint_is_an_error() -> None:
    with pytest.raises(ErrorAnswer, match="Paper not found"):
        list(SOURCE.parse(b'{"error": "Paper not found"}'))


def test_within_a_day_only_that_day_is_read() -> None:
    http = FakeHttp([hf_list()])

    list(SOURCE.fetch(since=NOON - timedelta(hours=1), until=NOON, http=http))

    assert [params["date"] for _, params in http.asked] == ["2026-06-09"]


def test_the_first_run_of_a_day_reads_the_week_again_while_counts_rise() -> None:
    http = FakeHttp([hf_list()] * 8)

    list(SOURCE.fetch(since=NOON - timedelta(hours=13), until=NOON, http=http))

    days = [params["date"] for _, params in http.asked]
    assert (days[0], days[-1], len(days)) == ("2026-06-09", "2026-06-02", 8)


def test_a_full_page_is_followed_by_the_next() -> None:
    http = FakeHttp([hf_list(*[hf_paper()] * 100), hf_list(hf_paper())])

    answers = list(SOURCE.fetch(since=NOON, until=NOON, http=http))

    assert len(answers) == 2
    assert [params["p"] for _, params in http.asked] == ["0", "1"]


@pytest.mark.parametrize(("minutes", "due"), [(54, False), (55, True)])
def test_it_is_read_every_hour(minutes: int, *, due: bool) -> None:
    found = SOURCE.due(now=NOON, last_success=NOON - timedelta(minutes=minutes))

    assert found is due
