"""The pages of a library: lists in, accounts followed, everything out, and wrong input told in one sentence."""

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from digest.library import MOST_BYTES
from digest.pipeline.feedback import give_feedback
from digest.pipeline.saved import save_paper
from digest.views.library import WRITERS
from subscriptions import limits
from subscriptions.models import InterestProfile, LibraryImport, LibraryPaper, LinkedLibrary, Subscriber
from subscriptions.services.learning import LIKED_PAPERS
from subscriptions.tokens import make_token
from tests.builders import NOW, make_paper, make_profile, make_reader

pytestmark = pytest.mark.django_db
Path = Callable[..., str]
KEY = "P9NiFoyLeZu2bZNvvuQPDWsd"


@pytest.fixture
def interest(reader: Subscriber) -> InterestProfile:
    return make_profile(reader=reader, name="Tea")


@pytest.fixture
def path(reader: Subscriber, interest: InterestProfile) -> Path:
    def build(name: str = "library", *args: object, whose: Subscriber = reader) -> str:
        return reverse(name, args=[make_token(purpose="manage", subscriber=whose), *args])

    return build


def bring(client: Client, path: Path, interest: InterestProfile, **given: object) -> str:
    """Post a list and follow to the page that answers."""
    answer = client.post(path(), {"interest": interest.pk, "papers": "", **given}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def errors(page: str) -> int:
    return page.count('<li>\n            <a href="#id_')


def test_a_pasted_list_leads_to_a_page_that_says_what_became_of_it(
    client: Client, path: Path, interest: InterestProfile
) -> None:
    make_paper(title="On Tea and Milk", arxiv="2406.00001")

    page = bring(client, path, interest, papers="2406.00001\n2406.00002\nAn unknown paper about sugar\nhm")

    words = [
        "4 entries",
        "1 paper found and added",
        "1 paper to be looked up",
        "1 not among our papers",
        "1 line is no",
    ]
    assert all(word in page for word in words)
    assert 'href="https://arxiv.org/abs/2406.00002"' in page
    assert "An unknown paper about sugar" in page


def test_an_uploaded_file_is_read_whatever_it_is_called(client: Client, path: Path, interest: InterestProfile) -> None:
    file = SimpleUploadedFile("holiday.jpg", "TY  - JOUR\r\nTI  - Thé\r\nDO  - 10.1000/tea\r\n".encode("utf-16"))

    page = bring(client, path, interest, file=file)

    assert "read as RIS" in page
    assert "holiday.jpg" in page
    assert interest.library.get().value == "10.1000/tea"


def test_a_list_sent_twice_or_from_two_tabs_changes_nothing_more(
    client: Client, path: Path, interest: InterestProfile
) -> None:
    bring(client, path, interest, papers="2406.00001")
    before = list(LibraryPaper.objects.values())

    page = bring(client, path, interest, papers="2406.00001")

    assert "1 was there already" in page
    assert list(LibraryPaper.objects.values()) == before
    assert LibraryImport.objects.count() == 1


def test_a_reader_without_interests_gets_one_for_their_list(client: Client, path: Path, reader: Subscriber) -> None:
    reader.profiles.all().delete()

    client.post(path(), {"interest": "new", "papers": "2406.00001"})

    assert reader.profiles.get().name == LIKED_PAPERS


def test_a_form_without_a_list_says_so_once(client: Client, path: Path, interest: InterestProfile) -> None:
    answer = client.post(path(), {"interest": interest.pk, "papers": " "})

    assert answer.status_code == 400
    assert answer.content.decode().count("Please paste something, or choose a file.") == 2  # above, and at the field


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"PK\x03\x04 zip", "This is an archive"),
        (b"%PDF-1.7", "This is a PDF"),
        (bytes(range(256)) * 20, "This is no text"),
        (b"", "There is nothing in it"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><rss/>", "This file is damaged"),
        (b" " * (MOST_BYTES + 1), "larger than 5 MB"),
        (b"{" * 20 * MOST_BYTES, "larger than 5 MB"),
    ],
)
def test_a_file_that_is_no_list_is_answered_in_words_and_what_was_chosen_stays(
    client: Client, path: Path, reader: Subscriber, interest: InterestProfile, payload: bytes, words: str
) -> None:
    second = make_profile(reader=reader, name="Milk")

    answer = client.post(path(), {"interest": second.pk, "file": SimpleUploadedFile("x.bib", payload)})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert f'<option value="{second.pk}" selected>' in page
    assert LibraryPaper.objects.count() == 0


def test_what_was_pasted_stays_when_something_else_is_wrong(
    client: Client, path: Path, interest: InterestProfile
) -> None:
    given = {"interest": interest.pk, "papers": "2406.00001 and <more>", "file": SimpleUploadedFile("x.bib", b"@")}

    answer = client.post(path(), given)

    assert answer.status_code == 400
    assert "2406.00001 and &lt;more&gt;" in answer.content.decode()
    assert "one at a time" in answer.content.decode()


def test_a_browser_without_cookies_is_served_for_the_link_is_what_counts(path: Path, interest: InterestProfile) -> None:
    answer = Client(enforce_csrf_checks=True).post(path(), {"interest": interest.pk, "papers": "2406.00001"})

    assert answer.status_code == 302
    assert interest.library.get().value == "2406.00001"


