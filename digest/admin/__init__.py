"""What staff may see and do: papers, digests, deliveries, sources, and the readers with all of it around them."""

from digest.admin import deliveries, digests, feedback, papers, readers, sending, sources, waits

__all__ = ["deliveries", "digests", "feedback", "papers", "readers", "sending", "sources", "waits"]
