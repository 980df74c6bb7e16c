"""The bench's papers and readers: invented from a fixed seed, so that two runs do the same work."""

import json
import random
from collections.abc import Iterator
from typing import Any

CATEGORIES = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "math.CO", "physics.optics", "q-bio.NC", "stat.ML")
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "sti", "ver")
VOCABULARY = 400
PAPERS_AN_ANSWER = 500
MOST_UPVOTES = 50


class Inventor:
    """Invents the same things in the same order every time."""

    def __init__(self, *, seed: int = 2026) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - invented words, no secret
        self._words = ["".join(self._dice.choices(SYLLABLES, k=3)) for _ in range(VOCABULARY)]

    def words(self, number: int) -> str:
        """Invent a few words."""
        return " ".join(self._dice.choices(self._words, k=number))

    def answers(self, *, papers: int) -> Iterator[bytes]:
        """Invent arXiv's answers about papers that were submitted lately."""
        from tests.payloads import api_feed

        for start in range(0, papers, PAPERS_AN_ANSWER):
            numbers = range(start, min(start + PAPERS_AN_ANSWER, papers))
            yield api_feed(*(self._entry(number) for number in numbers))

    def list_of_upvotes(self, *, papers: int) -> bytes:
        """Invent Hugging Face's list, which counts upvotes for every tenth paper."""
        from tests.payloads import hf_list, hf_paper

        numbers = range(0, papers, 10)
        return hf_list(*(hf_paper(paper=arxiv_id(n), upvotes=self._dice.randint(1, MOST_UPVOTES)) for n in numbers))

    def readers(self, *, number: int) -> list[str]:
        """Invent lines of an import file: readers with two interests, whose hour has come at eight in the morning."""
        return [json.dumps(self._reader(which)) for which in range(number)]

    def _entry(self, number: int) -> str:
        from tests.payloads import api_entry

        return api_entry(
            paper=f"{arxiv_id(number)}v1",
            title=self.words(8),
            abstract=self.words(150),
            categories=self._dice.sample(CATEGORIES, 2),
        )

    def _reader(self, which: int) -> dict[str, Any]:
        profiles = [
            {
                "name": f"Interest {number}",
                "keywords": [self.words(1), self.words(2)],
                "categories": self._dice.sample(CATEGORIES, 1),
            }
            for number in (1, 2)
        ]
        return {"email": f"reader{which}@example.org", "hour": 8, "confirmed": True, "profiles": profiles}


def arxiv_id(number: int) -> str:
    """Give a paper an identifier of the form that arXiv has."""
    return f"2606.{10_001 + number}"
