"""What may be posted to a webhook, and what becomes of it: forged, replayed, huge, cut off, in another encoding."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse

from digest.mail.ledger import Status
from digest.models import Delivery, DeliveryEvent
from subscriptions.models import Suppression
from tests.builders import NOW
from tests.unit.mail.rows import make_delivery

pytestmark = pytest.mark.django_db
SECRET = "name:password"


@pytest.fixture(autouse=True)
def _secret(settings: LazySettings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


@pytest.fixture
def delivery() -> Delivery:
    """A digest that was handed over a minute ago."""
    at = NOW - timedelta(minutes=1)
    return make_delivery(status=Status.SENT, claimed_at=at, sent_at=at, provider_message_id="0b1c")


def told(delivery: Delivery, **changed: Any) -> dict[str, Any]:
    """Say in a provider's words that a mail bounced for good."""
    words = {"RecordType": "Bounce", "Type": "HardBounce", "ID": 42, "MessageID": "0b1c", "Email": "who@example.org"}
    words |= {
        "Description": "The server answered",
        "Details": "550 5.1.1 user unknown",
        "BouncedAt": "2026-06-09T08:00:00Z",
    }
    return words | {"Metadata": {"delivery_id": str(delivery.pk)}} | changed


def signed_in(secret: str) -> dict[str, str]:
    """Write the header that carries a secret."""
    return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}


def post(body: bytes, *, secret: str = SECRET, kind: str = "application/json") -> Any:
    """Post to the provider's webhook."""
    headers = signed_in(secret) if secret else {}
    client = Client(raise_request_exception=False)
    address = reverse("anymail:postmark_tracking_webhook")
    return client.post(address, body, content_type=kind, headers=headers)


def as_json(words: Mapping[str, Any]) -> bytes:
    """Write what a provider says."""
    return json.dumps(words).encode()


def nothing_happened(delivery: Delivery) -> bool:
    """Tell whether all is as it was."""
    delivery.refresh_from_db()
    untouched = delivery.status == Status.SENT and not DeliveryEvent.objects.exists()
    return untouched and not Suppression.objects.exists()


@pytest.mark.parametrize("secret", ["", "name:wrong", "name:", ":password", "name"])
def test_a_forged_event_is_refused(delivery: Delivery, secret: str) -> None:
    answer = post(as_json(told(delivery)), secret=secret)

    assert (answer.status_code, nothing_happened(delivery)) == (400, True)


def test_a_forged_event_costs_one_line_of_the_log_that_holds_no_secret(
    delivery: Delivery, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MANDRILL_WEBHOOK_KEY": "key"}
    form = {"mandrill_events": "[]"}

    answer = Client().post("/anymail/mandrill/", form, headers=signed_in(SECRET) | {"X-Mandrill-Signature": "none"})

    lines = [record for record in caplog.records if record.name == "digest.views.webhooks"]
    assert (answer.status_code, len(lines), nothing_happened(delivery)) == (400, 1, True)
    assert not any(record.exc_info for record in caplog.records)
    assert SECRET.partition(":")[2] not in caplog.text


def test_a_replayed_event_is_accepted_and_counts_once(delivery: Delivery) -> None:
    answers = [post(as_json(told(delivery))).status_code for _ in range(3)]

    assert (answers, DeliveryEvent.objects.count(), Suppression.objects.count()) == ([200] * 3, 1, 1)


def test_a_huge_request_is_refused_before_it_is_read(delivery: Delivery, settings: LazySettings) -> None:
    body = as_json(told(delivery, Padding="x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE))

    assert (post(body).status_code, nothing_happened(delivery)) == (400, True)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe\x00", b"null", b"[]", b"[1]", b'"words"', b'{"RecordType": "Bounce"'],
    ids=["empty", "cut off", "no UTF-8", "null", "empty list", "number", "text", "cut off later"],
)
def test_what_cannot_be_read_is_refused_and_costs_no_traceback_of_ours(delivery: Delivery, body: bytes) -> None:
    answer = post(body)

    assert answer.status_code in {200, 400}
    assert nothing_happened(delivery)


def test_a_request_in_another_encoding_is_refused(delivery: Delivery) -> None:
    body = json.dumps(told(delivery, Description="Postfach gelöscht"), ensure_ascii=False).encode("latin-1")

    answer = post(body, kind="application/json; charset=utf-8")

    assert (answer.status_code, nothing_happened(delivery)) == (400, True)


def test_null_characters_and_endless_words_fit_the_row(delivery: Delivery) -> None:
    answer = post(as_json(told(delivery, Description="a\0b" * 10_000, Details="550 5.1.1 \0 unknown")))

    assert answer.status_code == 200
    assert "\0" not in DeliveryEvent.objects.get().detail


def test_another_tenants_mail_is_kept_as_nobodys_and_touches_no_reader(delivery: Delivery) -> None:
    words = told(delivery, MessageID="another", Metadata={"delivery_id": str(uuid4())})
    words["Email"] = delivery.digest.subscriber.email  # the same person reads the other tenant's mails, too

    assert post(as_json(words)).status_code == 200

    delivery.refresh_from_db()
    assert (delivery.status, Suppression.objects.count()) == (Status.SENT, 0)
    assert DeliveryEvent.objects.get().delivery is None


@pytest.mark.parametrize("metadata", [{"delivery_id": "x' OR 1=1"}, {"delivery_id": ["a"]}, {"subscriber": 7}, [], "x"])
def test_metadata_of_another_shape_names_nobody(delivery: Delivery, metadata: object) -> None:
    answer = post(as_json(told(delivery, MessageID="another", Metadata=metadata)))

    assert answer.status_code in {200, 400}
    assert not Suppression.objects.exists()


def test_looking_at_a_webhook_changes_nothing(delivery: Delivery) -> None:
    credentials = base64.b64encode(SECRET.encode()).decode()
    headers = {"Authorization": f"Basic {credentials}"}

    answer = Client().get(reverse("anymail:postmark_tracking_webhook"), headers=headers)

    assert (answer.status_code, nothing_happened(delivery)) == (405, True)


def test_the_webhook_of_a_provider_that_is_not_set_up_is_not_there() -> None:
    credentials = base64.b64encode(SECRET.encode()).decode()
    address = reverse("anymail:postal_tracking_webhook")

    headers = {"Authorization": f"Basic {credentials}"}
    answer = Client().post(address, b"{}", content_type="application/json", headers=headers)

    assert answer.status_code == 404


def test_an_event_that_cannot_be_stored_is_an_error_so_that_it_comes_again(delivery: Delivery) -> None:
    def lose(*_args: Any) -> None:
        raise ValueError("as of a fault in our own code")

    with connection.execute_wrapper(lose):
        answer = post(as_json(told(delivery)))

    assert answer.status_code == 500
    assert post(as_json(told(delivery))).status_code == 200
    assert Suppression.objects.count() == 1
