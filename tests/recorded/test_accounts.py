"""What Zotero and ORCID really answer, served from loopback: read into an interest whole, and told entry by entry."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from digest.pipeline.linked import refresh_libraries
from subscriptions import services
from subscriptions.models import InterestProfile, LinkedLibrary
from tests import source_server
from tests.builders import make_profile, make_reader
from tests.source_server import Answer, SourceServer
from tests.unit.pipeline.moments import FakeTime

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def server(settings: LazySettings) -> Iterator[SourceServer]:
    with source_server.running() as running:
        settings.ZOTERO_URL = settings.ORCID_URL = running.address
        yield running


@pytest.fixture
def interest() -> InterestProfile:
    return make_profile(reader=make_reader())


def follow(interest: InterestProfile, kind: str, library: str) -> LinkedLibrary:
    secret = "k" * 24 if kind == "zotero" else ""
    row = services.link_library(
        subscriber=interest.subscriber, profile_id=interest.pk, kind=kind, library=library, secret=secret, now=NOW
    )
    refresh_libraries(now=NOW, clock=FakeTime(NOW).clock)
    row.refresh_from_db()
    return row


def outcomes(row: LinkedLibrary) -> dict[str, int]:
    lines = row.last_import.lines if row.last_import else []
    return {
        outcome: [line["outcome"] for line in lines].count(outcome) for outcome in {line["outcome"] for line in lines}
    }


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("pyzotero_items_doc.json", {"kept": 5, "other_name": 1, "no_name": 14}),
        ("web_test-user-collection-items.json", {"kept": 3, "no_name": 7}),
        ("web_test-user-get-items-in-collection-dogs.json", {"no_name": 6}),
    ],
)
def test_a_recorded_zotero_library_is_followed(
    server: SourceServer, interest: InterestProfile, recordings: Path, name: str, wanted: dict[str, int]
) -> None:
    body = (recordings / "zotero" / name).read_bytes()
    server.answers(Answer(body=body, headers=(("Last-Modified-Version", "9"), ("Total-Results", "20"))))

    row = follow(interest, "zotero", "users/475425")

    assert (row.problem, row.version) == ("", 9)
    assert outcomes(row) == wanted


def test_a_recorded_person_is_followed(server: SourceServer, interest: InterestProfile, recordings: Path) -> None:
    server.answers((recordings / "orcid" / "works_140kB.json").read_bytes())

    row = follow(interest, "orcid", "0000-0001-8607-8025")

    assert (row.problem, row.version > 1_500_000_000_000) == ("", True)
    assert sum(outcomes(row).values()) == 74
    assert interest.library.filter(scheme="doi", value="10.1371/journal.pcbi.1004947").exists()


def test_a_recorded_refusal_is_told(server: SourceServer, interest: InterestProfile, recordings: Path) -> None:
    server.answers(Answer(status=404, body=(recordings / "orcid" / "error_404.json").read_bytes()))

    assert follow(interest, "orcid", "0000-0002-1825-0097").problem == "no_person"
