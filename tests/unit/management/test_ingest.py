"""The words of `manage.py ingest` and what it prints."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from digest.models import Paper
from tests.payloads import api_entry, api_feed, hf_list, hf_paper, rss_feed, rss_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss_feed(rss_item(paper="2606.00001v1"), rss_item(paper="2606.0002v1")))
    return path


def run(*words: str | Path) -> tuple[list[str], list[str]]:
    out, err = StringIO(), StringIO()
    call_command("ingest", *map(str, words), stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def test_the_last_line_is_the_sums_and_each_rejection_has_its_line(feed: Path) -> None:
    out, err = run("arxiv", "--file", feed)

    assert json.loads(out[-1]) == {"seen": 2, "new": 1, "updated": 0, "unchanged": 0, "rejected": 1}
    assert err == ["rejected 2606.0002: its id 'oai:arXiv.org:2606.0002v1' is no arXiv id"]


def test_several_files_may_be_given_together_or_one_by_one(feed: Path, tmp_path: Path) -> None:
    other, third = tmp_path / "other.xml", tmp_path / "third.xml"
    other.write_bytes(api_feed(api_entry(paper="2606.00005v1")))
    third.write_bytes(api_feed(api_entry(paper="2606.00006v1")))

    out, _ = run("arxiv-oai", "--file", feed, other, "--file", third)

    assert json.loads(out[-1])["new"] == 3


def test_an_unreadable_file_among_others_is_named_and_passed_over(feed: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"<html></html>")

    out, err = run("arxiv", "--file", page, feed)

    assert json.loads(out[-1])["new"] == 1
    assert err[0] == f"unreadable {page}: the payload is an HTML page instead of a feed"


def test_the_moment_of_first_sight_can_be_given(feed: Path) -> None:
    run("arxiv", "--file", feed, "--now", "2026-06-09T10:00+02:00")

    assert f"{Paper.objects.get().first_seen_at:%Y-%m-%dT%H:%M%z}" == "2026-06-09T08:00+0000"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nonsense", "--file", "x"], "There is no source 'nonsense'"),
        (["arxiv", "--file", "gone.xml"], "gone.xml: it cannot be opened: No such file"),
        (["arxiv", "--since", "yesterday"], "--since 'yesterday' is not a date"),
        (["arxiv", "--until", "2026-02-30"], "--until '2026-02-30' is not a date"),
        (["arxiv", "--since", "0001-01-01"], "--since '0001-01-01' is not in the years"),
        (["arxiv", "--now", "9999-12-31T23:59:59-10:00"], "is not a date"),
        (["arxiv", "--since", "2026-06-02", "--until", "2026-06-01"], "--since must be before --until"),
    ],
)
def test_a_wrong_word_is_answered_in_one_line(words: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says) as caught:
        run(*words)

    assert "\n" not in str(caught.value)
    assert caught.value.returncode == 1


@pytest.mark.parametrize("payload", [b"", b"<html>", b"[", b"{}", b'{"error": "no"}'])
def test_when_nothing_could_be_read_it_says_why_in_one_line(tmp_path: Path, payload: bytes) -> None:
    path = tmp_path / "answer"
    path.write_bytes(payload)

    with pytest.raises(CommandError, match="Nothing could be read from") as caught:
        run("arxiv", "--file", path)

    assert "\n" not in str(caught.value)


def test_several_files_of_which_none_could_be_read_are_each_named(tmp_path: Path) -> None:
    err = StringIO()

    with pytest.raises(CommandError, match="all 2 answers are unreadable"):
        call_command("ingest", "arxiv", "--file", str(tmp_path), str(tmp_path / "gone"), stderr=err)

    assert len(err.getvalue().splitlines()) == 2


def test_the_list_of_daily_papers_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "daily.json"
    path.write_bytes(hf_list(hf_paper()))

    out, _ = run("huggingface", "--file", path)

    assert json.loads(out[-1])["new"] == 1
