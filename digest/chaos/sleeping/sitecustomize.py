"""Read by the interpreters of workers and beat under a moved clock: libfaketime 0.9.10 breaks the system's long sleep.

Before time.sleep reaches its clock_nanosleep, it becomes what it is where a system has none.
"""

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex, /) -> None:
    """Sleep as time.sleep does on systems without clock_nanosleep."""
    select.select([], [], [], float(seconds))


time.sleep = sleep
