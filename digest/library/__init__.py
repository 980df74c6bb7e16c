"""One file, one format of reference lists. Each public module defines FORMAT; nothing in here knows Django.

In: the bytes of a file, or what a person pasted. Out: entries with identifiers, title, authors and year. And the way
out again: `Reference`s as BibTeX, RIS or CSL-JSON, for any reference manager.
"""

from digest.library._bibtex_out import to_bibtex
from digest.library._csl_out import to_csl
from digest.library._reference import Reference
from digest.library._ris_out import to_ris

__all__ = ["Reference", "to_bibtex", "to_csl", "to_ris"]
