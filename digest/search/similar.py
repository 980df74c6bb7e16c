"""Papers that are like one paper."""

from django.db.models import Q

from digest.models import Paper


def similar(*, paper: Paper, most: int) -> tuple[Paper, ...]:
    """Read the papers that are most like one, the likest first, without itself; identifiers are prefetched."""
    rows = Paper.objects.mailable().filter(primary_category=paper.primary_category).exclude(Q(pk=paper.pk))
    return tuple(rows.order_by("-first_seen_at", "-pk").prefetch_related("identifiers")[:most])
