"""An `Http` that answers from a list and remembers what it was asked."""

from collections.abc import Sequence


class FakeHttp:
    """Answers in order; an exception in the list is raised."""

    def __init__(self, answers: Sequence[bytes | Exception | None]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, dict[str, str]]] = []

    def get(self, url: str, *, params: dict[str, str] | None = None, conditional: bool = False) -> bytes | None:
        self.asked.append((url, params or {}))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer
