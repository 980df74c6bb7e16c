"""The feeds: what is trending, what is new in a category, and a reader's own digests."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from digest.arxiv import category_names
from digest.feeds import Entry, Feed, Format, formats
from digest.mail.content import to_mail_paper
from digest.models import Digest, DigestItem, Paper, PaperQuerySet
from digest.types import Reason
from digest.views.categories import find_category, nearest_categories
from digest.views.feed_entries import home_url, make_entry, tag
from subscriptions.errors import LinkInvalid, LinkUsedUp
from subscriptions.feed_links import read_feed_token
from subscriptions.models import Subscriber
from subscriptions.taxonomy import NAMES
from subscriptions.views.links import private

ENTRIES = 50
DIGESTS_OF_A_READER = 14
ENTRIES_OF_A_READER = 200  # two of the longest digests; a feed reader that looks once a day misses nothing
BEFORE_ANYTHING = datetime(2026, 1, 1, tzinfo=UTC)
FOR_ALL = "public, max-age=300"
FOR_ONE = "private, no-cache"


@require_safe
def feed_trending(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the papers that are trending, the highest first."""
    written_as = find_format(ending=ending)
    rows = Paper.objects.mailable().filter(trending_score__gt=0).order_by("-trending_score", "-pk")
    feed = _public_feed(
        request,
        name="trending",
        title=_("Trending papers"),
        words=_("The papers that are talked about now."),
        rows=rows,
    )
    return _publish(request, feed, written_as, changed=None)  # a rank changes and no entry is newer for it


@require_safe
def feed_category(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Give the newest papers of a category; another spelling of its code is sent on to the right one."""
    written_as, known = find_format(ending=ending), find_category(code=code)
    if known is None:
        return _missing(request, code)
    if known != code:
        return HttpResponsePermanentRedirect(reverse("feed_category", args=[known, ending]))
    rows = Paper.objects.mailable().filter(primary_category__in=category_names(known)).order_by("-first_seen_at", "-pk")
    words = _("New papers in %(name)s (%(code)s).") % {"name": NAMES[known], "code": known}
    feed = _public_feed(request, name=f"category/{known}", title=NAMES[known], words=words, rows=rows)
    return _publish(request, feed, written_as, changed=feed.updated)


@require_safe
def feed_mine(request: HttpRequest, token: str, ending: str) -> HttpResponse:
    """Give a reader their last digests, an entry for each paper. Their link is the only key; nothing names them."""
    written_as = find_format(ending=ending)
    try:
        reader = read_feed_token(token=token)
    except LinkUsedUp as error:
        return _closed(request, str(error), status=410)  # feed readers stop asking
    except LinkInvalid as error:
        return _closed(request, str(error), status=404)
    feed = _feed(
        request,
        name=f"mine/{uuid.uuid5(reader.public_id, 'feed')}",
        title=_("My papers"),
        words=_("What your digests bring, the newest first."),
        entries=[_item_entry(item) for item in _items(reader)],
    )
    answer = _publish(request, feed, written_as, changed=feed.updated)
    answer["Cache-Control"] = FOR_ONE
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def find_format(*, ending: str) -> Format:
    """Find how a feed is written by the ending of its address.

    Raises: Http404.
    """
    if ending not in formats():
        raise Http404("A feed ends in .atom, .rss or .json.")
    return formats()[ending]


def _public_feed(request: HttpRequest, *, name: str, title: str, words: str, rows: PaperQuerySet) -> Feed:
    entries = [_paper_entry(row) for row in rows.prefetch_related("identifiers")[:ENTRIES]]
    return _feed(request, name=name, title=title, words=words, entries=entries)


def _feed(request: HttpRequest, *, name: str, title: str, words: str, entries: Iterable[Entry]) -> Feed:
    entries = tuple(entries)
    return Feed(
        id=tag(name=f"feed/{name}"),
        title=f"{settings.SITE_NAME}: {title}",
        description=words,
        url=f"{settings.SITE_URL}{request.get_full_path()}",
        page_url=home_url(),
        author=settings.SITE_NAME,
        language=get_language() or settings.LANGUAGE_CODE,
        updated=max((entry.updated for entry in entries), default=BEFORE_ANYTHING),
        entries=entries,
    )


def _paper_entry(row: Paper) -> Entry:
    return make_entry(row=row, paper=to_mail_paper(paper=row, signal=row.trending_note), published=row.first_seen_at)


def _item_entry(item: DigestItem) -> Entry:
    reasons = tuple(Reason(**reason) for reason in item.reasons)
    paper = replace(to_mail_paper(paper=item.paper, signal=item.note), reasons=reasons)
    return make_entry(row=item.paper, paper=paper, published=item.digest.built_at or item.digest.planned_at)


def _items(reader: Subscriber) -> Iterable[DigestItem]:
    """Read the papers of a reader's last digests in three queries; those withdrawn since are left out."""
    ready = Digest.objects.filter(subscriber=reader, status=Digest.Status.READY)
    last = ready.order_by("-digest_date").values("pk")[:DIGESTS_OF_A_READER]
    papers = Prefetch("paper", Paper.objects.prefetch_related("identifiers"))
    rows = DigestItem.objects.filter(digest__in=last, paper__in=Paper.objects.mailable())
    ordered = rows.order_by("-digest__digest_date", "section", "position")
    return ordered.select_related("digest").prefetch_related(papers)[:ENTRIES_OF_A_READER]


def _publish(request: HttpRequest, feed: Feed, written_as: Format, *, changed: datetime | None) -> HttpResponse:
    """Write the feed down, or answer 304 to who has it already; `changed` is None where nobody knows when it did."""
    answer = HttpResponse(written_as.write(feed=feed), content_type=written_as.content_type)
    set_response_etag(answer)
    modified = int(changed.timestamp()) if changed else None
    if modified:
        answer["Last-Modified"] = http_date(modified)
    answer["Cache-Control"] = FOR_ALL
    return get_conditional_response(request, etag=answer["ETag"], last_modified=modified, response=answer)


def _missing(request: HttpRequest, code: str) -> HttpResponse:
    page = {"code": code[:80], "nearest": nearest_categories(code=code)}
    answer = render(request, "digest/feed_missing.html", page, status=404)
    answer["Cache-Control"] = "no-store"
    return answer


def _closed(request: HttpRequest, why: str, *, status: int) -> HttpResponse:
    return private(render(request, "subscriptions/link_dead.html", {"why": why, "form": None}, status=status))
