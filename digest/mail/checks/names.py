"""The DNS, as far as mail needs it: names -> plain strings. What is not there is an empty list."""

import ipaddress
from collections.abc import Iterable
from typing import Any

import dns.exception
import dns.name
import dns.resolver
import dns.reversename

TIMEOUT_S = 5.0  # for one question, all name servers together
NO_SUCH_THING = (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer)
NO_NAME = (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel, dns.name.BadEscape)
NO_NETWORK = (
    "No name server answers here, so nothing can be looked up: this machine has no network, or a firewall stands "
    "between. Run this where the mails are sent from, or name a server with --nameserver."
)


class NoNetwork(Exception):
    """No name server answers anything."""


class Silent(Exception):
    """The servers of one name do not answer, or answer that something is broken there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The name servers of {name} do not answer, or answer with an error.")
        self.remedy = (
            "Receiving servers see the same and put mails off. Look at the zone and its name servers; if they are "
            "well, try again in a minute."
        )


class Names:
    """Asks this machine's name servers, or the one that is given. Answers are remembered."""

    def __init__(self, *, nameserver: str = "", port: int = 53, timeout_s: float = TIMEOUT_S) -> None:
        """Prepare; nothing is asked yet. Raises: NoNetwork when this machine knows no name server."""
        try:
            self.resolver = dns.resolver.Resolver(configure=not nameserver)
        except dns.resolver.NoResolverConfiguration as error:
            raise NoNetwork(NO_NETWORK) from error
        if nameserver:
            self.resolver.nameservers, self.resolver.port = [nameserver], port
        self.resolver.lifetime, self.resolver.timeout = timeout_s, timeout_s / 2
        self.resolver.use_edns(0, 0, 1232)
        self.resolver.cache = dns.resolver.LRUCache()

    def refuse_without_network(self, *, domain: str) -> None:
        """Ask for a domain's and then for the root's name servers. Raises: NoNetwork when nobody answers."""
        for name in (domain, "."):
            try:
                self._ask(name, "NS")
            except Silent:
                continue
            return
        raise NoNetwork(NO_NETWORK)

    def texts(self, *, name: str) -> list[str]:
        """Read the TXT records of a name, each put together from its pieces. Raises: Silent, as all below."""
        records = self._ask(name, "TXT")
        return [b"".join(record.strings).decode("utf-8", "replace") for record in records]

    def addresses(self, *, name: str, family: int | None = None) -> list[str]:
        """Find the addresses of a host; of IP version 4 or 6 alone, if `family` says so."""
        wanted = {4: ("A",), 6: ("AAAA",), None: ("A", "AAAA")}[family]
        return [str(record.address) for kind in wanted for record in self._ask(name, kind)]

    def exchanges(self, *, name: str) -> list[str]:
        """Find the hosts that take a domain's mail, the preferred first; a domain that takes none has one empty one."""
        records = sorted(self._ask(name, "MX"), key=lambda record: record.preference)
        return [record.exchange.to_text(omit_final_dot=True).rstrip(".") for record in records]

    def pointers(self, *, ip: str) -> list[str]:
        """Find the names that an address says it has."""
        reverse = dns.reversename.from_address(ip).to_text()
        return [record.target.to_text(omit_final_dot=True).lower() for record in self._ask(reverse, "PTR")]

    def _ask(self, name: str, kind: str) -> list[Any]:
        try:
            return list(self.resolver.resolve(f"{name.rstrip('.')}.", kind))
        except NO_SUCH_THING:
            return []
        except NO_NAME:
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise Silent(name) from error


def same_address(*, ip: str, among: Iterable[str]) -> bool:
    """Tell whether an address is among others, however it is written."""
    return ipaddress.ip_address(ip) in {ipaddress.ip_address(other) for other in among}
