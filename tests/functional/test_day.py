"""A whole day in one process, from a source's bytes to the mail in the mailbox; on SQLite and on PostgreSQL."""

from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

import pytest

from digest.day import run_day
from digest.models import Delivery, Digest, Paper
from digest.pipeline.build import build
from digest.pipeline.ingest import ingest
from digest.pipeline.plan import plan_due
from subscriptions import services
from subscriptions.models import Subscriber
from subscriptions.outbox import send_outgoing
from subscriptions.types import ProfileInput, SignUp
from tests.mailbox import Mailbox, body, links

pytestmark = pytest.mark.django_db(transaction=True)

ENTRY = """<entry><id>http://arxiv.org/abs/{arxiv}v1</id><title>{title}</title><updated>{at}</updated>
<published>{at}</published><summary>{abstract}</summary><category term="cs.CL"/>
<arxiv:primary_category term="cs.CL"/><author><name>Ada Example</name></author></entry>"""
FEED = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"
xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<id>https://arxiv.org/api/invented</id><title>arXiv Query: invented</title><updated>{at}</updated>{entries}</feed>"""


def feed(now: datetime, *titles: str) -> bytes:
    """An answer of arXiv's API with one invented paper for each title, submitted yesterday."""
    at = (now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    entries = [
        ENTRY.format(arxiv=f"2606.{number:05d}", title=escape(title), at=at, abstract=f"About {escape(title)}.")
        for number, title in enumerate(titles, start=90001)
    ]
    return FEED.format(at=at, entries="".join(entries)).encode()


TITLES = (
    "State space models read long documents",
    "Reefs at dusk",
    "A grammar of whistles",
    "Counting cranes from orbit",
    "Glass that forgets",
)


def subscribe(email: str, now: datetime, mailbox: Mailbox, **interest: Any) -> Subscriber:
    """Sign up as the form does, read the confirmation mail, and confirm."""
    profile = ProfileInput(name="Mine", **interest) if interest else None
    form = SignUp(email=email, timezone="UTC", hour=8, profile=profile)
    services.sign_up(form=form, network="", wording="Yes, mail me.", now=now)
    send_outgoing(now=now)
    assert any("/confirm/" in link for link in links(mailbox.only(to=email)))
    reader = Subscriber.objects.get(email=email)
    services.confirm(subscriber=reader, now=now)
    return reader


@pytest.fixture
def yesterday(now: datetime) -> datetime:
    """The afternoon before the mail."""
    return now - timedelta(hours=18)


def test_from_a_feed_to_the_mailbox(mailbox: Mailbox, now: datetime, yesterday: datetime) -> None:
    subscribe("reader@example.org", yesterday, mailbox, keywords=("state space model",))
    ingest(source_name="arxiv", payloads=[feed(now, *TITLES)], now=yesterday)

    counts = run_day(now=now)

    digest = mailbox.messages(to="reader@example.org")[-1]
    assert (counts["sent"], TITLES[0] in body(digest), TITLES[1] in body(digest)) == (1, True, False)


def test_the_same_day_twice_mails_nobody_again(mailbox: Mailbox, now: datetime, yesterday: datetime) -> None:
    subscribe("reader@example.org", yesterday, mailbox, keywords=("state space model",))
    ingest(source_name="arxiv", payloads=[feed(now, *TITLES)], now=yesterday)
    run_day(now=now)

    counts = run_day(now=now)

    assert (counts["planned"], counts["sent"], Delivery.objects.count()) == (0, 0, 1)


def test_a_new_version_of_a_paper_is_no_news(mailbox: Mailbox, now: datetime, yesterday: datetime) -> None:
    subscribe("reader@example.org", yesterday, mailbox, keywords=("state space model",))
    payload = feed(now, *TITLES)
    ingest(source_name="arxiv", payloads=[payload], now=yesterday)
    run_day(now=now)
    ingest(source_name="arxiv", payloads=[payload.replace(b"v1<", b"v2<")], now=now)

    run_day(now=now + timedelta(days=1))

    assert (Paper.objects.count(), Digest.objects.latest("pk").status) == (len(TITLES), "empty")


def test_a_paper_withdrawn_after_the_digest_was_built_is_not_in_the_mail(
    mailbox: Mailbox, now: datetime, yesterday: datetime
) -> None:

    subscribe("reader@example.org", yesterday, mailbox, keywords=("state space model", "whistles"))
    ingest(source_name="arxiv", payloads=[feed(now, *TITLES)], now=yesterday)
    build(digest_ids=plan_due(now=now).digest_ids, now=now)
    Paper.objects.filter(title=TITLES[0]).update(withdrawn=True)

    run_day(now=now)

    text = body(mailbox.messages(to="reader@example.org")[-1])
    assert (TITLES[0] in text, TITLES[2] in text) == (False, True)


def test_a_reader_who_leaves_after_the_digest_was_built_is_not_mailed(
    mailbox: Mailbox, now: datetime, yesterday: datetime
) -> None:

    reader = subscribe("reader@example.org", yesterday, mailbox, keywords=("state space model",))
    ingest(source_name="arxiv", payloads=[feed(now, *TITLES)], now=yesterday)
    build(digest_ids=plan_due(now=now).digest_ids, now=now)
    services.unsubscribe(subscriber=reader, now=now)

    counts = run_day(now=now)

    assert (counts["suppressed"], len(mailbox.messages(to="reader@example.org"))) == (1, 1)


def test_a_mail_over_which_an_earlier_run_died_is_unknown_and_not_sent_again(
    mailbox: Mailbox, now: datetime, yesterday: datetime
) -> None:
    subscribe("reader@example.org", yesterday, mailbox, keywords=("state space model",))
    ingest(source_name="arxiv", payloads=[feed(now, *TITLES)], now=yesterday)
    build(digest_ids=plan_due(now=now).digest_ids, now=now)
    Delivery.objects.update(status=Delivery.Status.SENDING, claimed_at=now)

    counts = run_day(now=now + timedelta(hours=1))

    assert (counts["unknown"], Delivery.objects.get().status) == (1, Delivery.Status.UNKNOWN)
    assert len(mailbox.messages(to="reader@example.org")) == 1
