"""Category codes: archives, their subject classes, and codes that are two names of one thing."""

from digest.types import PaperDoc, ProfileDoc

_ARCHIVES = """
astro-ph cond-mat cs econ eess gr-qc hep-ex hep-lat hep-ph hep-th math math-ph nlin nucl-ex nucl-th physics q-bio q-fin
quant-ph stat
"""
ARCHIVES = frozenset(_ARCHIVES.split())
PRIMARY, CROSS_LISTED = 2.0, 1.5
# arXiv lists a paper of the one under the other too; a reader who asks for either means both.
_ALIASES = {
    "cs.na": "math.na",
    "cs.sy": "eess.sy",
    "math.mp": "math-ph",
    "math.it": "cs.it",
    "stat.th": "math.st",
    "q-fin.ec": "econ.gn",
}


def canonical(category: str) -> str:
    """Bring a category code to its one spelling: lower case, an alias by the code it stands for."""
    code = category.strip().lower().removesuffix(".*")
    return _ALIASES.get(code, code)


def codes_of(category: str) -> tuple[str, ...]:
    """List the codes that a paper of this category answers to: its own, and the archive around it ("cs.cl", "cs")."""
    own = category.strip().lower()
    archives = {own.partition(".")[0], canonical(own).partition(".")[0]}
    return tuple(dict.fromkeys([canonical(own), *sorted(archives)]))


def is_category(text: str) -> bool:
    """Tell whether a text is a category code: an archive, or an archive with a subject class."""
    code = text.strip().lower()
    archive, dot, subject = code.partition(".")
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
