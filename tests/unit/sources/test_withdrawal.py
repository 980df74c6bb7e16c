"""Words that say a paper was withdrawn, and words that do not."""

import pytest

from digest.sources._withdrawal import withdrawn_in_words


@pytest.mark.parametrize(
    "comments",
    [
        "This paper has been withdrawn",
        "5 pages. This paper has been withdrawn by the author due to an error in Lemma 2",
        "Withdrawn: the proof has a gap",
        "Paper withdrawn",
        "This article has been withdrawn by arXiv administrators due to a dispute",
        "Our manuscript was temporarily withdrawn",
        "the article is withdrawn",
    ],
)
def test_a_comment_that_says_so_is_believed(comments: str) -> None:
    found = withdrawn_in_words(comments=comments, abstract="We prove a lemma.")

    assert found is True


def test_an_abstract_that_opens_with_it_is_believed() -> None:
    found = withdrawn_in_words(
        comments="5 pages", abstract="This paper has been withdrawn by the author since U is empty."
    )

    assert found is True


@pytest.mark.parametrize(
    "abstract",
    [
        "We study how troops were withdrawn from an invented country.",
        "Cash withdrawn from machines follows a power law.",
        "A. " * 100 + "This paper has been withdrawn from a collection in a museum.",
    ],
)
def test_a_paper_about_withdrawals_is_not_withdrawn(abstract: str) -> None:
    found = withdrawn_in_words(comments="7 pages", abstract=abstract)

    assert found is None


def test_silence_is_not_a_no() -> None:
    found = withdrawn_in_words(comments=None, abstract=None)

    assert found is None
