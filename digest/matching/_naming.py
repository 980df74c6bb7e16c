"""What a reason calls an example, or all that a reader typed."""

from functools import lru_cache

from digest.types import PaperDoc, ProfileDoc

SHOWN = 60  # characters of a title, or of a reader's words
NAMES_KEPT = 50_000  # thousands of readers like the same papers


def name_of_paper(paper: PaperDoc) -> str:
    """Name a liked paper by its title, shortened at a word."""
    return shorten(paper.title) or "a paper without a title"


def name_of_wish(profile: ProfileDoc) -> str:
    """Name what a reader typed by its keywords, or by the beginning of its description."""
    return shorten(", ".join(profile.keywords) or profile.description)


@lru_cache(maxsize=NAMES_KEPT)
def shorten(text: str) -> str:
    """Bring a text onto one line of at most SHOWN characters, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= SHOWN:
        return flat
    return flat[:SHOWN].rsplit(" ", 1)[0].rstrip(",;:.-") + " …"
