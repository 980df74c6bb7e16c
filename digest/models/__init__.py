"""Papers and how they were seen; digests, the papers in them, and the ledger of their delivery."""

from digest.models.deliveries import Delivery, DeliveryEvent
from digest.models.digests import Digest, DigestItem
from digest.models.papers import Paper, PaperIdentifier, PaperQuerySet, PaperSignal, PaperVersion
from digest.models.sources import FetchedPage, IngestRun, SourceGate

__all__ = [
    "Delivery",
    "DeliveryEvent",
    "Digest",
    "DigestItem",
    "FetchedPage",
    "IngestRun",
    "Paper",
    "PaperIdentifier",
    "PaperQuerySet",
    "PaperSignal",
    "PaperVersion",
    "SourceGate",
]
