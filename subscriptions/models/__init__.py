"""Readers, what interests them, where they may be mailed, and the proof of their consent."""

from subscriptions.models.libraries import LibraryImport, LinkedLibrary, LinkedLibraryQuerySet
from subscriptions.models.readers import (
    MOST_PAPERS,
    Cadence,
    ConsentEvent,
    InterestProfile,
    InterestProfileQuerySet,
    LibraryPaper,
    LibraryPaperQuerySet,
    OutgoingMail,
    RateWindow,
    Subscriber,
    SubscriberQuerySet,
)
from subscriptions.models.stops import SoftBounce, SoftBounceQuerySet, Suppression, SuppressionQuerySet

__all__ = [
    "MOST_PAPERS",
    "Cadence",
    "ConsentEvent",
    "InterestProfile",
    "InterestProfileQuerySet",
    "LibraryImport",
    "LibraryPaper",
    "LibraryPaperQuerySet",
    "LinkedLibrary",
    "LinkedLibraryQuerySet",
    "OutgoingMail",
    "RateWindow",
    "SoftBounce",
    "SoftBounceQuerySet",
    "Subscriber",
    "SubscriberQuerySet",
    "Suppression",
    "SuppressionQuerySet",
]
