"""One file, one format of reference lists. Each public module defines FORMAT; nothing in here knows Django.

In: the bytes of a file, or what a person pasted. Out: entries with identifiers, title, authors and year. And the way
out again: `Reference`s as BibTeX, RIS or CSL-JSON, for any reference manager.
"""

from digest.library._bibtex_out import to_bibtex
from digest.library._csl_out import to_csl
from digest.library._decoding import NoText
from digest.library._entry import Entry, Piece, Unread, Why
from digest.library._read import MOST_BYTES, MOST_ENTRIES, Format, Reading, formats, read_library, sniff
from digest.library._reference import Reference
from digest.library._ris_out import to_ris

__all__ = [
    "MOST_BYTES",
    "MOST_ENTRIES",
    "Entry",
    "Format",
    "NoText",
    "Piece",
    "Reading",
    "Reference",
    "Unread",
    "Why",
    "formats",
    "read_library",
    "sniff",
    "to_bibtex",
    "to_csl",
    "to_ris",
]
