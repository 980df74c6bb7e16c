"""What is held about a reader: in words with counts, and everything as a file."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from digest.models import Digest, Paper
from digest.pipeline.feedback import list_feedback
from digest.pipeline.saved import list_saved
from digest.views.holdings import count_holdings
from subscriptions import services
from subscriptions.models import Subscriber
from subscriptions.views.links import ReaderLink, behind_link


@require_safe
@behind_link(purpose="manage")
def held(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Say of every kind of data how much of it is held, what for, and for how long."""
    counted = list(count_holdings(subscriber=link.subscriber))
    page: dict[str, Any] = {
        "token": link.token,
        "email": link.subscriber.email,
        "held": [each for each in counted if each.count],
        "none": [each for each in counted if not each.count],
        "shares": link.subscriber.shares_taste,
    }
    return render(request, "digest/held.html", page)


@require_POST
@behind_link(purpose="manage")
def export(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Hand out everything that is held about the reader, as JSON to keep."""
    now = timezone.now()
    held = services.export(subscriber=link.subscriber, now=now)
    held |= {
        "digests": digests_held(subscriber=link.subscriber),
        "feedback": feedback_held(subscriber=link.subscriber),
        "saved_papers": saved_held(subscriber=link.subscriber),
    }
    answer = JsonResponse(held, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="postprint-{now:%Y-%m-%d}.json"'
    return answer


def digests_held(*, subscriber: Subscriber) -> list[dict[str, Any]]:
    """Read every digest of a reader for their copy of their data, in three queries."""
    rows = Digest.objects.filter(subscriber=subscriber).order_by("digest_date").select_related("delivery")
    titles = Prefetch("items__paper", Paper.objects.only("title"))
    return [_digest_held(row) for row in rows.prefetch_related("items", titles)]


def feedback_held(*, subscriber: Subscriber) -> list[dict[str, Any]]:
    """Read all that a reader said of papers for their copy of their data, in two queries."""
    names = dict(subscriber.profiles.values_list("pk", "name"))
    return [
        {
            "interest": names[said.profile_id],
            "title": said.title,
            "verdict": said.verdict,
            "given_at": said.given_at.isoformat(),
        }
        for said in list_feedback(profile_ids=list(names))
    ]


def saved_held(*, subscriber: Subscriber) -> list[dict[str, Any]]:
    """Read all that a reader put aside for their copy of their data, in two queries."""
    return [
        {
            "title": row.paper.title,
            "names": sorted(str(name) for name in row.paper.identifiers.all()),
            "saved_at": row.saved_at.isoformat(),
        }
        for row in list_saved(subscriber=subscriber)
    ]


def _digest_held(row: Digest) -> dict[str, Any]:
    delivery = getattr(row, "delivery", None)
    items = sorted(row.items.all(), key=lambda item: (item.section, item.position))
    return {
        "date": row.digest_date.isoformat(),
        "status": row.status,
        "empty_reason": row.empty_reason,
        "delivery": delivery and delivery.status,
        "sent_at": delivery.sent_at.isoformat() if delivery and delivery.sent_at else None,
        "papers": [
            {"title": item.paper.title, "section": item.section, "interest": item.profile_name, "reasons": item.reasons}
            for item in items
        ],
    }
