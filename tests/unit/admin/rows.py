"""Rows of every table of the admin, as a day leaves them behind."""

from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.urls import reverse

from digest.models import (
    Delivery,
    DeliveryEvent,
    Digest,
    DigestItem,
    EncoderState,
    Feedback,
    IngestRun,
    Paper,
    PaperVersion,
    SendingStop,
    SourceGate,
)
from subscriptions.models import ConsentEvent, OutgoingMail, SoftBounce, Subscriber, Suppression
from tests.builders import NOW, delivery_fields, make_paper, make_reader, make_taste

WHY = [
    {"kind": "keyword", "term": "state space model", "share": 0.75},
    {"kind": "author", "term": "A. Lovelace", "share": 0.25},
]


def make_digest(*, reader: Subscriber, **fields: Any) -> Digest:
    """Save a digest of the reader's day that is ready."""
    return Digest.objects.create(
        subscriber=reader,
        **{
            "digest_date": NOW.date(),
            "status": Digest.Status.READY,
            "window_start": NOW - timedelta(days=1),
            "window_end": NOW,
            "horizon_days": 7,
            "planned_at": NOW,
            "built_at": NOW,
            **fields,
        },
    )


def make_item(*, digest: Digest, paper: Paper, **fields: Any) -> DigestItem:
    """Save a matched paper in a digest, with its reasons."""
    return DigestItem.objects.create(
        digest=digest,
        subscriber_id=digest.subscriber_id,
        paper=paper,
        **{"section": DigestItem.Section.MATCHED, "position": 0, "profile_name": "Models", "reasons": WHY, **fields},
    )


def make_delivery(*, digest: Digest, **fields: Any) -> Delivery:
    """Save a mail that was sent."""
    sent = {"status": Delivery.Status.SENT, "sent_at": NOW, "provider": "file"}
    return Delivery.objects.create(digest=digest, **delivery_fields(**{**sent, **fields}))


def make_event(*, delivery: Delivery | None, key: str, **fields: Any) -> DeliveryEvent:
    """Save what a provider said of a mail."""
    said = {"kind": "delivered", "at": NOW, "received_at": NOW, "provider": "file"}
    return DeliveryEvent.objects.create(delivery=delivery, key=key, **{**said, **fields})


def make_consent(*, reader: Subscriber, **fields: Any) -> ConsentEvent:
    """Save a line of the proof of consent."""
    confirmed = {"kind": ConsentEvent.Kind.CONFIRMED, "at": NOW, "address_key": reader.address_key}
    return ConsentEvent.objects.create(subscriber=reader, **{**confirmed, **fields})


def make_outgoing(*, reader: Subscriber, **fields: Any) -> OutgoingMail:
    """Save a mail about the subscription that waits."""
    waiting = {"kind": OutgoingMail.Kind.MANAGE, "not_before": NOW, "created_at": NOW}
    return OutgoingMail.objects.create(subscriber=reader, **{**waiting, **fields})


def make_suppression(*, reader: Subscriber, **fields: Any) -> Suppression:
    """Save a suppression of the reader's address that holds."""
    bounced = {"reason": Suppression.Reason.HARD_BOUNCE, "created_at": NOW}
    return Suppression.objects.create(address_key=reader.address_key, **{**bounced, **fields})


def make_soft_bounce(*, reader: Subscriber, **fields: Any) -> SoftBounce:
    """Save a first wait of the reader's address, which ends in an hour."""
    first = {"times": 1, "last_at": NOW - timedelta(hours=1), "waits_until": NOW + timedelta(hours=1)}
    return SoftBounce.objects.create(address_key=reader.address_key, **{**first, **fields})


def make_run(**fields: Any) -> IngestRun:
    """Save a reading of arXiv that went well."""
    good = {"source": "arxiv", "started_at": NOW, "finished_at": NOW, "seen": 3, "new": 3}
    return IngestRun.objects.create(**{**good, **fields})


def make_gate(**fields: Any) -> SourceGate:
    """Save a turnstile whose host told us to stop."""
    return SourceGate.objects.create(**{"host": "export.example.org", "open_at": NOW, "denied_at": NOW, **fields})


def make_stop(**fields: Any) -> SendingStop:
    """Save a pull of the emergency brake."""
    return SendingStop.objects.create(**{"kind": "bounces", "reason": "Too many.", "pulled_at": NOW, **fields})


def fill_every_table(*, number: int) -> None:
    """Save one row, or a few, in each table that the admin shows."""
    reader = make_reader(profiles=[{"name": "Models", "keywords": ["state space model"], "likes": ["2606.99999"]}])
    paper = make_paper(signals={"huggingface_upvotes": 3.0, "github_stars": 5.0})
    PaperVersion.objects.create(paper=paper, number=1, submitted_at=NOW)
    digest = make_digest(reader=reader)
    make_item(digest=digest, paper=paper)
    Feedback.objects.create(profile=reader.profiles.get(), paper=paper, verdict="more", given_at=NOW)
    make_event(delivery=make_delivery(digest=digest), key=f"event-{number}")
    make_consent(reader=reader)
    make_outgoing(reader=reader)
    make_suppression(reader=reader)
    make_soft_bounce(reader=reader)
    make_run()
    make_stop(lifted_at=NOW, lifted_by="grace")
    make_gate(host=f"host{number}.example.org")
    EncoderState.objects.create(encoder=f"invented/model@{number}", dimensions=8, changed_at=NOW)
    make_taste(encoder=f"invented/model@{number}")


def list_url(model: type[Model]) -> str:
    """Answer the address of a table's page."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_url(row: Model) -> str:
    """Answer the address of a row's page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
