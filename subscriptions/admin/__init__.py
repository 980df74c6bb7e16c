"""What staff may see of readers and do for them. The reader's own page is registered by digest.admin, which adds to it."""

from subscriptions.admin import records

__all__ = ["records"]
