"""What comes after the mail, in a real browser: with scripts and without, on a phone and on a desk, by links alone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from digest.models import Delivery, Digest, DigestItem, Feedback, SavedPaper
from subscriptions import tokens
from subscriptions.models import InterestProfile, Subscriber
from tests import browser
from tests.builders import make_paper, make_profile, make_reader

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WANTED = "Selective state space models for long documents"
REASONS = [
    {"kind": "keyword", "term": "state space models", "share": 0.75},
    {"kind": "author", "term": "Ada Example", "share": 0.25},
]
WAYS = [(375, False), (1280, True)]  # each width and each of the two once: these pages need no script


@pytest.fixture(params=WAYS, ids=[f"{width} px, scripts {'on' if scripts else 'off'}" for width, scripts in WAYS])
def page(request: pytest.FixtureRequest, browser_page: Page) -> Iterator[Page]:
    """A page of this width, with scripts or without, that takes no cookie from anybody."""
    width, scripts = request.param
    chromium = browser_page.context.browser
    assert chromium is not None
    context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    context.route("**/*", lambda route: route.continue_(headers={**route.request.headers, "cookie": ""}))
    found = context.new_page()
    complaints = browser.listen(found)
    yield found
    assert complaints == []
    context.close()


@pytest.fixture
def interest(live_server: Any, settings: LazySettings) -> InterestProfile:
    """The interest of a reader who has had one digest, with a paper for it and a trending one."""
    settings.SITE_URL = live_server.url
    now = datetime.now(UTC)
    reader = make_reader(created=now - timedelta(days=3), next_digest_at=now + timedelta(hours=9))
    found = make_profile(reader=reader, name="Long documents", keywords=["state space models"])
    digest = Digest.objects.create(
        subscriber=reader,
        digest_date=now.date(),
        status=Digest.Status.READY,
        window_start=now - timedelta(days=1),
        window_end=now,
        horizon_days=7,
        planned_at=now,
    )
    of_digest = {"digest": digest, "subscriber": reader, "position": 0}
    DigestItem.objects.create(
        **of_digest,
        paper=make_paper(title=WANTED, arxiv="2606.04242", seen=now),
        section="matched",
        profile=found,
        profile_name=found.name,
        reasons=REASONS,
    )
    trending = make_paper(title="On bells", seen=now)
    DigestItem.objects.create(**of_digest, paper=trending, section="trending", note="118 upvotes on Hugging Face")
    Delivery.objects.create(digest=digest, status=Delivery.Status.SENT, created_at=now, sent_at=now)
    return found


@pytest.fixture
def reader(interest: InterestProfile) -> Subscriber:
    return interest.subscriber


def open_narrow(page: Page, url: str) -> None:
    """Open a page, and see that nobody has to scroll sideways on it."""
    page.goto(url)
    assert page.evaluate(OVERFLOW) == 0


def feedback_url(reader: Subscriber, name: str) -> str:
    item = DigestItem.objects.get(subscriber=reader, section="matched")
    return tokens.feedback_urls(subscriber=reader, item_id=item.pk)[("more", "less", "why").index(name)]


def verdicts() -> list[str]:
    return list(Feedback.objects.values_list("verdict", flat=True))


def test_an_answer_is_given_explained_changed_and_taken_back(page: Page, reader: Subscriber) -> None:
    open_narrow(page, feedback_url(reader, "more"))
    page.get_by_role("button", name="Yes, more like this").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    said = verdicts()

    page.get_by_role("link", name="Why this paper").click()
    expect(page.get_by_text("75 %")).to_be_visible()
    page.get_by_role("link", name="Less like this").click()
    page.get_by_role("button", name="Yes, less like this").click()
    changed = verdicts()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("button", name="Yes, less like this")).to_be_visible()
    assert (said, changed, verdicts()) == (["more"], ["less"], [])


def test_a_paper_is_saved_from_the_digest_and_becomes_an_example(
    page: Page, reader: Subscriber, interest: InterestProfile
) -> None:
    digest = Digest.objects.get(subscriber=reader)
    open_narrow(page, tokens.view_url(subscriber=reader, digest_id=digest.pk))
    page.get_by_text("Why this paper").first.click()
    expect(page.get_by_text("75 %")).to_be_visible()
    page.get_by_role("button", name=re.compile(f"Save for later.*{WANTED}")).click()
    expect(page.get_by_role("button", name=re.compile(f"Remove from saved.*{WANTED}"))).to_be_visible()

    open_narrow(page, tokens.manage_url(subscriber=reader))
    page.get_by_role("link", name="Saved papers").click()
    page.get_by_text("Use as an example").click()
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Remove").click()

    expect(page.get_by_text("Nothing yet")).to_be_visible()
    assert [str(entry) for entry in interest.library.all()] == ["arxiv:2606.04242"]
    assert not SavedPaper.objects.exists()


def test_the_panel_leads_to_the_days_ahead_the_days_behind_and_what_is_held(page: Page, reader: Subscriber) -> None:
    open_narrow(page, tokens.manage_url(subscriber=reader))
    expect(page.get_by_text("Papers with “state space models”.")).to_be_visible()

    for name, heading in [("The coming weeks", "The coming weeks"), ("Past digests", "Past digests")]:
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert page.evaluate(OVERFLOW) == 0
        page.get_by_role("main").get_by_role("link", name="My preferences").click()
    page.get_by_role("navigation", name="Your pages").get_by_role("link", name="What is held about me").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What is held about me")
    assert page.evaluate(OVERFLOW) == 0


def test_what_was_in_a_digest_unfolds_and_leads_to_its_page(page: Page, reader: Subscriber) -> None:
    page.goto(tokens.manage_url(subscriber=reader))
    page.get_by_role("link", name="Past digests").click()

    page.get_by_text("What was in it").click()
    expect(page.get_by_text(WANTED)).to_be_visible()
    page.locator("a.day").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("1 new paper, 1 trending")


def test_leaving_is_done_at_once_and_less_is_offered_after(page: Page, reader: Subscriber) -> None:
    open_narrow(page, tokens.unsubscribe_url(subscriber=reader))
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are unsubscribed")
    reader.refresh_from_db()
    left = reader.status
    assert page.evaluate(OVERFLOW) == 0

    page.get_by_role("button", name="Once a week").click()

    expect(page.get_by_text(re.compile("The next mail comes on"))).to_be_visible()
    reader.refresh_from_db()
    assert (left, reader.status) == ("unsubscribed", "active")
