"""Files that people send us: never more of one is taken in than a list of papers may have."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from digest.library import MOST_BYTES


class Bounded(FileUploadHandler):
    """Let no more of a file through than one byte over MOST_BYTES, which tells whoever reads it that it is too large.

    The rest is taken from the connection and dropped, so that the browser gets an answer instead of a reset.
    """

    _let_through = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin to count anew with each file."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type] # handed on as they came
        self._let_through = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 - Django's signature
        """Hand on what still fits."""
        room = MOST_BYTES + 1 - self._let_through
        kept = raw_data[:room] if room > 0 else b""
        self._let_through += len(kept)
        return kept or None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":  # noqa: ARG002 - Django's signature
        """Leave the making of the file to the next handler."""
        return None