def test_an_interest_of_another_reader_cannot_be_chosen(client: Client, path: Path) -> None:
    other = make_profile(reader=make_reader())

    answer = client.post(path(), {"interest": other.pk, "papers": "2406.00001"})

    assert answer.status_code == 400
    assert other.library.count() == 0


def test_the_report_of_another_reader_cannot_be_seen(client: Client, path: Path, interest: InterestProfile) -> None:
    bring(client, path, interest, papers="2406.00001")
    row = LibraryImport.objects.get()

    assert client.get(path("library_report", row.pk)).status_code == 200
    assert client.get(path("library_report", row.pk, whose=make_reader())).status_code == 404


def test_somebody_who_brings_very_many_lists_is_asked_to_wait(
    client: Client, path: Path, interest: InterestProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "IMPORTS", (1, limits.HOUR))
    bring(client, path, interest, papers="2406.00001")

    answer = client.post(path(), {"interest": interest.pk, "papers": "2406.00002"})

    assert answer.status_code == 429
    assert "try again in an hour" in answer.content.decode()


def test_a_zotero_library_is_followed_and_its_key_never_shown(
    client: Client, path: Path, interest: InterestProfile
) -> None:
    given = {"zotero-interest": interest.pk, "zotero-library": "https://www.zotero.org/groups/2744757/tea"}

    page = client.post(path("library_link", "zotero"), given | {"zotero-key": KEY}, follow=True).content.decode()

    row = LinkedLibrary.objects.get()
    assert (row.library, row.profile_id) == ("groups/2744757", interest.pk)
    assert "groups/2744757" in page
    assert KEY not in page + row.sealed_key


def test_an_orcid_with_a_wrong_digit_is_told_and_stays(client: Client, path: Path, interest: InterestProfile) -> None:
    given = {"orcid-interest": interest.pk, "orcid-orcid": "0000-0002-1825-0098"}

    answer = client.post(path("library_link", "orcid"), given)

    assert answer.status_code == 400
    assert 'value="0000-0002-1825-0098"' in answer.content.decode()
    assert "One of the digits" in answer.content.decode()
    assert LinkedLibrary.objects.count() == 0


@pytest.mark.parametrize("text", ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"])
def test_an_orcid_is_followed_and_given_up_again(
    client: Client, path: Path, interest: InterestProfile, text: str
) -> None:
    client.post(path("library_link", "orcid"), {"orcid-interest": interest.pk, "orcid-orcid": text})
    row = LinkedLibrary.objects.get()

    client.post(path("library_unlink"), {"linked": row.pk})
    again = client.post(path("library_unlink"), {"linked": row.pk})

    assert row.library == "0000-0002-1825-0097"
    assert (LinkedLibrary.objects.count(), again.status_code) == (0, 302)


def test_what_is_wrong_with_an_account_is_said(client: Client, path: Path, interest: InterestProfile) -> None:
    LinkedLibrary.objects.create(
        profile=interest, kind="zotero", library="users/1", problem="key_refused", linked_at=NOW
    )

    assert "Zotero refuses this key" in client.get(path()).content.decode()


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_everything_named_liked_and_saved_comes_out_once(
    client: Client, path: Path, reader: Subscriber, interest: InterestProfile, form: str
) -> None:
    named, liked, saved = (make_paper(title=f"Tea {word}", arxiv=f"2406.0000{n}") for n, word in enumerate("abc"))
    unwanted = make_paper(title="Tea d")
    interest.library.create(scheme="arxiv", value="2406.00000", added_at=NOW)
    interest.library.create(scheme="doi", value="10.1000/unknown", added_at=NOW)
    give_feedback(profile_id=interest.pk, paper_id=liked.pk, verdict="more", now=NOW)
    give_feedback(profile_id=interest.pk, paper_id=named.pk, verdict="more", now=NOW)
    give_feedback(profile_id=interest.pk, paper_id=unwanted.pk, verdict="less", now=NOW)
    save_paper(subscriber=reader, paper_id=saved.pk, now=NOW)

    answer = client.get(path("library_download", form))

    text = answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]
    assert [text.count(title) for title in ("Tea a", "Tea b", "Tea c", "Tea d")] == [1, 1, 1, 0]
    assert "10.1000/unknown" in text
    assert form != "json" or len(json.loads(text)) == 4


def test_a_large_library_costs_no_more_queries_on_its_way_out(
    client: Client, path: Path, interest: InterestProfile, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_paper(arxiv=f"2406.{number:05}")
        interest.library.create(scheme="arxiv", value=f"2406.{number:05}", added_at=NOW)

    with django_assert_max_num_queries(8):
        answer = client.get(path("library_download", "ris"))

    assert answer.content.decode().count("TY  - ") == 20


def test_no_other_form_comes_out(client: Client, path: Path) -> None:
    assert client.get(path("library_download", "exe")).status_code == 404


def test_the_panel_leads_to_the_library(client: Client, path: Path) -> None:
    assert path() in client.get(path("manage")).content.decode()
