"""What one linear classifier for each reader costs: fitted on that reader's examples, asked about every paper.

That is how a recommender of papers is often made; the papers' features are not counted, they are made once for all.
"""

import time
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from digest.models import Paper, ProfileVector
from digest.pipeline.standing import IDS

MOST_WORDS = 20_000
SAMPLE = 20  # readers


def seconds_per_fit() -> float:
    """Measure it on a few readers. Returns: seconds for one, the mean."""
    rows = list(Paper.objects.order_by("pk").values_list("pk", "title", "abstract"))
    texts = TfidfVectorizer(sublinear_tf=True, max_features=MOST_WORDS, ngram_range=(1, 2)).fit_transform(
        f"{title} {abstract}" for _, title, abstract in rows
    )
    place_of = {pk: place for place, (pk, *_) in enumerate(rows)}
    stored = ProfileVector.objects.filter(liked_weight__gt=0).order_by("pk").values_list("liked_ids", flat=True)
    shelves = [[place_of[pk] for pk in np.frombuffer(ids, dtype=IDS).tolist()] for ids in stored[:SAMPLE]]
    began = time.perf_counter()
    for liked in shelves:
        _fit(texts, liked)
    return (time.perf_counter() - began) / max(len(shelves), 1)


def _fit(texts: object, liked: Sequence[int]) -> object:
    wanted = np.zeros(texts.shape[0])  # type: ignore[attr-defined] # a sparse matrix of a library without types
    wanted[list(liked)] = 1.0
    model = LinearSVC(class_weight="balanced", C=0.01, tol=1e-6, max_iter=10_000)
    return model.fit(texts, wanted).decision_function(texts)
