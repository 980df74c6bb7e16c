"""The one-click link in every mail's header: whether a mail program's POST would do it. Source: RFC 8058, section 3.

A link of a reader who does not exist is tried: what it comes to is our own page for links that lead nowhere, and
nobody is unsubscribed by being checked.
"""

import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from digest.mail.checks.finding import Finding, fine, wrong
from digest.mail.checks.sender import Sender
from subscriptions.tokens import FORGED, GONE

ONE_CLICK = "One-click link"
BODY = {"List-Unsubscribe": "One-Click"}
LOGS = "Look at the proxy before the site, and at SITE_URL."


def check(*, sender: Sender, web: httpx.Client) -> Iterator[Finding]:
    """Ask as a link scanner would (GET), and as a mail program would (POST, without cookie, log-in or redirect)."""
    url = sender.leave_url
    site = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
    if not url.startswith("https://"):
        yield wrong(
            ONE_CLICK, f"{site} is not https, and mail programs follow no other link.", "Set SITE_URL to https."
        )
    try:
        seen, done = web.get(url), web.post(url, data=BODY)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        yield wrong(ONE_CLICK, f"{site} cannot be reached: {_why(error)}.", LOGS)
        return
    yield _posted(site, done)
    yield from _looked_at(site, seen)


def _posted(site: str, answer: httpx.Response) -> Finding:
    """Judge the answer to a mail program: 404 with our own words is right, for that reader does not exist."""
    if answer.is_redirect:
        where = urlsplit(answer.headers.get("location", "")).netloc or "another page"
        remedy = "SITE_URL must be the address that answers itself: with or without www, and https."
        return wrong(ONE_CLICK, f"A POST to {site} is sent on to {where}, and mail programs do not follow.", remedy)
    if GONE in _text(answer):
        return fine(ONE_CLICK, f"{site} answers a mail program's POST at once, without cookie or log-in.")
    if FORGED in _text(answer):
        remedy = "Run this with the same SECRET_KEY as the site, or mend the site's: links in mails do not open there."
        return wrong(ONE_CLICK, f"{site} does not know the signature of our links.", remedy)
    words = f"A POST to the one-click link at {site} was answered with {answer.status_code}, and not by our page."
    return wrong(ONE_CLICK, words, f"Let POST through to /u/ without log-in or a robot's test. {LOGS}")


def _looked_at(site: str, answer: httpx.Response) -> Iterator[Finding]:
    """Judge the answer to a scanner; that looking writes nothing is our own promise, if it is our page that answers."""
    if answer.is_redirect or GONE not in _text(answer):
        words = f"Looking at the one-click link at {site} (GET) does not lead to our page: {answer.status_code}."
        yield wrong(ONE_CLICK, words, LOGS)
    elif answer.cookies:
        yield wrong(ONE_CLICK, f"{site} gives a cookie to whoever looks at the link.", "Look at the proxy before it.")
    else:
        yield fine(ONE_CLICK, "Looking at the link (GET) shows our page, which changes nothing by being looked at.")


def _text(answer: httpx.Response) -> str:
    return answer.text[:200_000]


def _why(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({cause.verify_message})"
    return type(error).__name__
