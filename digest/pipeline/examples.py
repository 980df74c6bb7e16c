"""Papers that readers gave as examples, as matching names and compares them: title and vector, without their abstract.

Thousands of readers name the same papers, so a process remembers what it read of them, as of the text that their
vectors were made of.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace
from threading import Lock

from digest.models import Paper, PaperVector
from digest.pipeline.feedback import ROWS_AT_ONCE
from digest.pipeline.index import load_vectors
from digest.types import PaperDoc

SHELF_PAPERS = 100_000  # some 150 MB with vectors of 448 numbers

_shelf: OrderedDict[tuple[str, int, str], PaperDoc] = OrderedDict()
_lock = Lock()


def load_examples(*, paper_ids: Collection[int], space: str) -> dict[int, PaperDoc]:
    """Read papers by id with their vectors in a space: one query for what has changed, two for what is not remembered.

    A paper that is gone is left out. One without a vector yet is given with an empty one, and not remembered.
    """
    encoded = PaperVector.objects.filter(encoder=space, paper_id__in=paper_ids).values_list("paper_id", "text_key")
    keys = {pk: (space, pk, text_key) for pk, text_key in encoded.iterator(chunk_size=ROWS_AT_ONCE)}
    with _lock:
        found = {pk: _shelf[key] for pk, key in keys.items() if key in _shelf}
    missing = [paper_id for paper_id in paper_ids if paper_id not in found]
    if not missing:
        return found
    vectors = load_vectors(paper_ids=missing, encoder=space)
    titles = Paper.objects.filter(pk__in=missing).values_list("pk", "title")
    read = {
        pk: PaperDoc(id=pk, title=title, abstract="", authors=(), categories=(), vector=vectors.get(pk, b""))
        for pk, title in titles.iterator()
    }
    _remember({keys[pk]: paper for pk, paper in read.items() if pk in keys and paper.vector})
    return found | read


def load_whole_examples(*, paper_ids: Collection[int], space: str) -> dict[int, PaperDoc]:
    """Read the same with their abstracts, as they are summed up: one query more, of which nothing is remembered."""
    papers = load_examples(paper_ids=paper_ids, space=space)
    abstracts = Paper.objects.filter(pk__in=papers).values_list("pk", "abstract") if papers else []
    return {pk: replace(papers[pk], abstract=abstract) for pk, abstract in abstracts}


def forget_examples() -> None:
    """Forget what was remembered: another database may lie behind the same ids."""
    with _lock:
        _shelf.clear()


def _remember(papers: dict[tuple[str, int, str], PaperDoc]) -> None:
    with _lock:
        _shelf.update(papers)
        while len(_shelf) > SHELF_PAPERS:
            _shelf.popitem(last=False)
