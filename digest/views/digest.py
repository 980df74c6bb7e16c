"""A digest in the browser, behind the link that its mail carries."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from digest.mail.content import load_digests
from digest.mail.present import ShownPaper, day_in_words
from digest.mail.render import heading, sections_of
from digest.models import Delivery, Digest
from digest.types import MailPaper
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
        matched, trending = _in_full(content.matched), _in_full(content.trending)
        page |= {"heading": heading(digest=content), "sections": sections_of(matched=matched, trending=trending)}
    return render(request, "digest/digest.html", page)


def _in_full(papers: Sequence[MailPaper]) -> list[ShownPaper]:
    return [show_in_full(paper=paper) for paper in papers]


def _own_digest(*, subscriber: Subscriber, reference: str) -> Digest:
    """Find the reader's digest by its id.

    Raises: Http404 when it is gone, or not built yet.
    """
    built = Digest.objects.filter(subscriber=subscriber).exclude(status=Digest.Status.PLANNED)
    row = built.filter(pk=int(reference)).first() if reference.isdecimal() else None
    if row is None:
        raise Http404("This digest is no longer held.")
    return row
