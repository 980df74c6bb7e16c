"""Lists of JSON objects, whatever state they come in.

In: bytes that should be JSON. Out: one value per element; what follows a break is one `RejectedRecord`.
"""

import json
from typing import Any

from digest.errors import UnreadablePayload
from digest.sources._ids import find_arxiv_id
from digest.types import RejectedRecord

_SHOWN = 80
_MOST_DIGITS = 300
"""A longer number is not worth its digits: one of thousands would stop the reading of all that follows."""
_BETWEEN = " \t\r\n,"
_DECODER = json.JSONDecoder(strict=False, parse_int=lambda text: int(text) if len(text) < _MOST_DIGITS else float(text))


def read_elements(payload: bytes) -> list[Any]:
    """Read the elements of a JSON array, or the one object that the payload is.

    Raises: UnreadablePayload with one plain sentence when the bytes are something else.
    """
    text = payload.decode(json.detect_encoding(payload), errors="replace").strip()
    if not text:
        raise UnreadablePayload("the payload is empty")
    if text[0] not in "[{":
        kind = "an HTML page or XML" if text[0] == "<" else f"no JSON; it starts with {text[:_SHOWN]!r}"
        raise UnreadablePayload(f"the payload is {kind}, but this source speaks JSON")
    try:
        value = _DECODER.decode(text)
    except RecursionError as error:
        raise UnreadablePayload("the payload is nested too deeply") from error
    except ValueError as error:
        if text[0] == "{":
            raise UnreadablePayload(f"the payload is malformed JSON: {error}") from error
        return _up_to_the_break(text)
    return value if isinstance(value, list) else [value]


def _up_to_the_break(text: str) -> list[Any]:
    """Read the elements before the place where an array stops being JSON."""
    found, at = [], 1
    while True:
        while at < len(text) and text[at] in _BETWEEN:
            at += 1
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            reason = "the payload breaks off or is malformed here; what follows could not be read"
            found.append(RejectedRecord(identifier=find_arxiv_id(text[at : at + 2_000]), reason=reason))
            return found
        found.append(value)
