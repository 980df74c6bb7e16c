"""The sources that this installation has, by name, with the operator's addresses and choices put in.

In: a name. Out: the source of that name. Every public file of digest/sources is one; settings.SOURCES may
replace its fields.
"""

from dataclasses import replace
from typing import Any

from django.conf import settings

from digest import sources
from digest.errors import UnknownSource
from digest.plugins import discover
from digest.sources import Source


def find_source(*, name: str) -> Source:
    """Find a source by its name.

    Raises: UnknownSource, naming those that there are.
    """
    found: dict[str, Any] = {source.name: source for source in discover(package=sources, attribute="SOURCE").values()}
    if name not in found:
        raise UnknownSource(f"There is no source {name!r}. There are: {', '.join(sorted(found))}.")
    configured: Source = replace(found[name], **settings.SOURCES.get(name, {}))
    return configured
