"""What can go wrong with a subscription. Every message is one plain sentence that may be shown to the person."""

from django.utils.translation import gettext


class SubscriptionError(Exception):
    """Something that a person asked for cannot be done; `field` names the form field it is about, if any."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class InvalidAddress(SubscriptionError, ValueError):
    """No address that we can mail."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="email")


class UnknownReference(SubscriptionError, ValueError):
    """No paper that we know how to look up."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="papers")


class TooManyRequests(SubscriptionError):
    """More was asked for from one network than a person would ask."""


class AddressTaken(SubscriptionError):
    """The new address belongs to another reader."""


class ReaderGone(SubscriptionError):
    """The reader deleted their data while a page of theirs was still open."""

    def __init__(self) -> None:
        super().__init__(gettext("This subscription has been deleted; nothing is held about it any more."))


class LinkError(SubscriptionError):
    """A link cannot be followed."""


class LinkInvalid(LinkError):
    """Forged, cut off, used up, or of a reader who is gone."""


class LinkUsedUp(LinkInvalid):
    """Genuine, but replaced by a newer one or taken back."""


class LinkExpired(LinkError):
    """Genuine, but too old."""


class RejectedReader(SubscriptionError):
    """A line of an import that cannot be used, and why."""
