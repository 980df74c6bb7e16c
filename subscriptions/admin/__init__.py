"""What staff may see of readers and do for them.

The page of a reader is registered by digest.admin, which adds the digests to it.
"""

from subscriptions.admin import records

__all__ = ["records"]
