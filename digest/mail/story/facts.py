"""What a story is told from: rows, by a constant number of queries, each through an index.

Of a mail that waits, also what the shared page of the throttle says at this moment; no row has that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter

from django.db.models import Q

from digest.mail.ledger import KEEPS_FRESH
from digest.mail.story import turns
from digest.models import Delivery, DeliveryEvent, Digest, DigestItem, IngestRun, Paper, SendingStop
from subscriptions import schedule
from subscriptions.models import ConsentEvent, InterestProfile, OutgoingMail, SoftBounce, Subscriber, Suppression

NEWEST_CONSENT = 30  # lines; more than anybody reads
NEWEST_EVENTS = 50  # of one mail; a provider that repeats itself must not fill the page
NEWEST_STOPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that is known of one reader's day. `reader` is None when nobody has that address now.

    `slot` is when the reader's digest of that day is due by their present preferences, None when it is not (UTC).
    `n_news` counts the papers that were news for the digest, `n_items` those that were chosen, by section.
    `suppression` may have been lifted. `stops` are the pulls of the emergency brake that stood while the mail waited.
    `refusals` say why a provider takes no mail now, if this one waits; None when Redis, which knows, cannot be reached.
    """

    now: datetime
    day: date
    address_key: str
    reader: Subscriber | None
    slot: datetime | None
    consent: Sequence[ConsentEvent]
    suppression: Suppression | None
    soft_bounce: SoftBounce | None
    letters: Sequence[OutgoingMail]
    interests: Sequence[bool]
    digest: Digest | None
    n_news: int
    n_items: Mapping[str, int]
    runs: Sequence[IngestRun]
    delivery: Delivery | None
    events: Sequence[DeliveryEvent]
    stops: Sequence[SendingStop]
    refusals: Sequence[turns.Refusal] | None

    @property
    def is_held(self) -> bool:
        """Tell whether something beside its own workers keeps the mail waiting."""
        stands = any(stop.lifted_at is None for stop in self.stops)
        waits = self.soft_bounce is not None and self.soft_bounce.waits_until > self.now
        return stands or waits or self.refusals is None or bool(self.refusals)


def read(*, reader: Subscriber | None, address_key: str, day: date | None, now: datetime) -> Facts:
    """Read what is known of an address on one day; without a day, the reader's today."""
    zone = reader.timezone if reader else "UTC"
    chosen = day or schedule.local_day(at=now, timezone=zone)
    digest = _digest(reader, chosen)
    delivery = getattr(digest, "delivery", None)  # read together with its digest
    return Facts(
        now=now,
        day=chosen,
        address_key=address_key,
        reader=reader,
        slot=slot_of(reader=reader, day=chosen) if reader else None,
        consent=_consent(reader, address_key),
        suppression=Suppression.objects.filter(address_key=address_key).first(),
        soft_bounce=SoftBounce.objects.filter(address_key=address_key).first(),
        letters=_letters(reader),
        interests=list(InterestProfile.objects.filter(subscriber=reader).values_list("active", flat=True)),
        digest=digest,
        n_news=_count_news(digest),
        n_items=Counter(DigestItem.objects.filter(digest=digest).values_list("section", flat=True)),
        runs=_runs(digest),
        delivery=delivery,
        events=_events(delivery),
        stops=_stops(delivery, now),
        refusals=turns.refusals(now=now) if _waits(delivery) else (),
    )


def slot_of(*, reader: Subscriber, day: date) -> datetime | None:
    """Find when the digest of a local day is due by the reader's preferences; None when it is no day of theirs."""
    days = schedule.delivery_days(cadence=reader.cadence, weekdays=reader.weekdays)
    begins = schedule.day_begins(day=day, timezone=reader.timezone)
    just_before = begins - timedelta(microseconds=1)
    slot = schedule.next_slot(after=just_before, timezone=reader.timezone, hour=reader.hour, days=days)
    return slot if schedule.local_day(at=slot, timezone=reader.timezone) == day else None


def _digest(reader: Subscriber | None, day: date) -> Digest | None:
    return Digest.objects.select_related("delivery").filter(subscriber=reader, digest_date=day).first()


def _consent(reader: Subscriber | None, address_key: str) -> list[ConsentEvent]:
    whose = Q(address_key=address_key) | Q(subscriber=reader) if reader else Q(address_key=address_key)
    return list(ConsentEvent.objects.filter(whose).order_by("-at", "-pk")[:NEWEST_CONSENT])[::-1]


def _letters(reader: Subscriber | None) -> list[OutgoingMail]:
    letters = OutgoingMail.objects.filter(subscriber=reader, kind=OutgoingMail.Kind.CONFIRM)
    return list(letters.order_by("-created_at")[:1])


def _count_news(digest: Digest | None) -> int:
    if digest is None:
        return 0
    oldest = digest.window_end - timedelta(days=digest.horizon_days)
    by_day = Q(submitted_at__isnull=True, announced_on__gt=oldest.date())
    papers = Paper.objects.mailable().first_seen(after=digest.window_start, until=digest.window_end)
    return papers.filter(Q(submitted_at__gte=oldest) | by_day).count()


def _runs(digest: Digest | None) -> list[IngestRun]:
    if digest is None:
        return []
    begun = IngestRun.objects.filter(started_at__gt=digest.window_start, started_at__lte=digest.window_end)
    return list(begun.filter(on_schedule=True).order_by("started_at"))


def _events(delivery: Delivery | None) -> list[DeliveryEvent]:
    newest = DeliveryEvent.objects.filter(delivery=delivery).order_by("-received_at")[:NEWEST_EVENTS]
    return sorted(newest, key=attrgetter("at", "received_at")) if delivery else []


def _waits(delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.status == Delivery.Status.QUEUED


def _stops(delivery: Delivery | None, now: datetime) -> list[SendingStop]:
    """Find the pulls of the brake that stood between the making of the mail and its hand-over, or stand now."""
    since, until = now, now
    if delivery is not None:
        since, until = delivery.created_at, min(now, delivery.created_at + KEEPS_FRESH)
        if not _waits(delivery) and delivery.claimed_at is not None:
            until = delivery.claimed_at
    stood = Q(lifted_at__isnull=True) | Q(lifted_at__gt=since)
    return list(SendingStop.objects.filter(stood, pulled_at__lte=until).order_by("-pulled_at")[:NEWEST_STOPS])
