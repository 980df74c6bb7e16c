"""Category codes: archives, their subject classes, and how strongly a paper is in each."""

from functools import lru_cache

from digest.arxiv import canonical_category, category_names
from digest.types import PaperDoc, ProfileDoc

_ARCHIVES = """
astro-ph cond-mat cs econ eess gr-qc hep-ex hep-lat hep-ph hep-th math math-ph nlin nucl-ex nucl-th physics q-bio q-fin
quant-ph stat
"""
ARCHIVES = frozenset(_ARCHIVES.split())
PRIMARY, CROSS_LISTED = 2.0, 1.5
CODES_KEPT = 10_000


@lru_cache(maxsize=CODES_KEPT)
def canonical(category: str) -> str:
    """Bring a category code to its one spelling: lower case, an alias by the code it stands for."""
    return canonical_category(category.strip().lower().removesuffix(".*")).lower()


def codes_of(category: str) -> tuple[str, ...]:
    """List the codes that a paper of this category answers to: its own, and each archive around it ("cs.cl", "cs")."""
    own = canonical(category)
    archives = {name.lower().partition(".")[0] for name in category_names(own)}
    return tuple(dict.fromkeys([own, *sorted(archives)]))


def is_category(text: str) -> bool:
    """Tell whether a text is a category code: an archive, or an archive with a subject class."""
    code = text.strip().lower()
    archive, dot, subject = code.partition(".")
    if canonical_category(code).lower() != code:  # a second name, or that of an archive that was closed
        return True
    return archive in ARCHIVES and (not dot or subject.replace("-", "").isalpha() or subject == "*")


def category_values(paper: PaperDoc) -> dict[str, float]:
    """Tell which codes a paper answers to, and how strongly; its first category is the primary one."""
    values: dict[str, float] = {}
    for number, category in enumerate(paper.categories):
        for code in codes_of(category):
            values.setdefault(code, CROSS_LISTED if number else PRIMARY)
    return values


def says_only_categories(profile: ProfileDoc) -> bool:
    """Tell whether categories are all that a profile asks for."""
    others = (profile.keywords, profile.authors, profile.description.strip(), profile.liked)
    return bool(profile.categories) and not any(others)
