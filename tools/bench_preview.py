"""How long a preview of an interest takes over a week of arXiv: invented papers with vectors, a private PostgreSQL.

Its floor is the bare product of the interest's words and vector with the same papers, everything being read already.
BENCH_PAPERS says how many papers there are. The last line is JSON.
"""

import json
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

import django
import numpy as np
from django.core.management import call_command
from scipy import sparse

from tests import servers
from tests.environment import TEST_ENVIRONMENT
from tools.floors import seconds
from tools.invented import arxiv_id

PAPERS = int(os.environ.get("BENCH_PAPERS", "7000"))
DAYS = 7
DIMENSIONS = 384
AUTHORS = 4
ABSTRACT_WORDS = 160
LIKED = 20  # papers
ROUNDS = 9
NOW = datetime(2026, 6, 9, 20, 0, tzinfo=UTC)
CATEGORIES = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "math.CO", "physics.optics", "q-bio.NC", "stat.ML")
# About as many different words as a week of arXiv has, and as unevenly used.
VOCABULARY = 40_000
COMMONNESS = 1.0


def main() -> None:
    """Prepare a database, preview, print."""
    os.environ.update(TEST_ENVIRONMENT)
    os.environ.update({"DATABASE_URL": servers.start_postgres(), "LOG_LEVEL": "WARNING"})
    os.environ["DJANGO_SETTINGS_MODULE"] = "digest.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    bring_papers()
    print(json.dumps(measure()))


def bring_papers() -> None:
    """Insert a week of papers, evenly spread, and encode them by a model that costs nothing."""
    from django.conf import settings

    from digest import encoders
    from digest.models import Paper, PaperIdentifier
    from digest.pipeline.index import index_papers
    from tests.encoders import MODEL, FakeEncoder, FakeLoader

    papers = Paper.objects.bulk_create(invented_papers(), batch_size=1000)
    PaperIdentifier.objects.bulk_create(
        [PaperIdentifier(paper=paper, scheme="arxiv", value=arxiv_id(number)) for number, paper in enumerate(papers)],
        batch_size=1000,
    )
    encoder = FakeEncoder(dimensions=DIMENSIONS)
    index_papers(encoder=encoder, now=NOW, limit=PAPERS)
    encoders.loaders = lambda: {"fake": FakeLoader(encoder=encoder)}  # type: ignore[assignment] # no model is measured
    settings.ENCODER = MODEL


def invented_papers() -> Iterator[Any]:
    """Invent papers of words that are as unevenly common as real ones, the same every time."""
    from digest.models import Paper

    dice = random.Random(2026)  # noqa: S311 - invented texts, no secret
    words = vocabulary()
    weights = np.cumsum([1.0 / (rank + 10) ** COMMONNESS for rank in range(VOCABULARY)]).tolist()
    for number in range(PAPERS):
        text = dice.choices(words, cum_weights=weights, k=8 + ABSTRACT_WORDS)
        seen = NOW - timedelta(days=DAYS - 1) * (number / PAPERS)
        yield Paper(
            title=" ".join(text[:8]),
            abstract=" ".join(text[8:]),
            authors=[{"name": f"{dice.choice(words)} {dice.choice(words)}".title()} for _ in range(AUTHORS)],
            categories=dice.sample(CATEGORIES, 2),
            source="arxiv",
            first_seen_at=seen,
            submitted_at=seen - timedelta(days=1),
            announced_on=seen.date(),
            latest_version=1,
        )


def measure() -> dict[str, float]:
    """Preview once in a cold process, then some interests one after the other, none of them twice.

    Returns: milliseconds; of the warm ones the middle and the worst.
    """
    from digest.pipeline.preview import preview

    cold, *warm = [
        seconds(partial(preview, profile=interest(which), liked=liked(which), now=NOW)) for which in range(ROUNDS + 1)
    ]
    floor = bare_product()
    return {
        "papers": PAPERS,
        "cold_ms": round(1000 * cold),
        "warm_ms": round(1000 * median(warm)),
        "worst_warm_ms": round(1000 * max(warm)),
        "floor_ms": round(1000 * floor, 2),
        "ratio": round(median(warm) / floor, 1),
    }


def bare_product() -> float:
    """Measure one product of a vector with the papers' vectors, and one of a few words with their counts."""
    dice = np.random.default_rng(2026)
    vectors = dice.normal(size=(PAPERS, DIMENSIONS)).astype(np.float32)
    words, counts = (random_counts(shape, dice) for shape in ((1, VOCABULARY), (VOCABULARY, PAPERS)))
    return median(seconds(lambda: (vectors @ vectors[0], (words @ counts).toarray())) for _ in range(ROUNDS))


def random_counts(shape: tuple[int, int], dice: np.random.Generator) -> Any:
    """Invent word counts, as many words a row of papers as an abstract has."""
    return sparse.random_array(shape, density=ABSTRACT_WORDS / VOCABULARY, format="csr", dtype=np.float32, rng=dice)


def interest(which: int) -> Any:
    """Invent an interest as somebody types it who has much to say; no two have a word in common."""
    from subscriptions.models import InterestProfile

    words = vocabulary()[40 * (which + 1) :]
    return InterestProfile(
        name=f"Interest {which}",
        keywords=[*words[:6], f"{words[6]} {words[7]}", f"{words[8]} {words[9]}"],
        exclude=words[10:13],
        categories=[CATEGORIES[which % len(CATEGORIES)]],
        authors=[f"A. {words[13]}", f"{words[14]} {words[15]}"],
        description=" ".join(words[16:30]),
        pickiness="balanced",
    )


def liked(which: int) -> list[tuple[str, str]]:
    """Name the example papers of an interest."""
    return [("arxiv", arxiv_id(LIKED * which + number)) for number in range(LIKED)]


def vocabulary() -> list[str]:
    """Invent words, the same every time, the commonest first."""
    dice = random.Random(2026)  # noqa: S311 - invented words, no secret
    return ["".join(dice.choices("abcdefghiklmnoprstuvw", k=dice.randint(4, 9))) for _ in range(VOCABULARY)]


if __name__ == "__main__":
    main()
