"""A person's word that a host may be asked again after it answered 403."""

from collections.abc import Sequence
from datetime import datetime

from digest.models import SourceGate


def lift_stop(*, hosts: Sequence[str], now: datetime) -> int:
    """Open the gates of hosts that told us to stop; the next request may be made at `now`. Others stay as they are.

    Returns: how many were opened. A second call opens none.
    """
    stopped = SourceGate.objects.filter(host__in=hosts, denied_at__isnull=False)
    return stopped.update(denied_at=None, failures=0, open_at=now)
