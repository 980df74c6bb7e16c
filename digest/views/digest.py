"""A digest in the browser, behind the link that its mail carries."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from digest.mail.content import load_digests
from digest.mail.present import day_in_words
from digest.mail.render import Section, heading
from digest.models import Delivery, Digest
from digest.types import MailDigest
from digest.views.papers import show_in_full
from subscriptions.models import Subscriber
from subscriptions.views.links import ReaderLink, behind_link


@require_safe
@behind_link(purpose="view")
def digest(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show one digest with its abstracts in full; an empty one says why it is empty."""
    row = _own_digest(subscriber=link.subscriber, reference=link.extra)
    delivery = Delivery.objects.filter(digest=row).first()
    reason = row.empty_reason or _("Its papers have been withdrawn since.")
    page: dict[str, Any] = {"day": day_in_words(day=row.digest_date), "empty_reason": reason, "sections": ()}
    if delivery is not None:
        content = load_digests(delivery_ids=[delivery.pk])[0]
        page |= {"heading": heading(digest=content), "sections": sections(digest=content)}
    return render(request, "digest/digest.html", page)


def sections(*, digest: MailDigest) -> tuple[Section, ...]:
    """Give the parts of a digest that hold papers, in the mail's order and with its headings."""
    parts = (("For you", digest.matched), ("Trending", digest.trending))
    return tuple(
        Section(title=title, papers=tuple(show_in_full(paper=paper) for paper in papers))
        for title, papers in parts
        if papers
    )


def _own_digest(*, subscriber: Subscriber, reference: str) -> Digest:
    """Find the reader's digest by its id.

    Raises: Http404 when it is gone, or not built yet.
    """
    built = Digest.objects.filter(subscriber=subscriber).exclude(status=Digest.Status.PLANNED)
    row = built.filter(pk=int(reference)).first() if reference.isdecimal() else None
    if row is None:
        raise Http404("This digest is no longer held.")
    return row
