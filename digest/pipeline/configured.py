"""The sources that this installation has, by name, with the operator's addresses and choices put in.

In: a name. Out: the source of that name. Every public file of digest/sources is one; settings.SOURCES may
replace its fields.
"""

from dataclasses import replace
from typing import Any

from django.conf import settings

from digest.errors import UnknownSource
from digest.sources import Source, sources


def find_source(*, name: str) -> Source:
    """Find a source by its name.

    Raises: UnknownSource, naming those that there are.
    """
    found: Any = sources().get(name)  # a dataclass, as every source is
    if found is None:
        raise UnknownSource(f"There is no source {name!r}. There are: {', '.join(sorted(sources()))}.")
    configured: Source = replace(found, **settings.SOURCES.get(name, {}))
    return configured
