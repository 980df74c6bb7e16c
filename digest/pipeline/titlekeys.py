"""Papers that were stored before titles had keys get theirs, a chunk at a time."""

from digest.models import Paper
from digest.titles import title_key

KEYED_AT_ONCE = 1000


def key_titles(*, limit: int = KEYED_AT_ONCE) -> int:
    """Make the keys of titles that have none. Returns: how many; at most `limit`."""
    papers = list(Paper.objects.filter(title_key="").exclude(title="").only("pk", "title").order_by("pk")[:limit])
    for paper in papers:
        paper.title_key = title_key(paper.title)
    return Paper.objects.bulk_update(papers, ["title_key"])
