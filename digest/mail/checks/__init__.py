"""Is this sender welcome at mailboxes? What the world sees of our domain, host and links, and what is wrong with it.

Sender + Names (the DNS) -> Finding ... ; nothing is sent, and nothing is written.
"""

from collections.abc import Iterator

import httpx

from digest.mail.checks import dkim, dmarc, hosts, one_click, server, spf
from digest.mail.checks.finding import Finding, Level
from digest.mail.checks.names import Names, Silent
from digest.mail.checks.sender import Sender, sender_from_settings

__all__ = ["Finding", "Level", "Names", "Sender", "check_sender", "sender_from_settings"]


def check_sender(*, sender: Sender, names: Names, web: httpx.Client) -> Iterator[Finding]:
    """Look at everything that a receiving server looks at, and say what is right, what is wrong and what to do.

    Raises: NoNetwork when no name server answers at all.
    """
    names.refuse_without_network(domain=sender.domain)
    for part in (spf.check, dkim.check, dmarc.check, hosts.check):
        try:
            yield from part(sender=sender, names=names)
        except Silent as error:
            yield Finding(level=Level.WRONG, about="DNS", words=str(error), remedy=error.remedy)
    yield from server.check(sender=sender)
    yield from one_click.check(sender=sender, web=web)
