"""A digest in the browser, behind the link that its mail carries."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from digest.mail.content import Loaded, load, to_digest
from digest.mail.present import day_in_words
from digest.mail.render import heading
from digest.models import Delivery, Digest, DigestItem
from digest.pipeline.saved import saved_ids
from digest.types import MailDigest
from digest.views.papers import show_in_full
from digest.views.sent import SentPaper, sent_papers
from subscriptions.models import Subscriber
from subscriptions.views.links import ReaderLink, behind_link

Section = DigestItem.Section


@require_safe
@behind_link(purpose="view")
def digest(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show one digest with its abstracts in full; an empty one says why it is empty."""
    row = own_digest(subscriber=link.subscriber, reference=link.extra)
    delivery = Delivery.objects.filter(digest=row).first()
    page: dict[str, Any] = {"token": link.token, "day": day_in_words(day=row.digest_date), "sections": ()}
    page["empty_reason"] = row.empty_reason or _("Its papers have been withdrawn since.")
    if delivery is not None:
        loaded = load(delivery_ids=[delivery.pk])[0]
        content = to_digest(loaded=loaded)
        page |= {"heading": heading(digest=content), "sections": _sections(loaded, content)}
    return render(request, "digest/digest.html", page)


def own_digest(*, subscriber: Subscriber, reference: str) -> Digest:
    """Find a reader's digest by its id.

    Raises: Http404 when it is gone, or not built yet.
    """
    built = Digest.objects.filter(subscriber=subscriber).exclude(status=Digest.Status.PLANNED)
    row = built.filter(pk=int(reference)).first() if reference.isdecimal() else None
    if row is None:
        raise Http404("This digest is no longer held.")
    return row


def _sections(loaded: Loaded, content: MailDigest) -> list[tuple[str, tuple[SentPaper, ...]]]:
    """Put the papers under their headings, in the order of the mail; a section without papers is left out."""
    saved = saved_ids(subscriber=loaded.delivery.digest.subscriber, paper_ids=[item.paper_id for item in loaded.items])
    sections = []
    for section, papers in ((Section.MATCHED, content.matched), (Section.TRENDING, content.trending)):
        items = [item for item in loaded.items if item.section == section]
        shown = [show_in_full(paper=paper) for paper in papers]
        if shown:
            sections.append((str(section.label), sent_papers(items=items, papers=shown, saved=saved)))
    return sections
