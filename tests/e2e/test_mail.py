"""The mail in a real browser engine, as wide as a phone and as a window, by day and by night."""

from collections.abc import Callable
from typing import Literal

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page

from digest.mail.render import render_digest
from digest.types import MailDigest
from tests.unit.mail import samples

pytestmark = pytest.mark.sqlite

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHADES = "element => getComputedStyle(element).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
SAMPLES = [samples.everyday, samples.empty, samples.enormous, samples.many, samples.long_words]


@pytest.fixture(autouse=True)
def site(settings: LazySettings) -> None:
    settings.SITE_URL = "https://papers.example.org"


def show(page: Page, digest: MailDigest, *, width: int, scheme: Literal["light", "dark"] = "light") -> None:
    page.set_viewport_size({"width": width, "height": 1200})
    page.emulate_media(color_scheme=scheme)
    page.set_content(str(render_digest(digest=digest).alternatives[0][0]))


@pytest.mark.parametrize("width", [320, 640])
@pytest.mark.parametrize("sample", SAMPLES)
def test_nobody_has_to_scroll_sideways(browser_page: Page, sample: Callable[[], MailDigest], width: int) -> None:
    show(browser_page, sample(), width=width)

    assert browser_page.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_the_sheet_is_dark_by_night_alone(browser_page: Page, scheme: Literal["light", "dark"], is_dark: bool) -> None:
    show(browser_page, samples.everyday(), width=640, scheme=scheme)

    assert (max(browser_page.eval_on_selector(".sheet", SHADES)) < 64) == is_dark


def test_an_arabic_title_begins_at_the_right(browser_page: Page) -> None:
    show(browser_page, samples.everyday(), width=640)

    directions = browser_page.eval_on_selector_all("h3", "all => all.map(each => getComputedStyle(each).direction)")

    assert directions == ["ltr", "ltr", "rtl", "ltr", "ltr"]
