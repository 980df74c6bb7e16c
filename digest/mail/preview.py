"""What a reader's mail of today says, or would say: for staff to look at; nothing is written."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import prefetch_related_objects

from digest.mail import content
from digest.models import Delivery, Digest
from digest.pipeline.build import compose
from digest.pipeline.plan import draft
from digest.pipeline.store import to_item
from digest.types import MailDigest
from subscriptions import schedule
from subscriptions.models import Subscriber

NO_DELIVERY = UUID(int=0)


def preview_digest(*, subscriber: Subscriber, now: datetime) -> MailDigest:
    """Answer the digest that the reader has had today, or the one they would get at this moment."""
    today = schedule.local_day(at=now, timezone=subscriber.timezone)
    had = Delivery.objects.filter(digest__subscriber=subscriber, digest__digest_date=today).first()
    if had is not None:
        return content.load_digests(delivery_ids=[had.pk])[0]
    return _would_be(draft(reader=subscriber, day=today, now=now))


def _would_be(digest: Digest) -> MailDigest:
    found = compose(digests=[digest])[digest.pk]
    items = tuple(to_item(row) for row in found.items)
    prefetch_related_objects(list(items), "paper__identifiers")
    digest.empty_reason = found.empty_reason
    delivery = Delivery(pk=NO_DELIVERY, digest=digest)
    n_profiles = digest.subscriber.profiles.count()
    mail = content.to_digest(loaded=content.Loaded(delivery=delivery, items=items, n_profiles=n_profiles))
    return replace(mail, browser_url=mail.manage_url)  # there is no page of a digest that does not exist
