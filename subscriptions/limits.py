"""How often something may be done under one key. Exact with any number of processes: the database counts."""

from datetime import datetime, timedelta
from math import ceil

from django.db.models import F
from django.utils.translation import gettext

from subscriptions.errors import TooManyRequests
from subscriptions.models import RateWindow

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONGEST_WINDOW = DAY
PER_NETWORK = (20, HOUR)
PREVIEWS = (120, HOUR)  # of one reader; each costs a moment of a core
PREVIEWS_OF_A_NETWORK = (600, HOUR)  # of all who share its address: a preview is asked for whenever typing rests
IMPORTS = (60, HOUR)  # of one reader; a large one costs seconds of a core
PER_ADDRESS = ((3, HOUR), (6, DAY))


def take(*, key: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Take one of the `limit` turns that a window has, and tell whether one was left.

    A window begins with the first turn taken in it. Each step is one conditional UPDATE or INSERT, so of two
    processes that want the last turn one gets it.
    """
    if _take_from_open_window(key, limit, window, now) or _begin_anew(key, window, now):
        return True
    RateWindow.objects.bulk_create([RateWindow(key=key, began_at=now)], ignore_conflicts=True)
    return _take_from_open_window(key, limit, window, now)


def opens_in(*, key: str, window: timedelta, now: datetime) -> int:
    """Count the seconds until a window that is used up has passed: 1 at least, and the whole window at most."""
    began_at = RateWindow.objects.filter(key=key).values_list("began_at", flat=True).first() or now
    return min(max(1, ceil((began_at + window - now).total_seconds())), int(window.total_seconds()))


def may_ask(*, purpose: str, address_key: str, network: str, now: datetime) -> bool:
    """Tell whether a mail may be sent to an address that somebody typed into a form.

    False must look to the person exactly like True, or the form would tell who is known here.
    Raises: TooManyRequests when it is the network that asks too often.
    """
    limit, window = PER_NETWORK
    if not take(key=f"{purpose}:network:{network}", limit=limit, window=window, now=now):
        raise TooManyRequests(gettext("Too many requests came from your network; please try again in an hour."))
    return may_mail(purpose=purpose, address_key=address_key, now=now)


def take_preview(*, subscriber_id: int, now: datetime) -> None:
    """Take one of the previews that a reader has in an hour.

    Raises: TooManyRequests when none is left.
    """
    limit, window = PREVIEWS
    if not take(key=f"preview:{subscriber_id}", limit=limit, window=window, now=now):
        raise TooManyRequests(
            gettext("You have looked at many previews; please try again in an hour, or save as it is.")
        )


def take_open_preview(*, network: str, now: datetime) -> None:
    """Take one of the previews that a network has in an hour for who has not signed up; `network` is a `network_key`.

    Raises: TooManyRequests when none is left.
    """
    limit, window = PREVIEWS_OF_A_NETWORK
    if not take(key=f"preview:network:{network}", limit=limit, window=window, now=now):
        raise TooManyRequests(
            gettext("Your network has looked at many previews; please try again in an hour, or subscribe as it is.")
        )


def take_import(*, subscriber_id: int, now: datetime) -> None:
    """Take one of the lists of papers that a reader may bring in an hour.

    Raises: TooManyRequests when none is left.
    """
    limit, window = IMPORTS
    if not take(key=f"import:{subscriber_id}", limit=limit, window=window, now=now):
        raise TooManyRequests(gettext("You have brought many lists; please try again in an hour."))


def may_mail(*, purpose: str, address_key: str, now: datetime) -> bool:
    """Tell whether one more mail of a purpose may go to an address, whoever asks."""
    turns = (
        take(key=f"{purpose}:{window // HOUR}h:{address_key}", limit=limit, window=window, now=now)
        for limit, window in PER_ADDRESS
    )
    return all(turns)


def _take_from_open_window(key: str, limit: int, window: timedelta, now: datetime) -> bool:
    open_window = RateWindow.objects.filter(key=key, began_at__gt=now - window, count__lt=limit)
    return open_window.update(count=F("count") + 1) == 1


def _begin_anew(key: str, window: timedelta, now: datetime) -> bool:
    return RateWindow.objects.filter(key=key, began_at__lte=now - window).update(began_at=now, count=1) == 1
