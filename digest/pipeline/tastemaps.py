"""Stored taste maps, each read once a process and kept for the next chunk of readers."""

import logging
from functools import lru_cache

from digest.errors import UnreadableTasteMap
from digest.matching._taste import TasteMap
from digest.models import FittedTaste

MAPS_REMEMBERED = 2  # the one that serves and the one that is to follow it

log = logging.getLogger(__name__)


def read_map(*, taste: FittedTaste) -> TasteMap | None:
    """Read a map; None, and a line in the log, when it is gone or its bytes are damaged."""
    try:
        return _read(taste.pk, taste.checksum)
    except UnreadableTasteMap as error:
        log.warning("Taste map %d is not used. %s", taste.pk, error)
        return None


def forget_maps() -> None:
    """Forget what was read: the next call reads anew."""
    _read.cache_clear()


@lru_cache(maxsize=MAPS_REMEMBERED)
def _read(number: int, _checksum: str) -> TasteMap:
    """Read the map of that number; the checksum tells it from another of the same number in another database."""
    payload = FittedTaste.objects.filter(pk=number).values_list("payload", flat=True).first()
    return TasteMap.from_bytes(bytes(payload or b""))
