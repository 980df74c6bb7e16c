"""Signing up in a real browser: by one field, with interests and a preview, from a search; with and without scripts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Page, expect

from subscriptions.models import InterestProfile, Subscriber
from subscriptions.outbox import send_outgoing
from tests import browser
from tests.e2e.site import papers_of_today
from tests.mailbox import Mailbox, links

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

ADDRESS = "grace@example.org"


@pytest.fixture
def address(live_server: Any, settings: LazySettings, mailbox: Mailbox) -> str:
    """The address of a running site with papers of today."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    papers_of_today()
    return str(live_server.url)


@pytest.fixture(params=[375, 1280])
def sized(browser_page: Page, request: pytest.FixtureRequest) -> Page:
    """A page with scripts, as wide as a phone and as a window."""
    browser_page.set_viewport_size({"width": request.param, "height": 800})
    return browser_page


@pytest.fixture
def scriptless(browser_page: Page) -> Iterator[Page]:
    """A page in a browser that runs no script, on a phone by night."""
    assert browser_page.context.browser is not None
    context = browser_page.context.browser.new_context(
        java_script_enabled=False, viewport={"width": 375, "height": 800}, color_scheme="dark"
    )
    page = context.new_page()
    complaints = browser.listen(page)
    yield page
    context.close()
    assert complaints == []


def sign_up_with_one_field(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mailbox")


def test_one_field_and_two_clicks_lead_to_a_subscription(sized: Page, address: str, mailbox: Mailbox) -> None:
    sign_up_with_one_field(sized, address)
    send_outgoing(now=datetime.now(UTC))
    (link,) = [found for found in links(mailbox.only(to=ADDRESS)) if "/confirm/" in found]

    sized.goto(link)
    sized.get_by_role("button", name="Yes, subscribe me").click()

    expect(sized.get_by_text("Your subscription is confirmed")).to_be_visible()
    assert Subscriber.objects.get().status == Subscriber.Status.ACTIVE


def test_one_field_is_enough_without_scripts_too(scriptless: Page, address: str) -> None:
    sign_up_with_one_field(scriptless, address)

    assert Subscriber.objects.get().email == ADDRESS
    assert scriptless.context.cookies() == []


def test_the_preview_follows_what_is_typed_and_the_slider(sized: Page, address: str) -> None:
    page = sized
    page.goto(address)
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Make it mine").click()

    page.get_by_label("Keywords").fill("lichen, bells")
    expect(page.get_by_text("Expect about 2 a day")).to_be_visible()
    expect(page.locator("#look").get_by_text("On lichen")).to_be_visible()
    page.get_by_label("Keywords").fill("lichen")
    expect(page.get_by_text("Expect about 1 a day")).to_be_visible()
    expect(page.locator("#look").get_by_text("matches “lichen”")).to_be_visible()
    slider = page.get_by_label("How picky")
    slider.focus()
    with page.expect_response(lambda answer: answer.url.endswith(reverse("sign_up_preview"))) as moved:
        page.keyboard.press("ArrowRight")

    assert "pickiness=2" in (moved.value.request.post_data or "")
    assert "email" not in (moved.value.request.post_data or "")
    expect(slider).to_have_attribute("aria-valuetext", "Picky")
    page.get_by_role("button", name="Subscribe").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mailbox")
    profile = InterestProfile.objects.get()
    assert (profile.subscriber.email, profile.keywords, profile.pickiness) == (ADDRESS, ["lichen"], "picky")


def test_without_scripts_a_button_shows_the_preview_and_keeps_what_was_typed(scriptless: Page, address: str) -> None:
    page = scriptless
    page.goto(address)
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Make it mine").click()
    page.get_by_label("Keywords").fill("lichen")

    page.get_by_role("button", name="Preview").click()

    expect(page.get_by_text("Expect about 1 a day")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_have_value(ADDRESS)
    expect(page.get_by_label("E-mail address")).to_be_visible()
    expect(page.get_by_label("Keywords")).to_be_visible()
    page.get_by_role("button", name="Subscribe").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mailbox")
    assert InterestProfile.objects.get().keywords == ["lichen"]


def test_a_search_becomes_an_interest_with_its_preview(sized: Page, address: str) -> None:
    sized.goto(f"{address}{reverse('search')}?q=lichen+-bells")

    sized.get_by_role("link", name="Mail me new papers like these").click()

    expect(sized.get_by_label("Keywords")).to_have_value("lichen")
    expect(sized.get_by_label("Never papers about")).to_have_value("bells")
    expect(sized.get_by_text("Expect about 1 a day")).to_be_visible()


def test_all_of_the_sign_up_can_be_done_by_keyboard(browser_page: Page, address: str) -> None:
    page = browser_page
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    page.keyboard.type(ADDRESS)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("mailbox")
    assert Subscriber.objects.get().email == ADDRESS
