"""The feeds: what is trending, what is new in a category or under a search, and a reader's own digests."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from digest import search
from digest.arxiv import category_names
from digest.feeds import Entry, Feed, Format, formats
from digest.models import Paper
from digest.search import Sort
from digest.views.categories import find_category, nearest_categories
from digest.views.feed_entries import item_entries, paper_entries, tag
from digest.views.feed_search import query_of
from digest.views.search import read_form
from subscriptions.emails import shortened
from subscriptions.errors import LinkInvalid, LinkUsedUp
from subscriptions.feed_links import feed_name, read_feed_token
from subscriptions.taxonomy import NAMES
from subscriptions.text import clean_line
from subscriptions.views.links import private

ENTRIES = 50
ENTRIES_OF_A_CATEGORY = 200  # a large one announces more than fifty papers at once
QUERY_CHARS = 80  # of a search, in the title of its feed
BEFORE_ANYTHING = datetime(2026, 1, 1, tzinfo=UTC)
FOR_ALL = "public, max-age=300"
FOR_ONE = "private, no-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What a feed says of itself; `address` is its own path, `page` that of the page which shows the same."""

    name: str
    title: str
    words: str
    address: str
    page: str


@gzip_page
@require_safe
def feed_trending(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the papers that are trending, the highest first."""
    written_as = find_format(ending=ending)
    rows = Paper.objects.mailable().filter(trending_score__gt=0).order_by("-trending_score", "-pk")
    about = _About(
        name="trending",
        title=_("Trending papers"),
        words=_("The papers that are talked about now."),
        address=request.path,
        page=reverse("trending"),
    )
    feed = _feed(about, paper_entries(rows=rows.prefetch_related("identifiers")[:ENTRIES]))
    return _publish(request, feed, written_as, changed=None)  # a rank changes and no entry is newer for it


@gzip_page
@require_safe
def feed_category(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Give the newest papers of a category; another spelling of its code is sent on to the right one."""
    written_as, known = find_format(ending=ending), find_category(code=code)
    if known is None:
        return _missing(request, code)
    if known != code:
        return HttpResponsePermanentRedirect(reverse("feed_category", args=[known, ending]))
    rows = Paper.objects.mailable().filter(primary_category__in=category_names(known)).order_by("-first_seen_at", "-pk")
    about = _About(
        name=f"category/{known}",
        title=NAMES[known],
        words=_("New papers in %(name)s (%(code)s).") % {"name": NAMES[known], "code": known},
        address=request.path,
        page=reverse("category", args=[known]),
    )
    feed = _feed(about, paper_entries(rows=rows.prefetch_related("identifiers")[:ENTRIES_OF_A_CATEGORY]))
    return _publish(request, feed, written_as, changed=feed.updated)


@gzip_page
@require_safe
def feed_search(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the newest papers that a search finds; what could not be used of it is said in the feed's description."""
    written_as, typed = find_format(ending=ending), read_form(sent=request.GET, page=1)
    asked = typed.asked
    found = search.find(asked=replace(asked, sort=Sort.NEWEST, per_page=ENTRIES), now=timezone.now())
    query = urlencode(query_of(asked=asked))
    words = clean_line(asked.text) or ", ".join((*asked.authors, *asked.categories))
    about = _About(
        name=f"search/{sha256(query.encode()).hexdigest()[:32]}",
        title=f"“{clean_line(shortened(words, QUERY_CHARS))}”" if words else _("New papers"),
        words=" ".join(
            [_("New papers that this search finds."), *(clean_line(note) for note in (*typed.wrong, *found.notes))]
        ),
        address=f"{request.path}?{query}",
        page=f"{reverse('search')}?{query}",
    )
    return _publish(request, _feed(about, paper_entries(rows=found.papers)), written_as, changed=None)


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
    about = _About(
        name=f"mine/{feed_name(subscriber=reader)}",
        title=_("My papers"),
        words=_("What your digests bring, the newest first."),
        address=request.path,
        page=reverse("home"),
    )
    feed = _feed(about, item_entries(subscriber=reader))
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


def _feed(about: _About, entries: Iterable[Entry]) -> Feed:
    entries = tuple(entries)
    return Feed(
        id=tag(name=f"feed/{about.name}"),
        title=f"{settings.SITE_NAME}: {about.title}",
        description=about.words,
        url=f"{settings.SITE_URL}{about.address}",
        page_url=f"{settings.SITE_URL}{about.page}",
        author=settings.SITE_NAME,
        language=get_language() or settings.LANGUAGE_CODE,
        updated=max((entry.updated for entry in entries), default=BEFORE_ANYTHING),
        entries=entries,
    )


def _publish(request: HttpRequest, feed: Feed, written_as: Format, *, changed: datetime | None) -> HttpResponse:
    """Write the feed down, or answer 304 to who has it already; `changed` is None where nobody knows when it did."""
    answer = HttpResponse(written_as.write(feed=feed), content_type=written_as.content_type)
    set_response_etag(answer)
    modified = int(changed.timestamp()) if changed else None
    if modified:
        answer["Last-Modified"] = http_date(modified)
    answer["Cache-Control"] = FOR_ALL
    return get_conditional_response(request, etag=answer["ETag"], last_modified=modified, response=answer) or answer


def _missing(request: HttpRequest, code: str) -> HttpResponse:
    page = {"code": code[:QUERY_CHARS], "nearest": nearest_categories(code=code)}
    answer = render(request, "digest/feed_missing.html", page, status=404)
    answer["Cache-Control"] = "no-store"
    return answer


def _closed(request: HttpRequest, why: str, *, status: int) -> HttpResponse:
    return private(render(request, "subscriptions/link_dead.html", {"why": why, "form": None}, status=status))
