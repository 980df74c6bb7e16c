"""What a server's words say of an address."""

import pytest

from digest.mail.bounces import Weight, says_failure, weigh


@pytest.mark.parametrize(
    ("status", "words", "weight"),
    [
        ("5.1.1", "smtp; 550 5.1.1 <x@example.org>: Recipient address rejected: User unknown", Weight.HARD),
        ("5.1.1", "", Weight.HARD),
        ("5.1.2", "no MX", Weight.HARD),
        ("5.4.4", "Host not found", Weight.HARD),
        ("5.1.10", "domain takes no mail", Weight.HARD),
        ("5.0.0", "smtp; 550 The account was deleted", Weight.HARD),
        ("5.7.1", "smtp; 554 5.7.1 user unknown", Weight.HARD),
        ("", "550 sorry", Weight.HARD),
        ("5.0.0", "smtp; 550 blocked by our policy", Weight.SOFT),
        ("5.7.1", "smtp; 550 5.7.1 this looks like spam", Weight.SOFT),
        ("5.1.8", "sender's domain does not resolve", Weight.SOFT),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", Weight.SOFT),
        ("5.0.0", "smtp; 550 the user is over quota", Weight.SOFT),
        ("5.1.1", "smtp; 451 4.1.1 user unknown, try again later", Weight.SOFT),
        ("4.4.7", "", Weight.SOFT),
        ("5.3.0", "", Weight.SOFT),
        ("5.0.0", "", Weight.SOFT),
        ("", "421 come back later", Weight.SOFT),
        ("", "", Weight.SOFT),
    ],
)
def test_only_words_on_the_mailbox_itself_are_hard(status: str, words: str, weight: Weight) -> None:
    assert weigh(action="failed", status=status, words=words) is weight


@pytest.mark.parametrize(
    ("action", "weight"),
    [
        ("delayed", Weight.DELAYED),
        ("Delayed", Weight.DELAYED),
        ("delivered", Weight.ARRIVED),
        ("relayed", Weight.ARRIVED),
    ],
)
def test_what_has_not_failed_is_no_bounce_whatever_its_code(action: str, weight: Weight) -> None:
    assert weigh(action=action, status="5.1.1", words="user unknown") is weight


def test_an_ip_address_or_a_version_is_no_status_code() -> None:
    assert weigh(action="failed", status="", words="host 5.1.1.25 said no, Exim 4.72") is Weight.SOFT
    assert not says_failure(text="delivered by 5.1.1.25, status 2.1.5")
