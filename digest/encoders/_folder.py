"""A folder with a model's files: whether they are there and whole, and a hash of which bytes they are."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

TOKENIZER = ("tokenizer.json", "tokenizer_config.json")
BESIDE = ("config.json", "special_tokens_map.json")  # read where they are there
VERSION_LENGTH = 12  # hexadecimal digits
READ_AT_ONCE = 1 << 20  # bytes
VARINT, BYTES = 0, 2  # kinds of fields: https://protobuf.dev/programming-guides/encoding/#structure
FIXED = {1: 8, 5: 4}  # bytes that the others take


def what_is_wrong(*, path: str, model: str) -> str:
    """Say which file is missing or damaged; empty when the folder looks whole.

    `model` is the name of the file with the weights, of which only the outline is read.
    """
    folder = Path(path)
    if not folder.is_dir():
        return f"there is no folder {path}"
    missing = [name for name in (model, *TOKENIZER) if not (folder / name).is_file()]
    if missing:
        return f"{path} holds no {' and no '.join(missing)}"
    try:
        broken = [name for name in TOKENIZER if not _is_json(folder / name)]
        broken += [] if _is_whole(folder / model) else [model]
    except OSError as error:
        return f"{path} cannot be read: {error.strerror or error}"
    return f"{path}: {' and '.join(broken)} cannot be read; copy it again" if broken else ""


def fingerprint(*, folder: Path, model: str, settings: Sequence[object]) -> str:
    """Hash the files of a model and how they are used.

    Raises: OSError when one cannot be read.
    """
    digest = hashlib.sha256(repr(tuple(settings)).encode())
    for name in (model, *TOKENIZER, *BESIDE):
        if (folder / name).is_file():
            digest.update(f"\n{name}\n".encode())
            with (folder / name).open("rb") as file:
                while block := file.read(READ_AT_ONCE):
                    digest.update(block)
    return digest.hexdigest()[:VERSION_LENGTH]


def _is_json(file: Path) -> bool:
    try:
        json.loads(file.read_bytes())
    except ValueError:
        return False
    return True


def _is_whole(file: Path) -> bool:
    """Go from field to field of the outermost message: a copy that broke off ends in the middle of one."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        at = 0
        while at < size:
            if not _skip_field(stream):
                return False
            at = stream.tell()
    return at == size > 0


def _skip_field(stream: BinaryIO) -> bool:
    """Step over one field; False where none can be."""
    tag = _varint(stream)
    if tag is None or not tag >> 3:
        return False
    kind = tag & 7
    if kind == VARINT:
        return _varint(stream) is not None
    length = _varint(stream) if kind == BYTES else FIXED.get(kind)
    if length is not None:
        stream.seek(length, 1)
    return length is not None


def _varint(stream: BinaryIO) -> int | None:
    """Read a number of seven bits a byte, the lowest first; None where there is none."""
    value = 0
    for shift in range(0, 70, 7):
        byte = stream.read(1)
        if not byte:
            return None
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    return None
