"""The one error tree: what went wrong, and whether trying again can help."""


class DigestError(Exception):
    """Say in one plain sentence what went wrong and what the operator can do."""


class TemporaryError(DigestError):
    """Trying again later can help: a time-out, a 429, a server that is down."""


class PermanentError(DigestError):
    """Trying again cannot help: bad bytes, a refusal, a wrong setting."""


class BadRequest(PermanentError):
    """The source calls the question itself wrong (400); another question it may answer."""


class UnknownSource(PermanentError):
    """No file of digest/sources goes by this name."""


class NothingToLearnFrom(PermanentError):
    """The interest or the paper that a reader spoke of is gone."""


class NotSaved(PermanentError):
    """A paper cannot be put aside, or is not aside any more; the sentence may be shown to the reader."""


class UnreadablePayload(PermanentError):
    """The bytes are in no format that this source knows; nothing in them could be read."""


class ErrorAnswer(UnreadablePayload):
    """The source answered with an error of its own; `code` is its word for it, e.g. "badResumptionToken"."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class AccessDenied(PermanentError):
    """The source told us to stop (403); no further request is made until a person lifts it."""


class EncoderUnavailable(PermanentError):
    """No text can be encoded here: no library, no such model, or its files are missing or damaged."""


class UnreadableTasteMap(PermanentError):
    """A stored taste map is damaged, or was written by another version."""
