"""The last gate before a log line is written: an address or a personal link that got into it is blotted out."""

import logging
import re

BLOT = "[...]"
TOKEN = re.compile(r"(?<=/)(?![\w-]+\.(?:py|css|js|html|svg)\b)[A-Za-z0-9_:=.~-]{24,}")
"""A path segment this long is a signed link's token, unless it is a file's name (in a traceback)."""
ADDRESS = re.compile(r"(?<![^\s<>\"'(),:;=/])[^\s<>\"'(),:;=/]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
"""An e-mail address, as it stands in a sentence, a server's answer or a link; the mails' errors are rid of it too."""


def blot(line: str) -> str:
    """Take e-mail addresses and links' tokens out of a text."""
    return ADDRESS.sub(BLOT, TOKEN.sub(BLOT, line))


class BlottingFormatter(logging.Formatter):
    """Format a line as logging does, traceback included, and blot it."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line without anything personal."""
        return blot(super().format(record))
