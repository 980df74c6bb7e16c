"""Real recorded answers: read without a slip, twice the same, and compared with the files read another way."""

import json
import random
import re
import unicodedata
import xml.etree.ElementTree as ET  # another parser than ours, on purpose
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from digest.models import Paper
from digest.pipeline.ingest import IngestReport, ingest

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FOLDERS = {"arxiv-api": "arxiv", "arxiv-rss": "arxiv", "arxiv-oai": "arxiv-oai", "huggingface": "huggingface"}
COMPLAINTS = {"arXiv_error_unknown_id.xml": "idDoesNotExist"}
"""Recordings of the server's own errors."""
ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
ARXIV = "{http://arxiv.org/OAI/arXiv/}"
RAW = "{http://arxiv.org/OAI/arXivRaw/}"


@pytest.fixture(scope="module")
def files(recordings: Path) -> list[tuple[str, Path]]:
    """Every recording with the source that it is of."""
    return [(source, path) for folder, source in FOLDERS.items() for path in sorted((recordings / folder).iterdir())]


def read(source: str, path: Path) -> IngestReport:
    return ingest(source_name=source, payloads=[path.read_bytes()], now=NOW)


def paper(arxiv: str) -> Paper:
    return Paper.objects.get(identifiers__scheme="arxiv", identifiers__value=arxiv)


def bare_id(text: str) -> str:
    """Cut the version and everything before the id, by hand."""
    return re.sub(r"v\d+$", "", text.strip().removeprefix("http://arxiv.org/abs/").removeprefix("oai:arXiv.org:"))


def flat(text: str | None) -> str:
    return " ".join((text or "").split())


def letters(text: str) -> str:
    """Keep the plain letters of a text, so that TeX and Unicode spellings of an accent are the same."""
    text = unicodedata.normalize("NFKD", text).replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("Ø", "O")
    return re.sub(r"[^A-Za-z0-9]", "", text).lower()


# --- all of them ------------------------------------------------------------------------


def test_every_file_is_read_and_no_record_is_lost(files: list[tuple[str, Path]]) -> None:
    reports = {path.name: read(source, path) for source, path in files}

    unreadable = {name: report.unreadable[0].reason for name, report in reports.items() if report.unreadable}
    assert {name: reason.split(":")[0].split()[-1] for name, reason in unreadable.items()} == COMPLAINTS
    assert [report.rejected for report in reports.values() if report.rejected] == []


def test_every_record_in_a_file_is_seen(files: list[tuple[str, Path]]) -> None:
    for source, path in files:
        text = path.read_text("utf-8")
        told = len(json.loads(text)) if path.suffix == ".json" else len(re.findall(r"<(?:record|entry|item)>", text))

        assert (path.name, read(source, path).seen) == (path.name, told)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_read_again_in_any_order_nothing_changes(files: list[tuple[str, Path]], seed: int) -> None:
    shuffled = random.Random(seed)
    shuffled.shuffle(files)
    for source, path in files:
        read(source, path)
    before = list(Paper.objects.order_by("pk").values())
    shuffled.shuffle(files)

    reports = [read(source, path) for source, path in files]

    assert [report.counts() for report in reports if report.seen != report.unchanged] == []
    assert list(Paper.objects.order_by("pk").values()) == before


def test_either_arxiv_source_reads_every_arxiv_format(files: list[tuple[str, Path]]) -> None:
    arxiv_files = [path for source, path in files if source != "huggingface"]
    for path in arxiv_files:
        read("arxiv", path)

    reports = [read("arxiv-oai", path) for path in arxiv_files]

    assert [report.counts() for report in reports if report.seen != report.unchanged] == []


def test_any_file_cut_anywhere_is_no_accident(files: list[tuple[str, Path]]) -> None:
    chance = random.Random(7)
    for source, path in files:
        whole = path.read_bytes()
        for _ in range(3):
            cut = whole[: chance.randrange(1, min(len(whole), 60_000))]

            report = ingest(source_name=source, payloads=[cut], now=NOW)

            assert report.seen == sum(report.counts().values()) - report.seen
            assert report.rejected or report.unreadable


# --- compared with the file, read another way --------------------------------------------


