"""Every page before two judges: axe-core in a real browser, by day and by night, and html-validate.

Both are npm's: `npm ci --prefix tests/judges` puts them where these tests look; without them the tests are skipped.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from subscriptions.models import Subscriber
from tests.e2e import site

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

JUDGES = Path(__file__).resolve().parent.parent / "judges" / "node_modules"
TIMEOUT_S = 120
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
    each => `${each.id}: ${each.nodes.map(node => node.target.join(" ")).join(", ")}`)"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHAPES: tuple[tuple[int, Literal["light", "dark"]], ...] = ((375, "light"), (375, "dark"), (1280, "light"))
RULES = {
    "extends": ["html-validate:recommended"],
    "rules": {
        "void-style": "off",  # Django writes both
        "no-trailing-whitespace": "off",
        "attribute-boolean-style": "off",
        "attribute-empty-style": "off",
        "doctype-style": "off",
        "no-inline-style": "error",
        "aria-label-misuse": ["error", {"allowAnyNamable": True}],  # a list may have a name
        "require-sri": "off",  # our own files alone
        "long-title": "off",  # a paper's title is as long as it is
        "no-implicit-button-type": "off",  # a button in a form submits it, as HTML says
        "form-dup-name": "off",  # check boxes of one name are a list
        "wcag/h32": "off",  # ... which this rule does not know
        "no-redundant-for": "off",  # a label around its field may name it, too
    },
}


@pytest.fixture
def reader(settings: LazySettings) -> Subscriber:
    settings.DEMO = False  # no demo inbox among the pages
    return site.reader_with_digest(site.papers_of_today())


def judge(name: str) -> Path:
    """Find a judge, or say how it is had."""
    if not (JUDGES / name).exists() or not shutil.which("node"):
        pytest.skip("The judges are not here: npm ci --prefix tests/judges")
    return JUDGES / name


def expect_nothing(found: list[str]) -> None:
    """Fail with every fault on a line of its own."""
    if found:
        pytest.fail("\n".join(found))


def faults(page: Page, axe: str) -> list[str]:
    """Ask axe about the page on a phone by day and by night and in a window, and look whether it is too wide."""
    found = []
    page.evaluate(axe)
    for width, scheme in SHAPES:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        where = f"{page.url} ({width} px, {scheme})"
        found += [f"{where}: {fault}" for fault in page.evaluate(AXE)]
        found += [f"{where}: {too_wide} px too wide"] if (too_wide := page.evaluate(OVERFLOW)) else []
    return found


def test_every_page_can_be_used_by_everybody(
    browser_page: Page, live_server: Any, client: Client, reader: Subscriber
) -> None:
    axe = judge("axe-core/axe.min.js").read_text("utf-8")
    shown = [path for path in site.addresses(reader=reader) if is_page(client, path)]
    found: list[str] = []

    for path in shown:
        browser_page.goto(live_server.url + path)
        found += faults(browser_page, axe)

    assert len(shown) > 30
    expect_nothing(found)


def test_every_state_of_the_sign_up_can_be_used_by_everybody(
    browser_page: Page, live_server: Any, reader: Subscriber
) -> None:
    page, axe = browser_page, judge("axe-core/axe.min.js").read_text("utf-8")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}{reverse('sign_up')}?q=%22state+space%22")
    page.get_by_text("Expect").wait_for()
    found = faults(page, axe)

    page.get_by_text("Computer Science", exact=True).click()
    page.get_by_text("When it comes").first.click()
    found += faults(page, axe)

    page.get_by_role("button", name="Preview").click()
    page.wait_for_load_state()
    found += faults(page, axe)

    expect_nothing(found)


def test_the_html_of_every_page_is_valid(client: Client, reader: Subscriber, tmp_path: Path) -> None:
    program = judge(".bin/html-validate")
    pages = {path: client.get(path).content for path in site.addresses(reader=reader) if is_page(client, path)}
    pages["no page"] = client.get("/nowhere/").content
    pages["errors"] = client.post(reverse("sign_up"), {"email": "ada", "hour": "99"}).content
    pages["a preview"] = client.post(reverse("sign_up_preview"), {"keywords": "state space"}).content
    (tmp_path / "config.json").write_text(json.dumps(RULES))
    names = {}
    for number, (path, content) in enumerate(pages.items()):
        names[f"{number}.html"] = path
        (tmp_path / f"{number}.html").write_bytes(content)

    command = [str(program), "--config", str(tmp_path / "config.json"), "--formatter", "json", str(tmp_path)]
    with (tmp_path / "said.json").open("wb") as said:  # a pipe would be cut: the program ends without emptying it
        subprocess.run(command, stdout=said, check=False, timeout=TIMEOUT_S)

    found = {
        f"{names[Path(file['filePath']).name]}:{fault['line']} {fault['ruleId']}: {fault['message']}"
        for file in json.loads((tmp_path / "said.json").read_bytes())
        for fault in file["messages"]
    }
    expect_nothing(sorted(found))


def is_page(client: Client, path: str) -> bool:
    """Tell whether an address answers with a page; a token opens the pages of its own purpose alone."""
    answer = client.get(path)
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
