"""An unwanted paper of an interest -> what the reader could exclude, and what it would cost. Writes nothing."""

from collections.abc import Iterable

from django.db.models import QuerySet

from digest.matching._topics import Proposal, propose_exclusions
from digest.models import DigestItem, Paper
from digest.pipeline.feedback import load_stances
from digest.types import PaperDoc
from subscriptions.models import InterestProfile

RECENT_PAPERS = 500  # enough to tell the rare from the ordinary, few enough to read while a person waits
SENT_PAPERS = 200  # the last ones that were sent for an interest


def propose_for(*, profile: InterestProfile, paper_id: int) -> tuple[Proposal, ...]:
    """Propose what an interest could exclude after one of its papers was not wanted, in six queries."""
    (paper,) = _docs(Paper.objects.filter(pk=paper_id))
    stances = load_stances(profile_ids=[profile.pk]).get(profile.pk, ())
    liked = [row.paper_id for row in stances if row.liked]
    items = DigestItem.objects.filter(subscriber_id=profile.subscriber_id, profile=profile).order_by("-pk")
    sent = list(items.values_list("paper_id", flat=True)[:SENT_PAPERS])
    return propose_exclusions(
        paper=paper,
        liked=list(_docs(Paper.objects.filter(pk__in=liked))),
        sent=list(_docs(Paper.objects.filter(pk__in=sent))),
        recent=list(_docs(Paper.objects.mailable().order_by("-first_seen_at", "-pk")[:RECENT_PAPERS])),
        wanted=(*profile.keywords, *profile.categories, profile.description),
    )


def _docs(papers: QuerySet[Paper]) -> Iterable[PaperDoc]:
    for pk, title, abstract, categories in papers.values_list("pk", "title", "abstract", "categories"):
        yield PaperDoc(id=pk, title=title, abstract=abstract, authors=(), categories=tuple(categories))
