"""A provider that does what a test tells it to."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

Answer = Exception | Callable[[EmailMessage], object] | None
"""What happens to one mail: an error, something to do with it, or plain acceptance."""


class ScriptedBackend(BaseEmailBackend):
    """Takes mails into `sent`; `answers` and `openings` are used up in order, after them all goes well."""

    answers: ClassVar[list[Answer]] = []
    openings: ClassVar[list[Exception | None]] = []
    sent: ClassVar[list[EmailMessage]] = []
    opened: ClassVar[int] = 0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)

    def open(self) -> bool:
        """Connect, or fail as told."""
        type(self).opened += 1
        failure = self.openings.pop(0) if self.openings else None
        if failure is not None:
            raise failure
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take the mails, or do as told."""
        for message in email_messages:
            answer = self.answers.pop(0) if self.answers else None
            if isinstance(answer, Exception):
                raise answer
            if answer is not None:
                answer(message)
            self.sent.append(message)
        return len(email_messages)

    @classmethod
    def reset(cls) -> None:
        """Forget the last test."""
        cls.answers, cls.openings, cls.sent, cls.opened = [], [], [], 0
