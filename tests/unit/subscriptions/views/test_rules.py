"""An interest as one sentence."""

from typing import Any

import pytest

from subscriptions.models import InterestProfile
from subscriptions.views.rules import rule_in_words


@pytest.mark.parametrize(
    ("fields", "n_examples", "sentence"),
    [
        ({}, 0, "It says nothing yet, so it finds nothing."),
        ({"categories": ["cs.CL"]}, 0, "Papers in Computation and Language."),
        ({"categories": ["biology"]}, 0, "Papers in biology."),
        ({"keywords": ["bees", "hives"]}, 0, "Papers with “bees” or “hives”."),
        ({"keywords": ["a", "b", "c", "d", "e"]}, 0, "Papers with “a”, “b”, “c” or 2 more."),
        (
            {"authors": ["A. Lovelace"], "description": "Engines."},
            0,
            "Papers by A. Lovelace, or close to your description.",
        ),
        ({}, 1, "Papers like the paper that you named."),
        ({}, 7, "Papers like the 7 papers that you named."),
        ({"keywords": ["bees"], "exclude": ["survey"]}, 0, "Papers with “bees”; never with “survey”."),
        ({"exclude": ["survey"]}, 0, "It says nothing yet, so it finds nothing."),
    ],
)
def test_an_interest_is_said_in_a_sentence(fields: dict[str, Any], n_examples: int, sentence: str) -> None:
    assert rule_in_words(profile=InterestProfile(**fields), n_examples=n_examples) == sentence
