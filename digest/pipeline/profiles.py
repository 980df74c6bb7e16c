"""Interest rows -> what matching may know of them, with the papers that they name."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from digest.matching._fading import weight
from digest.models import Paper
from digest.pipeline.examples import load_examples, load_whole_examples
from digest.pipeline.feedback import ROWS_AT_ONCE, FeedbackRow, load_stances
from digest.pipeline.papers import load_docs
from digest.pipeline.standing import Stood, encode_wishes, load_stood, stand_among
from digest.types import PaperDoc, ProfileDoc
from subscriptions.models import InterestProfile

READ = (  # all that matching looks at; a name left out would cost a query for each interest
    "subscriber",
    "name",
    "categories",
    "keywords",
    "exclude",
    "authors",
    "description",
    "pickiness",
    "fades",
    "revision",
)


def load_profiles(*, moments: Mapping[int, datetime], space: str | None) -> tuple[list[int], list[ProfileDoc]]:
    """Read the active profiles of some readers, each as it stands at that reader's moment (UTC).

    Read through a server-side cursor, with a constant number of queries for each distinct moment.
    Returns: for each profile its reader's id, and the profiles, in the same order.
    """
    active = InterestProfile.objects.filter(subscriber_id__in=moments, active=True).only(*READ).order_by("pk")
    rows = list(active.iterator(chunk_size=ROWS_AT_ONCE))
    docs: dict[int, ProfileDoc] = {}
    for now in set(moments.values()):
        some = [row for row in rows if moments[row.subscriber_id] == now]
        docs |= zip((row.pk for row in some), to_docs(profiles=some, space=space, now=now), strict=True)
    return [row.subscriber_id for row in rows], [docs[row.pk] for row in rows]


def to_docs(*, profiles: Sequence[InterestProfile], space: str | None, now: datetime) -> list[ProfileDoc]:
    """Turn rows into what matching may know of them: by meaning in a space, or by words alone where that is None."""
    if space is None:
        return _by_words(profiles, now)
    stood = load_stood(profiles=profiles, space=space, now=now)
    named = {paper_id for each in stood.values() for paper_id in (*each.liked, *each.disliked)}
    papers = load_examples(paper_ids=named, space=space)
    return [by_meaning(profile=profile, stood=stood[profile.pk], papers=papers) for profile in profiles]


def to_doc(*, profile: InterestProfile, stances: Sequence[FeedbackRow], space: str | None, now: datetime) -> ProfileDoc:
    """Turn one interest, stored or not, with what its reader thinks of papers into what matching may know of it."""
    named = {row.paper_id for row in stances}
    if space is None:
        return _with_texts(profile, stances, _texts(named), now)
    papers = load_whole_examples(paper_ids=named, space=space)
    wish = encode_wishes(profiles=[profile], space=space).get(0)
    stood = stand_among(profile=profile, stances=stances, papers=papers, wish=wish, now=now)
    return by_meaning(profile=profile, stood=stood, papers=papers)


def by_meaning(*, profile: InterestProfile, stood: Stood, papers: Mapping[int, PaperDoc]) -> ProfileDoc:
    """Put one interest together from its row, where it stands, and the papers that it names."""
    kept = [(papers[pk], weight) for pk, weight in zip(stood.liked, stood.liked_weights, strict=True) if pk in papers]
    return profile_doc(
        profile=profile,
        liked=tuple(paper for paper, _ in kept),
        liked_weights=tuple(weight for _, weight in kept),
        disliked=tuple(papers[pk] for pk in stood.disliked if pk in papers),
        stood=stood,
    )


def profile_doc(
    *,
    profile: InterestProfile,
    liked: tuple[PaperDoc, ...],
    liked_weights: tuple[float, ...],
    disliked: tuple[PaperDoc, ...],
    stood: Stood | None = None,
) -> ProfileDoc:
    """Turn a row into what matching may know of it."""
    return ProfileDoc(
        id=profile.pk or 0,
        name=profile.name,
        categories=tuple(profile.categories),
        keywords=tuple(profile.keywords),
        exclude=tuple(profile.exclude),
        authors=tuple(profile.authors),
        description=profile.description,
        pickiness=profile.pickiness,
        liked=liked,
        liked_weights=liked_weights,
        disliked=disliked,
        wish=stood.wish if stood else b"",
        standing=stood.standing if stood else None,
    )


def _by_words(profiles: Sequence[InterestProfile], now: datetime) -> list[ProfileDoc]:
    stances = load_stances(profile_ids=[profile.pk for profile in profiles])
    named = {row.paper_id for rows in stances.values() for row in rows}
    docs = _texts(named)
    return [_with_texts(profile, stances.get(profile.pk, ()), docs, now) for profile in profiles]


def _texts(paper_ids: set[int]) -> dict[int, PaperDoc]:
    papers = load_docs(papers=Paper.objects.filter(pk__in=paper_ids), space=None) if paper_ids else ()
    return {doc.id: doc for doc in papers}


def _with_texts(
    profile: InterestProfile, stances: Sequence[FeedbackRow], docs: Mapping[int, PaperDoc], now: datetime
) -> ProfileDoc:
    liked = [row for row in stances if row.liked and row.paper_id in docs]
    return profile_doc(
        profile=profile,
        liked=tuple(docs[row.paper_id] for row in liked),
        liked_weights=tuple(weight(age=now - row.at, fades=profile.fades) for row in liked),
        disliked=tuple(docs[row.paper_id] for row in stances if not row.liked and row.paper_id in docs),
    )
