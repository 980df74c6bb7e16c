"""How much a like still counts after a while."""

from datetime import timedelta

HALF_LIFE = timedelta(days=180)


def weight(*, age: timedelta, fades: bool) -> float:
    """Weigh a like by its age: half for each HALF_LIFE that has passed, or always 1 where likes do not fade.

    Returns: from 0 to 1; a like that lies ahead, by a clock that was wrong, counts as one of now.
    """
    return 0.5 ** (max(age, timedelta()) / HALF_LIFE) if fades else 1.0
