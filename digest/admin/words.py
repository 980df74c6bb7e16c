"""What is stored in short, said in words for staff."""

from collections.abc import Mapping
from typing import Any

KINDS = {
    "keyword": "the keyword “{}”",
    "author": "the author {}",
    "category": "the category {}",
    "description": "“{}” in the reader's own description",
    "paper": "likeness to {}",
    "meaning": "closeness to “{}”",
    "words": "“{}”, which stands in liked papers too",
}


def reason_in_words(reason: Mapping[str, Any]) -> str:
    """Say one frozen reason: what of the profile caused it, and its share of the score."""
    term, asked = reason.get("term", ""), reason.get("asked")
    words = KINDS.get(str(reason.get("kind")), "{}").format(asked or term)
    found = f", found as “{term}”" if asked else ""
    return f"{words}{found} ({reason.get('share', 0):.0%})"
