"""A world of readers with a taste, saved: papers with vectors, and readers who agreed to share what they like."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from digest.models import Feedback, Paper
from digest.pipeline.index import index_papers
from subscriptions.models import Subscriber
from tests.builders import NOW, make_paper, make_profile, make_reader
from tests.encoders import FakeEncoder
from tests.unit.matching.tastes import READERS, a_world

LONG_AGO = NOW - timedelta(days=400)


def make_world(*, by_chance: bool = False, encoder: FakeEncoder | None = None) -> tuple[list[Paper], list[Subscriber]]:
    """Save the world of tests/unit/matching; every reader shares what they like."""
    world = a_world(by_chance=by_chance)
    papers = [make_paper(title=doc.title, abstract=doc.abstract, seen=LONG_AGO) for doc in world.docs]
    if encoder:
        index_papers(encoder=encoder, now=NOW, limit=len(papers))
    readers = [make_reader(shares_taste=True) for _ in range(READERS)]
    for row, reader in enumerate(readers):
        like(reader, [papers[column] for column in np.flatnonzero(world.likes[[row]].toarray()[0]).tolist()])
    return papers, readers


def like(reader: Subscriber, papers: Sequence[Paper]) -> None:
    """Save that a reader wants more like these papers."""
    profile = make_profile(reader=reader)
    said = {"verdict": Feedback.Verdict.MORE, "given_at": NOW}
    Feedback.objects.bulk_create(Feedback(profile=profile, paper=paper, **said) for paper in papers)