def test_api_answers_say_what_the_file_says(recordings: Path) -> None:
    for path in sorted((recordings / "arxiv-api").iterdir()):
        read("arxiv", path)
    entries = [
        (path.name, entry)
        for path in sorted((recordings / "arxiv-api").iterdir())
        for entry in ET.parse(path).getroot().iter(f"{ATOM}entry")
    ]

    assert len(entries) > 50
    for name, entry in entries:
        found = paper(bare_id(entry.findtext(f"{ATOM}id", "")))
        authors = [flat(author.findtext(f"{ATOM}name")) for author in entry.iter(f"{ATOM}author")]
        assert letters(found.title) == letters(flat(entry.findtext(f"{ATOM}title"))), name
        assert [author["name"] for author in found.authors] == authors, name
        assert found.categories == [term.get("term") for term in entry.iter(f"{ATOM}category")], name
        assert f"{found.submitted_at:%Y-%m-%dT%H:%M:%SZ}" == entry.findtext(f"{ATOM}published"), name
        assert f"{found.updated_at:%Y-%m-%dT%H:%M:%SZ}" == entry.findtext(f"{ATOM}updated"), name


def test_daily_feeds_say_what_the_file_says(recordings: Path) -> None:
    for path in sorted((recordings / "arxiv-rss").glob("rss_*.xml")):
        read("arxiv", path)
        for item in ET.parse(path).getroot().iter("item"):
            found = paper(bare_id(item.findtext("guid", "")))
            day = parsedate_to_datetime(item.findtext("pubDate", "")).date()

            assert found.title == flat(item.findtext("title"))
            assert [author["name"] for author in found.authors] == flat(item.findtext(f"{DC}creator")).split(", ")
            assert found.categories == [term.text for term in item.iter("category")]
            assert found.licence == item.findtext(f"{DC}rights")
            assert (found.announced_on, found.submitted_at) == (day, None)


def test_a_feed_in_atom_form_says_what_the_file_says(recordings: Path) -> None:
    path = recordings / "arxiv-rss" / "atom_csAI_20250820.xml"
    read("arxiv", path)
    for entry in ET.parse(path).getroot().iter(f"{ATOM}entry"):
        found = paper(bare_id(entry.findtext(f"{ATOM}id", "")))
        printed = entry.findtext(f"{DC}creator", "")
        is_new = entry.findtext("{http://arxiv.org/schemas/atom}announce_type") == "new"

        assert found.title == flat(entry.findtext(f"{ATOM}title"))
        assert letters("".join(author["name"] for author in found.authors)) == letters(printed)
        assert (found.announced_on is not None) is is_new


def test_the_file_of_a_thousand_raw_records_is_read_right(recordings: Path) -> None:
    path = recordings / "arxiv-oai" / "arXivRaw_ListRecords_2014_p47.xml"
    read("arxiv-oai", path)
    papers = {
        name: found
        for found in Paper.objects.prefetch_related("identifiers", "versions")
        for name in _arxiv_names(found)
    }
    records = list(ET.parse(path).getroot().iter(f"{RAW}arXivRaw"))

    assert len(records) == len(papers) == 1000
    for record in records:
        found = papers[record.findtext(f"{RAW}id", "")]
        days = [parsedate_to_datetime(version.findtext(f"{RAW}date", "")) for version in record.iter(f"{RAW}version")]
        assert letters(found.title) == letters(record.findtext(f"{RAW}title", ""))
        assert found.categories == record.findtext(f"{RAW}categories", "").split()
        assert (found.submitted_at, found.updated_at, found.latest_version) == (days[0], days[-1], len(days))
        assert [version.submitted_at for version in sorted(found.versions.all(), key=lambda v: v.number)] == days
        assert _surnames_in_order(found, record.findtext(f"{RAW}authors", "")), record.findtext(f"{RAW}id")


def test_exactly_the_papers_whose_last_version_is_flagged_are_withdrawn(recordings: Path) -> None:
    path = recordings / "arxiv-oai" / "arXivRaw_ListRecords_2014_p47.xml"
    flagged = set()
    for block in re.findall(r"<record>.*?</record>", path.read_text("utf-8"), re.DOTALL):
        last = re.findall(r"<version .*?</version>", block, re.DOTALL)[-1]
        if "<source_type>I<" in last:
            flagged |= set(re.findall(r"<id>(.*?)</id>", block))

    read("arxiv-oai", path)

    withdrawn = {name for found in Paper.objects.filter(withdrawn=True) for name in _arxiv_names(found)}
    assert withdrawn == flagged
    assert len(flagged) == 5


