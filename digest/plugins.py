"""Every public module of a folder is a plug-in: there is no registry to keep.

In: a package and the name of the attribute that its plug-ins define. Out: those attributes by module name.
"""

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def discover(*, package: ModuleType, attribute: str, besides: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Collect `attribute` from every public module of `package`, in alphabetical order.

    A module whose name starts with an underscore is a helper and is passed over; so is one named in `besides`.
    Raises: AttributeError naming the module, when a public module does not define `attribute`.
    """
    found: dict[str, Any] = {}
    for module_info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if module_info.name.startswith("_") or module_info.name in besides:
            continue
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        if not hasattr(module, attribute):
            raise AttributeError(f"{module.__name__} is in a plug-in folder but defines no {attribute}")
        found[module_info.name] = getattr(module, attribute)
    return found
