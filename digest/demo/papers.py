"""The sample papers as they lie in digest/demo/papers/*.json: invented, dated in days before the demo's first day.

A negative `days_ago` is a paper of a later day: it appears when the demo is started again then.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "papers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Featured:
    """How Hugging Face's daily list shows a paper: the day, and the counts as they stood then."""

    days_ago: int
    upvotes: int
    stars: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePaper:
    """One invented paper. `announced` is its word in the daily feed; "" when it comes by the API alone."""

    number: int
    days_ago: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    comment: str = ""
    doi: str = ""
    licence: str = ""
    announced: str = ""
    versions: int = 1
    revised_days_ago: int | None = None
    featured: Featured | None = None


def load_papers() -> tuple[SamplePaper, ...]:
    """Read all sample papers, by number. This function will fail on a key that no paper has."""
    entries = [entry for file in FOLDER.glob("*.json") for entry in json.loads(file.read_text("utf-8"))]
    return tuple(sorted((_paper(entry) for entry in entries), key=lambda paper: paper.number))


def _paper(entry: dict[str, Any]) -> SamplePaper:
    featured = entry.pop("featured", None)
    lists: dict[str, Any] = {name: tuple(entry.pop(name)) for name in ("authors", "categories")}
    return SamplePaper(**entry, **lists, featured=Featured(**featured) if featured else None)
