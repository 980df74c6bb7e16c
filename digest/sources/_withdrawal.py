"""Words that say a paper was withdrawn, for the formats that carry no flag."""

import re

_WORK = r"(?:paper|article|manuscript|submission|preprint|e-?print|work|note|version|thesis|report|letter|draft)s?"
_SAYS_SO = re.compile(
    rf"\b(?:this|the|our)\s+(?:\w+\s+)?{_WORK}\s+(?:has|have|had|is|was)\s+(?:now\s+)?(?:been\s+)?(?:temporarily\s+)?withdrawn\b"
    rf"|^\W*(?:{_WORK}\s+)?(?:has\s+been\s+)?withdrawn\b"
    r"|\bwithdrawn\s+by\s+(?:the\s+)?(?:authors?|arxiv|submitter)",
    re.IGNORECASE,
)
ABSTRACT_START = 200
"""A withdrawal opens the abstract; further in, the word is the paper's subject."""


def withdrawn_in_words(*, comments: str | None, abstract: str | None) -> bool | None:
    """Decide from the words alone whether a paper was withdrawn: True, or None for "they do not say".

    Never False: a paper that came back often keeps the comment, and one that left may not have changed a word.
    """
    if _SAYS_SO.search(comments or "") or _SAYS_SO.search((abstract or "")[:ABSTRACT_START]):
        return True
    return None
