"""Digests, papers, deliveries and their events, found and shown in words."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from digest.admin.words import reason_in_words
from digest.models import Delivery, DeliveryEvent, Digest, DigestItem, Paper, PaperSignal, PaperVersion
from tests.builders import NOW, make_paper, make_reader
from tests.unit.admin.rows import list_url, make_delivery, make_digest, make_event, make_item, page_url

pytestmark = pytest.mark.django_db


def found(client: Client, model: type[Model], words: str) -> list[Any]:
    return list(client.get(list_url(model), {"q": words}).context["cl"].result_list)


def test_a_digest_says_which_papers_and_why(staff_client: Client) -> None:
    digest = make_digest(reader=make_reader())
    make_item(digest=digest, paper=make_paper(title="Selective state spaces"), also_in=["Graphs"])

    page = staff_client.get(page_url(digest)).content.decode()

    assert "Selective state spaces" in page
    assert "the keyword “state space model” (75%); the author A. Lovelace (25%); also in Graphs" in page


def test_a_trending_paper_says_its_signal(staff_client: Client) -> None:
    digest = make_digest(reader=make_reader())
    trending = {"section": DigestItem.Section.TRENDING, "reasons": [], "note": "118 upvotes on Hugging Face"}
    make_item(digest=digest, paper=make_paper(), **trending)

    assert "118 upvotes on Hugging Face" in staff_client.get(page_url(digest)).content.decode()


def test_an_empty_digest_says_why_in_the_list(staff_client: Client) -> None:
    make_digest(reader=make_reader(), status=Digest.Status.EMPTY, empty_reason="It was a holiday.")

    assert "It was a holiday." in staff_client.get(list_url(Digest)).content.decode()


def test_the_list_counts_the_papers_of_each_digest(staff_client: Client) -> None:
    full, empty = make_digest(reader=make_reader()), make_digest(reader=make_reader())
    for position in range(2):
        make_item(digest=full, paper=make_paper(), position=position)

    rows = staff_client.get(list_url(Digest)).context["cl"].result_list

    assert {row.pk: row.papers_in_it for row in rows} == {full.pk: 2, empty.pk: None}


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ({"kind": "category", "term": "cs.CL", "share": 0.5}, "the category cs.CL (50%)"),
        ({"kind": "description", "term": "cells", "share": 1.0}, "“cells” in the reader's own description (100%)"),
        (
            {"kind": "keyword", "term": "doping", "share": 0.5, "asked": "doped"},
            "the keyword “doped”, found as “doping” (50%)",
        ),
        ({"kind": "paper", "term": "Old paper", "share": 0.004}, "likeness to Old paper (0%)"),
        ({"kind": "unheard", "term": "of", "share": 0.1}, "of (10%)"),
        ({}, " (0%)"),
    ],
)
def test_a_reason_is_said_in_words(reason: dict[str, Any], words: str) -> None:
    assert reason_in_words(reason) == words


@pytest.mark.parametrize("words", ["ada@example.org", "ada@", "ada"])
def test_digests_are_found_by_the_reader(staff_client: Client, words: str) -> None:
    wanted = make_digest(reader=make_reader(email="ada@example.org"))
    make_digest(reader=make_reader(email="eve@example.org"))

    assert found(staff_client, Digest, words) == [wanted]


def test_a_digest_is_found_by_its_number(staff_client: Client) -> None:
    wanted, _ = make_digest(reader=make_reader()), make_digest(reader=make_reader())

    assert found(staff_client, Digest, f"#{wanted.pk}") == [wanted]


@pytest.mark.parametrize(
    "words",
    [
        "2606.01234",
        "2606.01234v3",
        "arXiv:2606.01234",
        "https://arxiv.org/pdf/2606.01234v1",
        "10.48550/arXiv.2606.01234",
    ],
)
def test_a_paper_is_found_however_its_arxiv_id_is_written(staff_client: Client, words: str) -> None:
    wanted = make_paper(arxiv="2606.01234")
    make_paper()

    assert found(staff_client, Paper, words) == [wanted]
    assert not found(staff_client, Paper, "2606.99999")


def test_a_paper_is_found_by_doi_and_by_number(staff_client: Client) -> None:
    wanted, _ = make_paper(), make_paper()
    wanted.identifiers.create(scheme="doi", value="10.1000/xyz")

    assert found(staff_client, Paper, "10.1000/XYZ") == found(staff_client, Paper, f"#{wanted.pk}") == [wanted]


def test_a_paper_shows_names_versions_and_signals(staff_client: Client) -> None:
    paper = make_paper(title="Selective state spaces", arxiv="2606.01234", signals={"github_stars": 51.0})
    PaperVersion.objects.create(paper=paper, number=2, submitted_at=NOW)

    page = staff_client.get(page_url(paper)).content.decode()

    for text in ("Selective state spaces", "Ada Example, Ben Sample", "2606.01234", "github_stars", "51"):
        assert text in page


def test_a_link_that_is_no_web_link_is_not_made_one(staff_client: Client) -> None:
    paper = make_paper(links={"abstract": "https://papers.example.org/1", "code": "javascript:alert(1)"})

    page = staff_client.get(page_url(paper)).content.decode()

    assert 'href="https://papers.example.org/1"' in page
    assert "javascript:alert" not in page


def test_a_title_with_markup_is_shown_as_text(staff_client: Client) -> None:
    make_paper(title="<script>alert(1)</script>", signals={"github_stars": 1.0})

    pages = [staff_client.get(list_url(model)).content.decode() for model in (Paper, PaperSignal)]

    assert all("&lt;script&gt;alert" in page and "<script>alert" not in page for page in pages)


def test_signals_are_found_by_the_paper(staff_client: Client) -> None:
    make_paper(arxiv="2606.01234", signals={"github_stars": 1.0})
    make_paper(signals={"github_stars": 2.0})

    assert [signal.value for signal in found(staff_client, PaperSignal, "2606.01234")] == [1.0]


def test_a_delivery_is_found_by_id_reader_and_message_id(staff_client: Client) -> None:
    wanted = make_delivery(
        digest=make_digest(reader=make_reader(email="ada@example.org")), provider_message_id="<m1@mail.example.org>"
    )
    make_delivery(digest=make_digest(reader=make_reader()))

    for words in (str(wanted.pk), wanted.pk.hex, "ada@example.org", "ada@", "<m1@mail.example.org>"):
        assert found(staff_client, Delivery, words) == [wanted]


def test_a_provider_whose_message_ids_have_no_brackets_is_searched_too(staff_client: Client) -> None:
    wanted = make_delivery(digest=make_digest(reader=make_reader()), provider_message_id="m1@mail.example.org")

    assert found(staff_client, Delivery, "m1@mail.example.org") == [wanted]


def test_a_delivery_shows_its_events(staff_client: Client) -> None:
    delivery = make_delivery(digest=make_digest(reader=make_reader()))
    make_event(delivery=delivery, key="one", kind="bounced", detail="550 no such user")

    assert "550 no such user" in staff_client.get(page_url(delivery)).content.decode()


def test_events_are_found_by_delivery_and_by_key(staff_client: Client) -> None:
    delivery = make_delivery(digest=make_digest(reader=make_reader()))
    wanted = make_event(delivery=delivery, key="provider:1")
    make_event(delivery=None, key="provider:2")

    for words in (str(delivery.pk), "provider:1"):
        assert found(staff_client, DeliveryEvent, words) == [wanted]
