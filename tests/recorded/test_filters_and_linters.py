"""The mail before three programs of others: SpamAssassin, html-validate, and a linter of what mail programs can do.

SpamAssassin is a Debian package. The two linters are npm's: `npm ci --prefix tests/judges` puts them where these tests
look, and without them the tests are skipped.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMultiAlternatives

from digest.mail.render import render_digest
from digest.types import MailDigest
from subscriptions.emails import build
from subscriptions.models import OutgoingMail, Subscriber
from tests.mailbox import wire_bytes
from tests.unit.mail import samples

MOST_SPAM_POINTS = 0.0
TIMEOUT_S = 120
JUDGES = Path(__file__).resolve().parent.parent / "judges"
IMPROVEMENTS = {"Attribute selector", "Class selector", "Descendant combinator", "Type selector", "word-break"}
"""What the mail does not need: dark mode and the phone's margins in <style>, and a break in words that are too long."""

SAMPLES = [samples.everyday, samples.only_trending, samples.empty, samples.enormous, samples.many, samples.long_words]


@pytest.fixture(autouse=True)
def site(settings: LazySettings) -> None:
    settings.SITE_NAME = "Postprint"
    settings.SITE_URL = "https://papers.example.org"
    settings.DEFAULT_FROM_EMAIL = "Postprint <digest@papers.example.org>"
    settings.POSTAL_ADDRESS = "Postprint, 12 Example Street, 10115 Berlin, Germany"


def html_of(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0][0])


# --- SpamAssassin ---------------------------------------------------------------------------


def spam_points(message: EmailMultiAlternatives) -> float:
    """Ask SpamAssassin, with the rules on this machine and no network."""
    program = shutil.which("spamassassin")
    if program is None:
        pytest.skip("SpamAssassin is not here: install the package spamassassin.")
    done = subprocess.run(
        [program, "-L", "-t", "-x"], input=wire_bytes(message), capture_output=True, check=True, timeout=TIMEOUT_S
    )
    found = re.search(rb"^Content analysis details: +\((-?[\d.]+) points", done.stdout, re.MULTILINE)
    assert found is not None
    print(f"{found[1].decode()} points: {message.subject}")
    return float(found[1])


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_digest_gets_no_points_of_spam(sample: Callable[[], MailDigest]) -> None:
    assert spam_points(render_digest(digest=sample())) <= MOST_SPAM_POINTS


@pytest.mark.django_db
def test_a_mail_that_asks_for_confirmation_gets_no_points_of_spam(make_reader: Callable[..., Subscriber]) -> None:
    reader = make_reader()
    mail = OutgoingMail.objects.create(
        subscriber=reader, kind="confirm", not_before=reader.created_at, created_at=reader.created_at
    )

    assert spam_points(build(mail=mail, now=reader.created_at)) <= MOST_SPAM_POINTS


# --- html-validate and caniemail ------------------------------------------------------------


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder of the two linters."""
    folder = JUDGES / "node_modules"
    if not folder.is_dir() or not shutil.which("node"):
        pytest.skip("The linters are not here: npm ci --prefix tests/judges")
    return folder


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_html_of_a_digest_is_valid(
    sample: Callable[[], MailDigest], node_modules: Path, checks_dir: Path, tmp_path: Path
) -> None:
    page = tmp_path / "mail.html"
    page.write_text(html_of(render_digest(digest=sample())), "utf-8")
    config = tmp_path / "config.json"  # beside the page: the linter looks for its presets from its own folder
    shutil.copy(checks_dir / "email.htmlvalidate.json", config)

    program = node_modules / ".bin" / "html-validate"
    command = [str(word) for word in (program, "--config", config, "--formatter", "json", page)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)

    assert done.stderr == ""
    assert [said for file in json.loads(done.stdout) for said in file["messages"]] == []
    assert done.returncode == 0


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_digest_needs_nothing_that_a_mail_program_lacks(
    sample: Callable[[], MailDigest], node_modules: Path, checks_dir: Path, tmp_path: Path
) -> None:
    page = tmp_path / "mail.html"
    page.write_text(html_of(render_digest(digest=sample())), "utf-8")
    shutil.copy(checks_dir / "caniemail.mjs", tmp_path)
    (tmp_path / "node_modules").symlink_to(node_modules)

    done = subprocess.run(
        ["node", tmp_path / "caniemail.mjs", page], capture_output=True, text=True, check=False, timeout=TIMEOUT_S
    )

    assert done.stderr == ""
    assert "success flag" in done.stdout
    assert set(re.findall(r"^UNSUPPORTED (.+?) - ", done.stdout, re.MULTILINE)) <= IMPROVEMENTS
