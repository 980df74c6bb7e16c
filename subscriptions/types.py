"""What comes into the services: frozen dataclasses, made by forms, by the admin panel and by the importer."""

from dataclasses import dataclass

PaperReference = tuple[str, str]  # (scheme, value), e.g. ("arxiv", "2406.01234")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address that can be mailed.

    `email` is what the reader typed, cleaned; `normalised` is what two spellings of one mailbox share;
    `key` is the keyed hash of `normalised`, for places that must not hold an address.
    """

    email: str
    normalised: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileInput:
    """One interest as a reader describes it; what is empty says nothing."""

    name: str
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    description: str = ""
    papers: tuple[PaperReference, ...] = ()
    pickiness: str = "balanced"
    active: bool = True
    fades: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """When a reader is mailed, and what beside their interests. Monday is 0; no weekday means every day."""

    timezone: str = "UTC"
    hour: int = 8
    cadence: str = "daily"
    weekdays: tuple[int, ...] = ()
    max_papers: int = 10
    trending: bool = True
    tell_when_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp(Preferences):
    """The sign-up form. An address alone is enough: that is trending papers once a day."""

    email: str
    profile: ProfileInput | None = None
