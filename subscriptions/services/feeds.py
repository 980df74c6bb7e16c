"""A reader's own feed: a link that can be had, replaced and taken back."""

from django.db import transaction
from django.db.models import F

from subscriptions.models import Subscriber
from subscriptions.services.reader import locked

FEED = ("has_feed", "feed_epoch")


def renew_feed(*, subscriber: Subscriber) -> None:
    """Switch a reader's feed on under a new link; an earlier one opens nothing any more.

    Raises: ReaderGone.
    """
    _set(subscriber, has_feed=True)


def switch_feed_off(*, subscriber: Subscriber) -> None:
    """Let no link to a reader's feed open any more. Once more changes nothing.

    Raises: ReaderGone.
    """
    _set(subscriber, has_feed=False)


def _set(subscriber: Subscriber, *, has_feed: bool) -> None:
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        if has_feed or reader.has_feed:
            Subscriber.objects.filter(pk=reader.pk).update(has_feed=has_feed, feed_epoch=F("feed_epoch") + 1)
    subscriber.refresh_from_db(fields=FEED)
