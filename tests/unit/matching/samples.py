"""Invented papers and interests, and the shortest way to match them."""

from collections.abc import Sequence
from typing import Any

from digest.matching import match
from digest.types import BoolMatrix, Match, PaperDoc, ProfileDoc

SUBJECTS = (
    "bridges",
    "rivers",
    "lanterns",
    "orchards",
    "harbours",
    "pigments",
    "glaciers",
    "looms",
    "quarries",
    "bees",
)
VERBS = ("measuring", "painting", "growing", "counting", "building", "mapping")


def a_paper(
    number: int = 1,
    title: str = "A plain title",
    abstract: str = "Nothing that anybody asked for.",
    *,
    authors: Sequence[str] = ("Ada Example",),
    categories: Sequence[str] = ("cs.CL",),
) -> PaperDoc:
    return PaperDoc(id=number, title=title, abstract=abstract, authors=tuple(authors), categories=tuple(categories))


def a_profile(number: int = 1, **wishes: Any) -> ProfileDoc:
    lists: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in wishes.items()}
    return ProfileDoc(id=number, name=f"Interest {number}", **lists)


def ordinary_papers(how_many: int = 120, *, first: int = 1_000) -> list[PaperDoc]:
    """Papers about other things, no two of them alike, that stand for an ordinary week."""
    return [
        a_paper(
            first + number,
            f"On {VERBS[number % 6]} {SUBJECTS[number % 10]}",
            f"We report on {SUBJECTS[(number * 3 + 1) % 10]} and {SUBJECTS[(number * 7 + 2) % 10]}, "
            f"case {number}, while {VERBS[(number // 2) % 6]} them.",
            authors=(f"Nobody Nr{number}",),
            categories=("math.CO",) if number % 2 else ("stat.AP", "cs.CL"),
        )
        for number in range(how_many)
    ]


def matches(
    profile: ProfileDoc,
    *papers: PaperDoc,
    background: Sequence[PaperDoc] | None = None,
    eligible: BoolMatrix | None = None,
    top_k: int = 10,
) -> list[Match]:
    """Match one interest against a few papers on an ordinary background."""
    return match(
        profiles=[profile],
        papers=papers,
        background=ordinary_papers() if background is None else background,
        eligible=eligible,
        top_k=top_k,
    )


def found(profile: ProfileDoc, *papers: PaperDoc, **options: Any) -> list[int]:
    """The numbers of the papers that match, best first."""
    return [one.paper_id for one in matches(profile, *papers, **options)]


def terms(one: Match) -> set[tuple[str, str]]:
    """The reasons of a match without their shares."""
    return {(reason.kind, reason.term) for reason in one.reasons}


def text_of(paper: PaperDoc) -> str:
    """What a reader who looks for a word finds: title and abstract, whatever breaks the lines, whatever the case."""
    return " ".join(f"{paper.title} {paper.abstract}".split()).casefold()
