"""Accounts that readers let us follow: read once a day, only what changed, each by one worker.

A host that is away is asked again later; a key that is refused waits for its owner, who reads why in the panel.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from digest.errors import DigestError, TemporaryError
from digest.library import Reading
from digest.pipeline.accounts import AccountRefused, AccountState, Problem
from digest.pipeline.bring import settle
from digest.pipeline.clock import SYSTEM_CLOCK, Clock
from digest.pipeline.gate import Gate
from digest.pipeline.http import PoliteHttp, polite_client
from digest.pipeline.orcid import OrcidAccount
from digest.pipeline.zotero import ZoteroAccount
from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.models import LibraryImport, LinkedLibrary, Subscriber
from subscriptions.sealed import SealBroken, seal, unseal

REFRESH_LIBRARIES = "digest.tasks.refresh_libraries"  # by its name, as the tasks import this
ACCOUNTS_AT_ONCE = 3
READ_EVERY = timedelta(days=1)
AGAIN_AFTER = timedelta(hours=1)
CLAIM_TIMEOUT = timedelta(minutes=15)  # longer than a task may run: then its worker is dead
LONGEST_TURN = timedelta(minutes=2)  # of one account
PAUSE = timedelta(seconds=1)
MOST_FAILURES = 30  # in a row, hours or days apart; then its owner is asked
log = logging.getLogger(__name__)


class Account(Protocol):
    """An account elsewhere that holds papers."""

    def read(self, *, since: int, http: PoliteHttp) -> AccountState | None:
        """Read what changed since a version, in the host's own count; None when nothing did.

        Raises: AccountRefused when its owner must do something; TemporaryError when later may be better.
        """


def refresh_libraries(*, now: datetime, limit: int = ACCOUNTS_AT_ONCE, clock: Clock = SYSTEM_CLOCK) -> int:
    """Read accounts that are due, the longest waiting first. Returns: how many; at most `limit`."""
    due = LinkedLibrary.objects.due(now=now).filter(profile__subscriber__status=Subscriber.Status.ACTIVE)
    claimed = [pk for pk in due.order_by("next_read_at").values_list("pk", flat=True)[:limit] if _claim(pk, now)]
    for row in LinkedLibrary.objects.filter(pk__in=claimed).select_related("profile__subscriber"):
        _refresh(row, now, clock)
    return len(claimed)


def _claim(linked_id: int, now: datetime) -> bool:
    due = LinkedLibrary.objects.due(now=now).filter(pk=linked_id)
    return due.update(next_read_at=now + CLAIM_TIMEOUT) == 1


def _refresh(row: LinkedLibrary, now: datetime, clock: Clock) -> None:
    try:
        state = _read(row, clock)
        if state is not None:
            _keep(row, state, now)
    except AccountRefused as error:
        _settle(row, problem=error.problem, next_read_at=None)
    except SealBroken:
        _settle(row, problem=Problem.SEALED, next_read_at=None)
    except TemporaryError:
        _try_again(row, now, Problem.AWAY)
    except (DigestError, SubscriptionError) as error:
        log.warning("Linked library %d could not be read: %s", row.pk, type(error).__name__)
        _try_again(row, now, Problem.UNREADABLE)
    except Exception:
        log.exception("Linked library %d could not be read; it must not hold the others up", row.pk)
        _try_again(row, now, Problem.UNREADABLE)
    else:
        version = state.version if state else row.version
        sealed = (
            seal(unseal(row.sealed_key)) if row.sealed_key else ""
        )  # with the first of the keys, if it is a new one
        _settle(row, problem="", next_read_at=now + READ_EVERY, read_at=now, version=version, sealed_key=sealed)


def _read(row: LinkedLibrary, clock: Clock) -> AccountState | None:
    account, url = _account(row)
    gate = Gate(host=urlsplit(url).hostname or url, pause=PAUSE, clock=clock)
    with polite_client() as client:
        http = PoliteHttp(gate=gate, client=client, until=clock.now() + LONGEST_TURN)
        return account.read(since=row.version, http=http)


def _account(row: LinkedLibrary) -> tuple[Account, str]:
    if row.kind == LinkedLibrary.Kind.ORCID:
        return OrcidAccount(orcid=row.library), settings.ORCID_URL
    return ZoteroAccount(library=row.library, key=unseal(row.sealed_key)), settings.ZOTERO_URL


def _keep(row: LinkedLibrary, state: AccountState, now: datetime) -> None:
    """Put what changed into the interest; one report an account, of what came last."""
    name = f"{row.get_kind_display()} {row.library}"
    if not state.pieces:
        return
    report = services.keep_list(
        subscriber=row.profile.subscriber,
        profile_id=row.profile_id,
        key=hashlib.sha256(f"{row.kind}:{row.library}".encode()).hexdigest(),
        name=name,
        payload=b"",
        now=now,
    )
    reading = Reading(format=row.kind, label=row.get_kind_display(), pieces=state.pieces, left=state.left)
    settle(row=report, reading=reading, now=now)
    LinkedLibrary.objects.filter(pk=row.pk).update(last_import=LibraryImport.objects.filter(pk=report.pk).first())


def _try_again(row: LinkedLibrary, now: datetime, problem: Problem) -> None:
    failures = row.failures + 1
    later = None if failures >= MOST_FAILURES else now + min(AGAIN_AFTER * failures, READ_EVERY)
    _settle(row, problem=problem, next_read_at=later, failures=failures)


def _settle(row: LinkedLibrary, **said: object) -> None:
    """Write down how it went, unless its owner gave a new key meanwhile, which is to be read at once."""
    unchanged = LinkedLibrary.objects.filter(pk=row.pk, sealed_key=row.sealed_key)
    unchanged.update(**{"failures": 0} | said)
