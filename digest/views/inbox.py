"""The demo's inbox: what the `file` provider wrote, shown as a mail program would show it."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from digest.mail.filebox import Letter, NoSuchMail, how_many, newest_first, read_letter
from subscriptions.views import has_demo_inbox

P = ParamSpec("P")

MAILS_SHOWN = 100
PARTS = ("html", "text", "headers")
# A mail styles itself and may show pictures that it carries; it runs nothing and fetches nothing.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}
OPEN_LINKS_OUTSIDE = '<base target="_top">'


def demo_only(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Hide a page everywhere but in a demo that has an inbox, and keep it out of caches."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not has_demo_inbox():
            raise Http404("The inbox is part of the demo.")
        answer = view(*args, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer

    return wrapped


@require_safe
@demo_only
def inbox(request: HttpRequest) -> HttpResponse:
    """List the mails, the newest first."""
    return render(request, "digest/inbox.html", _list())


@require_safe
@demo_only
def inbox_mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail beside the list; `?part=` chooses HTML, text or headers."""
    letter = _letter(name)
    wanted = request.GET.get("part", "html" if letter.html else "text")
    page = {"letter": letter, "part": wanted if wanted in PARTS else "text", "parts": PARTS}
    return render(request, "digest/inbox.html", _list() | page)


@require_safe
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type] # its types forget the arguments from the address
@demo_only
def inbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """Give the HTML part alone, for the sandboxed frame; its links open in the whole window."""
    html = _letter(name).html
    return HttpResponse(html.replace("<head>", f"<head>{OPEN_LINKS_OUTSIDE}", 1))


def _list() -> dict[str, object]:
    folder = Path(settings.EMAIL_FILE_DIR)
    mails = list(newest_first(folder=folder, most=MAILS_SHOWN))
    return {"mails": mails, "older": max(0, how_many(folder=folder) - MAILS_SHOWN)}


def _letter(name: str) -> Letter:
    try:
        return read_letter(folder=Path(settings.EMAIL_FILE_DIR), name=name)
    except NoSuchMail as error:
        raise Http404("There is no mail of this name.") from error
