"""The categories that a reader can tick."""

from subscriptions.services.profiles import clean_profile
from subscriptions.taxonomy import GROUPS, NAMES
from subscriptions.types import ProfileInput


def test_no_category_stands_in_two_groups() -> None:
    codes = [code for group in GROUPS for code in group.categories]

    assert len(codes) == len(set(codes))


def test_no_two_categories_look_alike_to_a_person() -> None:
    assert len(set(NAMES.values())) == len(NAMES)


def test_every_category_is_spelt_as_the_services_spell_it() -> None:
    cleaned = clean_profile(profile=ProfileInput(name="All", categories=tuple(NAMES)))

    assert cleaned.categories == tuple(NAMES)
