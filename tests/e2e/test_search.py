"""Search and a paper's page, in a real browser: by keyboard, on a narrow screen, and without scripts."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.builders import make_paper

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LONG_FORMULA = r"$\sum_{k=1}^{n} a_k x^k + \frac{\alpha^2 + \beta^2}{\gamma^{10}} \leq \int_0^\infty e^{-t^2}\,dt$"


@pytest.fixture
def site(live_server: Any) -> str:
    """The address of a running site with three papers."""
    seen = datetime.now(UTC) - timedelta(hours=2)
    make_paper(title=r"Quokkas at $10^{-4}$ Kelvin", abstract=f"We bound {LONG_FORMULA * 3} for them.", seen=seen)
    make_paper(title="大语言模型读唐诗", seen=seen)
    make_paper(title="On wombats", abstract="Not on a quokka.", seen=seen)
    return str(live_server.url)


def test_a_paper_is_found_by_keyboard_and_its_page_fits_a_narrow_screen(browser_page: Page, site: str) -> None:
    page = browser_page
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"{site}/search/")
    page.get_by_role("searchbox").press_sequentially("title:quokka")

    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text("Quokkas")
    narrow = page.evaluate(SIDEWAYS)
    page.get_by_role("link", name=re.compile("Quokkas at")).first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Quokkas at")
    assert page.locator("h1 math msup").count() == 1
    assert narrow <= 0
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.title().startswith("Quokkas at 10⁻⁴ Kelvin")


def test_filters_work_without_scripts_and_can_be_taken_off(browser_page: Page, site: str) -> None:
    browser = browser_page.context.browser
    assert browser is not None
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/search/?q=quokka&since=soon&category=math.NT")

    expect(page.get_by_role("alert")).to_contain_text("“soon” is no date")
    expect(page.get_by_label("From")).to_have_value("soon")
    page.get_by_role("link", name="Remove math.NT").click()

    expect(page.locator("article")).to_have_count(2)
    expect(page.get_by_role("searchbox")).to_have_value("quokka")
