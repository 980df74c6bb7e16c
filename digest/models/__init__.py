"""Papers and how they were seen; digests, the ledger of their delivery, and what readers said of papers."""

from digest.models.deliveries import Delivery, DeliveryEvent
from digest.models.digests import Digest, DigestItem
from digest.models.feedback import Feedback
from digest.models.papers import Paper, PaperIdentifier, PaperQuerySet, PaperSignal, PaperVersion
from digest.models.sources import FetchedPage, IngestRun, SourceGate

__all__ = [
    "Delivery",
    "DeliveryEvent",
    "Digest",
    "DigestItem",
    "Feedback",
    "FetchedPage",
    "IngestRun",
    "Paper",
    "PaperIdentifier",
    "PaperQuerySet",
    "PaperSignal",
    "PaperVersion",
    "SourceGate",
]