def test_a_paper_that_came_back_is_not_withdrawn(recordings: Path) -> None:
    read("arxiv-oai", recordings / "arxiv-oai" / "arXivRaw_ListRecords_2014_p47.xml")

    assert paper("0801.3891").withdrawn is False
    assert paper("0801.4093").withdrawn is False


def test_split_records_say_what_the_file_says(recordings: Path) -> None:
    paths = [path for path in sorted((recordings / "arxiv-oai").glob("arXiv_*.xml")) if path.name not in COMPLAINTS]
    for path in paths:
        read("arxiv-oai", path)
        for record in ET.parse(path).getroot().iter(f"{ARXIV}arXiv"):
            found = paper(record.findtext(f"{ARXIV}id", ""))

            assert letters(found.title) == letters(record.findtext(f"{ARXIV}title", ""))
            assert found.categories == record.findtext(f"{ARXIV}categories", "").split()
            assert f"{found.submitted_at:%Y-%m-%d}" == record.findtext(f"{ARXIV}created")
            assert found.licence == flat(record.findtext(f"{ARXIV}license"))


@pytest.mark.parametrize(
    ("name", "authors"),
    [
        ("sample0", ["Planck Collaboration *", "Jieci Wang", "Zehua Tian", "Jiliang Jing", "Heng Fan"]),
        ("sample1", ["Teresa Maria Montaruli", "IceCube Collaboration *"]),
        ("sample6", ["E. Bufanda", "D. Hollowood", "DES Collaboration *"]),
        ("sample9", ["Ruchi Chudasama", "Dipanwita Dutta", "CMS Collaboration *"]),
        ("sample10", ["Emmanuele Battista"]),
    ],
)
def test_collaborations_come_out_as_groups(recordings: Path, name: str, authors: list[str]) -> None:
    read("arxiv-oai", recordings / "arxiv-oai" / f"arXiv_record_{name}.xml")

    found = [author["name"] + " *" * author["is_group"] for author in Paper.objects.get().authors]
    assert found == authors


def test_the_plain_format_comes_out_right(recordings: Path) -> None:
    for path in sorted((recordings / "arxiv-oai").glob("oai_dc_*.xml")):
        read("arxiv-oai", path)

    old, tin, lovasz = paper("astro-ph/9501013"), paper("0901.2443"), paper("math/0306266")
    assert "Friedmann-Lemaître cosmological models" in old.abstract
    assert (f"{old.submitted_at:%Y-%m-%d}", f"{old.updated_at:%Y-%m-%d}") == ("1995-01-05", "1995-09-01")
    assert [author["name"] for author in tin.authors][:4] == [
        "B. Özel",
        "J. Enders",
        "H. Lenske",
        "P. von Neumann-Cosel",
    ]
    assert tin.comments == "submitted to Phys. Lett. B"
    assert lovasz.identifiers.filter(scheme="doi", value="10.1017/s0963548305006826").exists()


def test_daily_papers_say_what_the_file_says(recordings: Path) -> None:
    path = recordings / "huggingface" / "daily_papers_20260612.json"
    read("huggingface", path)
    for entry in json.loads(path.read_text("utf-8")):
        said = entry["paper"]
        found = paper(said["id"])
        counts = dict(found.signals.values_list("kind", "value"))

        assert found.title == flat(said["title"])
        assert [author["name"] for author in found.authors] == [
            flat(author["name"]) for author in said["authors"] if not author.get("hidden")
        ]
        assert counts["huggingface_upvotes"] == said["upvotes"]
        assert counts.get("github_stars") == said.get("githubStars")
        assert {f"{signal.day}" for signal in found.signals.all()} == {said["submittedOnDailyAt"][:10]}
        assert f"{found.submitted_at:%Y-%m-%d}" == said["publishedAt"][:10]
        assert found.links.get("code") == said.get("githubRepo")


def _arxiv_names(found: Paper) -> list[str]:
    return [name.value for name in found.identifiers.all() if name.scheme == "arxiv"]


def _surnames_in_order(found: Paper, printed: str) -> bool:
    """Decide whether the last word of every author's name stands in the printed line, in the same order."""
    line, at = letters(re.sub(r"\\[a-zA-Z](?=[{\s])|[\\{}]", "", printed)), 0
    for author in found.authors:
        surname = letters(author["name"].split()[0 if author["is_group"] else -1])
        at = line.find(surname, at)
        if at < 0:
            return False
    return True
