"""What is held about me: every kind of data with its count, and none forgotten."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from digest.models import Digest, Feedback
from digest.pipeline.saved import save_paper
from digest.views.holdings import HOLDINGS
from subscriptions import services
from subscriptions.models import Subscriber
from tests.builders import NOW, make_profile
from tests.unit.views.conftest import link

pytestmark = pytest.mark.django_db

ROW = re.compile(r'<h3> <span> (?:<a href="[^"]+">)?([^<]+?)(?:</a>)? </span> <span class="share">(\d+)')


@pytest.fixture
def path(reader: Subscriber) -> str:
    return link("held", reader=reader)


def words(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def hanging_on(model: type[Model]) -> Iterator[type[Model]]:
    """Walk the tables whose rows go, or lose a name, with a row of this one."""
    for other in apps.get_models():
        for field in other._meta.get_fields():
            if isinstance(field, ForeignKey) and field.related_model is model:
                yield other
                yield from hanging_on(other)


def test_no_table_that_hangs_on_a_reader_is_left_unsaid() -> None:
    said = {holding.model for holding in HOLDINGS}

    assert set(hanging_on(Subscriber)) - said == set()


def test_every_kind_is_counted_and_says_how_long_it_is_kept(
    client: Client, reader: Subscriber, sent_digest: Digest, empty_digest: Digest, path: str
) -> None:
    interest = make_profile(reader=reader, likes=["2406.01234"])
    paper = sent_digest.items.earliest("pk").paper
    Feedback.objects.create(profile=interest, paper=paper, verdict="more", given_at=NOW)
    save_paper(subscriber=reader, paper_id=paper.pk, now=NOW)
    services.share_taste(subscriber=reader, shares=True, wording="Yes", now=NOW)

    counts = dict(ROW.findall(words(client, path)))

    assert counts == {
        "Your address and your settings": "1",
        "Interests": "1",
        "Papers that you named as examples": "1",
        "Answers: more or less like this": "1",
        "Saved papers": "1",
        "Digests": "2",
        "Papers in your digests": "2",
        "Mails of digests": "1",
        "Proof of your consent": "1",
    }


def test_what_is_not_held_is_said_too(client: Client, path: str) -> None:
    page = words(client, path)

    for said in ("neither is tracked", "A password", "Saved papers: none.", "your likes help nobody but you"):
        assert said in page


def test_another_reader_s_rows_are_not_counted(
    client: Client, make_reader: Callable[..., Subscriber], sent_digest: Digest
) -> None:
    stranger = make_reader()

    counts = dict(ROW.findall(words(client, link("held", reader=stranger))))

    assert counts == {"Your address and your settings": "1"}


def test_a_note_not_to_write_is_found_by_the_address_alone(client: Client, reader: Subscriber, path: str) -> None:
    services.suppress(address_key=reader.address_key, reason="complaint", detail="", now=NOW)

    assert "A note not to write to you" in dict(ROW.findall(words(client, path)))


def test_the_copy_and_the_deletion_are_a_press_away(client: Client, reader: Subscriber, path: str) -> None:
    page = words(client, path)

    assert re.search(r'<form method="post" action="/preferences/[^"]+/export/">', page)
    assert re.search(r'href="/preferences/[^"]+/erase/"', page)


def test_the_page_costs_the_same_however_much_is_held(
    client: Client, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1 + len(HOLDINGS)):
        client.get(path)
