"""A reader's whole way, in a real browser: sign up, confirm, change a preference, get a digest, teach, leave."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import FrameLocator, Page, expect

from digest.day import run_day
from digest.models import Feedback
from subscriptions.models import Subscriber
from subscriptions.outbox import send_outgoing
from tests.builders import make_paper
from tests.mailbox import Mailbox

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

ADDRESS = "reader@example.org"
WANTED = "Selective state space models for long documents"


@pytest.fixture
def site(live_server: Any, settings: LazySettings, mailbox: Mailbox) -> str:
    """The address of a running site whose mails come to its own inbox."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return str(live_server.url)


@pytest.fixture
def papers(site: str) -> None:
    """Papers of this morning: one that is wanted, among others."""
    seen = datetime.now(UTC) - timedelta(hours=2)
    make_paper(title=WANTED, seen=seen)
    for word in ("gravity", "coral", "grammar", "cranes", "glass", "rivers", "bells", "sheep", "lichen", "tides"):
        make_paper(title=f"On {word}", abstract=f"We study {word}.", seen=seen)


def newest_mail(page: Page, site: str) -> FrameLocator:
    """Open the inbox and the newest mail in it."""
    page.goto(f"{site}/inbox/")
    page.get_by_role("link", name=ADDRESS).first.click()
    return page.frame_locator("iframe")


def sign_up(page: Page, site: str) -> None:
    """Fill in the form as a reader with one interest does."""
    page.goto(site)
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_text("Make it mine").click()
    page.get_by_label("Keywords").fill("state space model")
    page.get_by_role("button", name="Subscribe").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mailbox")


def confirm(page: Page, site: str) -> None:
    """Follow the link in the confirmation mail and press the button behind it."""
    send_outgoing(now=datetime.now(UTC))
    newest_mail(page, site).get_by_role("link", name=re.compile("confirm|subscribe", re.IGNORECASE)).first.click()
    page.get_by_role("button", name="Yes, subscribe me").click()


def teach(page: Page, site: str) -> None:
    """Say by the mail's links that more like its paper is wanted, and then that its topic is not."""
    newest_mail(page, site).get_by_role("link", name="More like this").first.click()
    page.get_by_role("button", name="Yes, more like this").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    newest_mail(page, site).get_by_role("link", name="Less like this").first.click()
    page.get_by_role("button", name="Yes, less like this").click()
    page.get_by_role("link", name="Not interested in this topic?").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Leave these out").click()
    expect(page.get_by_text("Left out from now on")).to_be_visible()


def test_a_reader_from_sign_up_to_farewell(browser_page: Page, site: str, papers: None) -> None:
    page = browser_page
    sign_up(page, site)
    confirm(page, site)
    reader = Subscriber.objects.get(email=ADDRESS)

    page.get_by_label("At", exact=True).select_option("17")
    page.get_by_role("button", name="Save").first.click()
    reader.refresh_from_db()
    assert (reader.status, reader.hour) == ("active", 17)

    run_day(now=reader.next_digest_at or datetime.now(UTC))
    digest = newest_mail(page, site)
    expect(digest.get_by_role("link", name=WANTED)).to_be_visible()
    expect(digest.get_by_text("matches “state space model”")).to_be_visible()

    teach(page, site)
    assert list(Feedback.objects.values_list("profile__subscriber", "verdict")) == [(reader.pk, "less")]
    assert reader.profiles.get().exclude == ["long documents"]

    newest_mail(page, site).get_by_role("link", name="Unsubscribe").click()
    page.get_by_role("button", name="Unsubscribe").click()
    reader.refresh_from_db()
    assert (reader.status, reader.next_digest_at) == ("unsubscribed", None)
