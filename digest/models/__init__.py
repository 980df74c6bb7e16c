"""Papers, how they were seen and what they mean; digests, their delivery, and what readers said of papers."""

from digest.models.deliveries import Delivery, DeliveryEvent
from digest.models.digests import Digest, DigestItem
from digest.models.feedback import Feedback
from digest.models.papers import Paper, PaperIdentifier, PaperQuerySet, PaperSignal, PaperVersion
from digest.models.saved import SavedPaper
from digest.models.sending import SendingStop
from digest.models.sources import FetchedPage, IngestRun, SourceGate
from digest.models.taste import FittedTaste
from digest.models.vectors import EncoderState, PaperVector, ProfileVector
from digest.models.words import PaperWords

__all__ = [
    "Delivery",
    "DeliveryEvent",
    "Digest",
    "DigestItem",
    "EncoderState",
    "Feedback",
    "FetchedPage",
    "FittedTaste",
    "IngestRun",
    "Paper",
    "PaperIdentifier",
    "PaperQuerySet",
    "PaperSignal",
    "PaperVector",
    "PaperVersion",
    "PaperWords",
    "ProfileVector",
    "SavedPaper",
    "SendingStop",
    "SourceGate",
]
