"""What a text means, as a vector: texts in, a matrix of unit vectors out.

One file, one way to do it: each public module defines ENCODER, an `EncoderLoader`; nothing in here knows Django, a
database or the time, and no library is imported before a model is loaded. docs/matching.md says what it costs.
"""

import sys
from collections.abc import Sequence
from functools import cache
from typing import Protocol

from digest.errors import EncoderUnavailable
from digest.plugins import discover
from digest.types import FloatMatrix

TOLERANCE = 1e-5
"""The most that any number of a text's vector may change with the texts around it: sums in another order."""


class Encoder(Protocol):
    """A model that is loaded and ready. It may be used by several threads at once."""

    @property
    def name(self) -> str:
        """The model's name, as it was asked for: "sentence-transformers/all-MiniLM-L6-v2"."""
        ...

    @property
    def version(self) -> str:
        """A short hash of all that decides what a vector is: the model's files, and how they are used.

        Other bytes or other settings are another encoder: vectors of two versions are never compared.
        """
        ...

    @property
    def dimensions(self) -> int:
        """How many numbers a vector holds."""
        ...

    def encode(self, *, texts: Sequence[str]) -> FloatMatrix:
        """Turn each text into a vector.

        In: texts of any length, script and number; what lies beyond the model's reach is cut off.
        Returns: shape (len(texts), dimensions), float32, in the order of `texts`. Every number is finite, every row
        is of length 1; a text in which there is nothing to read (blank) gets a row of zeros.
        The row of a text depends on nothing but that text: the others, their number and their order change none of
        its numbers by more than TOLERANCE.
        """
        ...


class EncoderLoader(Protocol):
    """One way to run models: a file of this folder.

    To add one, write a public module that defines ENCODER. Import its library in `load` alone, since it may not be
    installed.
    """

    def serves(self, *, model: str) -> bool:
        """Tell whether this is the way to run the model of that name. Must answer without the library."""
        ...

    @property
    def models(self) -> Sequence[str]:
        """The names that `serves` says yes to, for a person to choose from."""
        ...

    def why_not(self, *, model: str, path: str) -> str:
        """Say in a sentence why a model cannot be loaded here, and what the operator can do; empty when it may work.

        In: a model that it serves, and the folder of its files, or "" when the library may download them. Must be
        quick: it looks at what is installed and whether the files are there and whole, and loads nothing.
        """
        ...

    def load(self, *, model: str, path: str, threads: int | None) -> Encoder:
        """Load a model from `path`, or from where the library keeps its downloads when that is "".

        `threads` is how many the model may use at once; None leaves it to the library.
        Raises: EncoderUnavailable, whatever the reason, saying what the operator can do.
        """
        ...


@cache
def loaders() -> dict[str, EncoderLoader]:
    """Collect every loader of this folder by the name of its file."""
    return discover(package=sys.modules[__name__], attribute="ENCODER")


def find_loader(*, model: str) -> EncoderLoader:
    """Find the file that runs a model.

    Raises: EncoderUnavailable, naming the models that there are.
    """
    for loader in loaders().values():
        if loader.serves(model=model):
            return loader
    known = ", ".join(name for loader in loaders().values() for name in loader.models)
    raise EncoderUnavailable(f"The model {model} is unknown here. Set ENCODER to one of: {known}.")


def label(*, encoder: Encoder) -> str:
    """Write the name under which an encoder's vectors are kept: `name@version`."""
    return f"{encoder.name}@{encoder.version}"
