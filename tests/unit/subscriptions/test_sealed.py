"""Keys of other services are kept sealed: nobody reads them from the database, and the seal's own key can change."""

import pytest
from django.conf import LazySettings

from subscriptions.sealed import SealBroken, seal, unseal

OLD, NEW = "o" * 40, "n" * 40


def test_a_sealed_key_is_opened_again_and_does_not_show() -> None:
    sealed = seal("P9NiFoyLeZu2bZNvvuQPDWsd")

    assert "P9NiFoyLeZu2bZNvvuQPDWsd" not in sealed
    assert unseal(sealed) == "P9NiFoyLeZu2bZNvvuQPDWsd"


def test_the_same_key_is_sealed_otherwise_each_time() -> None:
    assert seal("key") != seal("key")


def test_an_older_key_still_opens_and_the_first_one_seals(settings: LazySettings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = seal("key")

    settings.ENCRYPTION_KEYS = [NEW, OLD]
    anew = seal(unseal(sealed))
    settings.ENCRYPTION_KEYS = [NEW]

    assert unseal(anew) == "key"
    with pytest.raises(SealBroken):
        unseal(sealed)


def test_what_the_secret_key_sealed_opens_when_there_are_keys_for_it(settings: LazySettings) -> None:
    sealed = seal("key")

    settings.ENCRYPTION_KEYS = [NEW]

    assert unseal(sealed) == "key"


@pytest.mark.parametrize("damaged", ["", "x", "gAAAAA"])
def test_what_no_key_opens_says_so(damaged: str) -> None:
    with pytest.raises(SealBroken):
        unseal(damaged)
