"""Every kind of row that is held about a reader: how it is found, what it is for in words, and how long it is kept.

A test finds every table that hangs on a reader and fails while one of them stands in no row here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from digest.models import Delivery, DeliveryEvent, Digest, DigestItem, Feedback, ProfileVector, SavedPaper
from subscriptions.models import (
    ConsentEvent,
    InterestProfile,
    LibraryImport,
    LibraryPaper,
    LinkedLibrary,
    OutgoingMail,
    SoftBounce,
    Subscriber,
    Suppression,
)

Words = str | Promise
UNTIL_DELETED = _("Until you delete it, or all of your data.")
BY_ADDRESS = "address_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One kind of data. `lookup` leads from its rows to their reader; `page` names where they can be seen."""

    model: type[Model]
    lookup: str
    name: Words
    words: Words
    kept: Words
    page: str = ""

    def rows(self, *, subscriber: Subscriber) -> QuerySet[Any]:
        """Find the rows that are about a reader."""
        wanted = subscriber.address_key if self.lookup == BY_ADDRESS else subscriber.pk
        return self.model._default_manager.filter(**{self.lookup: wanted})


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A kind of data with how many rows of it there are."""

    holding: Holding
    count: int


HOLDINGS = (
    Holding(
        model=Subscriber,
        lookup="pk",
        name=_("Your address and your settings"),
        words=_("The address, when you want your mail, and the days on which you signed up, confirmed and left."),
        kept=_("Until you delete your data; fourteen days if you never confirm."),
        page="manage",
    ),
    Holding(
        model=InterestProfile,
        lookup="subscriber",
        name=_("Interests"),
        words=_("The words, categories, authors and sentences that you typed."),
        kept=UNTIL_DELETED,
        page="manage",
    ),
    Holding(
        model=LibraryPaper,
        lookup="profile__subscriber",
        name=_("Papers that you named as examples"),
        words=_("By their arXiv id or DOI, for the interest that learns from them."),
        kept=UNTIL_DELETED,
        page="manage",
    ),
    Holding(
        model=LibraryImport,
        lookup="profile__subscriber",
        name=_("Lists of papers that you brought"),
        words=_("What became of each entry; the list itself only until it has been read."),
        kept=_("Thirty days."),
        page="library",
    ),
    Holding(
        model=LinkedLibrary,
        lookup="profile__subscriber",
        name=_("Accounts elsewhere that you follow"),
        words=_("The name of the library or the iD, and its key, encrypted."),
        kept=_("Until you stop following it, or unsubscribe."),
        page="library",
    ),
    Holding(
        model=Feedback,
        lookup="profile__subscriber",
        name=_("Answers: more or less like this"),
        words=_("Your last word on each paper, and when you gave it."),
        kept=_("Until you take it back, or delete the interest that learnt from it."),
        page="manage",
    ),
    Holding(
        model=ProfileVector,
        lookup="profile__subscriber",
        name=_("Numbers computed from them"),
        words=_("What an interest and its papers mean, as rows of numbers, so that matching is quick."),
        kept=_("As long as the interest that they belong to."),
    ),
    Holding(
        model=SavedPaper,
        lookup="subscriber",
        name=_("Saved papers"),
        words=_("What you put aside, and when. Nothing is learnt from it."),
        kept=_("Until you remove them."),
        page="saved",
    ),
    Holding(
        model=Digest,
        lookup="subscriber",
        name=_("Digests"),
        words=_("One for each day, with the reason where it was empty."),
        kept=UNTIL_DELETED,
        page="history",
    ),
    Holding(
        model=DigestItem,
        lookup="subscriber",
        name=_("Papers in your digests"),
        words=_("With the reasons that chose them, and so that none comes twice."),
        kept=UNTIL_DELETED,
        page="history",
    ),
    Holding(
        model=Delivery,
        lookup="digest__subscriber",
        name=_("Mails of digests"),
        words=_("When each was sent, and whether it was accepted."),
        kept=UNTIL_DELETED,
    ),
    Holding(
        model=DeliveryEvent,
        lookup="delivery__digest__subscriber",
        name=_("What became of those mails"),
        words=_("That a mail arrived, came back or was marked as spam, as the mail services said."),
        kept=UNTIL_DELETED,
    ),
    Holding(
        model=OutgoingMail,
        lookup="subscriber",
        name=_("Other mails to you"),
        words=_("Confirmations and links that you asked for."),
        kept=_("Thirty days."),
    ),
    Holding(
        model=ConsentEvent,
        lookup="subscriber",
        name=_("Proof of your consent"),
        words=_("What you agreed to and when, and a one-way code of the network it came from."),
        kept=_("It stays when your data are deleted, under a one-way code of the address and without the network."),
    ),
    Holding(
        model=SoftBounce,
        lookup=BY_ADDRESS,
        name=_("Mails that came back for now"),
        words=_("How often, and until when your mailbox is left alone, under a one-way code of the address."),
        kept=_("Until the mailbox has been well for a while."),
    ),
    Holding(
        model=Suppression,
        lookup=BY_ADDRESS,
        name=_("A note not to write to you"),
        words=_("Under a one-way code of the address."),
        kept=_("It stays when your data are deleted, so that it is not forgotten."),
    ),
)


def count_holdings(*, subscriber: Subscriber) -> Iterator[Counted]:
    """Count what is held about a reader, one query a kind."""
    for holding in HOLDINGS:
        yield Counted(holding=holding, count=holding.rows(subscriber=subscriber).count())
