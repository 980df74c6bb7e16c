"""What staff may see and do: papers, digests, deliveries, sources, and the readers with all of it around them."""

from digest.admin import digests, papers, readers

__all__ = ["digests", "papers", "readers"]
