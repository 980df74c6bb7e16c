"""Files of the visitor's own in the demo."""

from pathlib import Path

import pytest

from digest.demo.extra import feed_files, ingest_files
from digest.demo.feeds import arxiv_answers, huggingface_lists
from digest.demo.papers import Featured
from digest.models import Paper
from tests.unit.demo.samples import EDITION, NOW, sample

FEATURED = Featured(days_ago=0, upvotes=9)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.xml").write_bytes(arxiv_answers(papers=[sample(number=91001)], edition=EDITION)[0])
    (tmp_path / "b.json").write_bytes(
        huggingface_lists(papers=[sample(number=91002, featured=FEATURED)], edition=EDITION)[0]
    )
    (tmp_path / "c.html").write_text("<html><body>Down for maintenance</body></html>")
    return tmp_path


def test_paths_and_globs_may_be_joined_by_commas_or_colons(folder: Path) -> None:
    named = f"{folder}/a.xml:{folder}/*.json, {folder}/c.*"

    assert feed_files(named=named) == [f"{folder}/a.xml", f"{folder}/b.json", f"{folder}/c.html"]


def test_a_file_that_is_named_twice_is_read_once(folder: Path) -> None:
    assert feed_files(named=f"{folder}/a.xml,{folder}/a.*") == [f"{folder}/a.xml"]


def test_a_folder_stands_for_all_the_files_in_it(folder: Path) -> None:
    deep = folder / "more" / "d.xml"
    deep.parent.mkdir()
    deep.touch()

    assert feed_files(named=str(folder)) == [f"{folder}/a.xml", f"{folder}/b.json", f"{folder}/c.html", str(deep)]


def test_a_folder_that_a_glob_finds_is_read_too(folder: Path) -> None:
    assert f"{folder}/b.json" in feed_files(named=f"{folder.parent}/*/")


def test_no_name_is_no_file() -> None:
    assert feed_files(named="") == []


@pytest.mark.django_db
def test_the_source_of_a_file_is_found_out(folder: Path) -> None:
    complaints: list[str] = []

    report = ingest_files(named=f"{folder}/a.xml,{folder}/b.json", now=NOW, complain=complaints.append)

    assert (report.new, complaints) == (2, [])
    assert Paper.objects.filter(signals__kind="huggingface_upvotes").count() == 1


@pytest.mark.django_db
def test_a_file_in_no_known_format_costs_itself_and_one_line(folder: Path) -> None:
    complaints: list[str] = []

    report = ingest_files(named=f"{folder}/c.html,{folder}/a.xml", now=NOW, complain=complaints.append)

    assert report.new == 1
    (line,) = complaints
    assert line.startswith(f"{folder}/c.html was left out: as arxiv: ")
    assert "; as huggingface: " in line


@pytest.mark.django_db
def test_a_file_that_is_not_there_costs_itself_and_one_line(folder: Path) -> None:
    complaints: list[str] = []

    ingest_files(named=f"{folder}/nothing.xml", now=NOW, complain=complaints.append)

    assert complaints == [f"{folder}/nothing.xml was left out: No such file or directory."]


@pytest.mark.django_db
def test_a_bad_record_in_a_file_has_its_own_line(folder: Path) -> None:
    complaints: list[str] = []
    (folder / "d.json").write_text(
        '[{"paper": {"id": "no id", "title": "T"}}, {"paper": {"id": "2606.91003", "title": "T"}}]'
    )

    report = ingest_files(named=f"{folder}/d.json", now=NOW, complain=complaints.append)

    assert report.new == 1
    assert len(complaints) == 1
    assert complaints[0].startswith(f"{folder}/d.json: no id was left out: ")
