"""SPF: which servers may send for the domain that bounces go to. Source: RFC 7208."""

import ipaddress
from collections.abc import Iterator

from digest.mail.checks.finding import Finding, fine, note, wrong
from digest.mail.checks.names import Names, same_address
from digest.mail.checks.sender import Sender
from digest.mail.checks.spf_macros import NotKnown, expand
from digest.mail.checks.spf_terms import ASK_THE_DNS, BadRecord, Record, Term, is_spf, network, parse

SPF = "SPF"
MOST_LOOKUPS, MOST_EMPTY, MOST_EXCHANGES = 10, 2, 10  # RFC 7208, section 4.6.4
NOBODY = ("192.0.2.1", "2001:db8::1")  # addresses for documentation: a record that lets these send lets everybody
RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


def check(*, sender: Sender, names: Names) -> Iterator[Finding]:
    """Read the record of the return path's domain, walk through all it leads to, and try our own addresses on it."""
    domain = sender.return_path
    try:
        record = read(domain=domain, names=names)
        n_lookups = _Walk(names).count(domain=domain)
    except BadRecord as error:
        yield wrong(SPF, f"The SPF record of {domain} is invalid: {error}.", "Mend it: receiving servers ignore it so.")
        return
    if record is None:
        yield wrong(
            SPF,
            f"{domain} has no SPF record.",
            f"Publish a TXT record at {domain}, such as “v=spf1 mx -all”, that names every server that sends for it.",
        )
        return
    yield from _size(domain, n_lookups)
    yield from _openness(domain, record, names)
    yield from _own_addresses(sender, names)


def read(*, domain: str, names: Names) -> Record | None:
    """Read a domain's SPF record. Raises: BadRecord when there are several, or it cannot be read."""
    found = [text for text in names.texts(name=domain) if is_spf(text=text)]
    if len(found) > 1:
        raise BadRecord(f"{domain} has {len(found)} SPF records, and only one may be there")
    return parse(text=found[0]) if found else None


def result(*, domain: str, ip: str, names: Names) -> str:
    """Decide what a receiving server makes of an address: pass, fail, softfail, neutral, none.

    Raises: BadRecord where it would give up.
    """
    return _Walk(names, sender=domain).result(domain=domain, ip=ip)


def _size(domain: str, n_lookups: int) -> Iterator[Finding]:
    if n_lookups > MOST_LOOKUPS:
        yield wrong(
            SPF,
            f"The SPF record of {domain} needs {n_lookups} lookups, and receiving servers stop at {MOST_LOOKUPS}.",
            "Take out includes that are not needed, or write addresses (ip4:, ip6:) in their place.",
        )


def _openness(domain: str, record: Record, names: Names) -> Iterator[Finding]:
    if any(_passes(domain, ip, names) for ip in NOBODY):
        remedy = "End the record with “-all” or “~all”, and look at what it includes: spammers use such domains."
        yield wrong(SPF, f"The SPF record of {domain} lets every server of the world send (“+all”).", remedy)
    elif not record.ends_with_all and not record.redirect:
        yield note(SPF, f"The SPF record of {domain} says nothing of other servers.", "End it with “-all” or “~all”.")
    elif record.ends_with_all and record.terms[-1].sign == "?":
        yield note(
            SPF, f"The SPF record of {domain} is neutral on other servers (“?all”).", "Make it “-all” or “~all”."
        )
    if record.unread:
        words = " ".join(record.unread)
        yield wrong(SPF, f"In the SPF record of {domain}, “{words}” stands after “all”, where nobody reads it.",
                    "Move it before “all”.")  # fmt: skip
    if any(term.kind == "ptr" for term in record.terms):
        yield note(
            SPF, f"The SPF record of {domain} uses “ptr”, which receiving servers may ignore.", "Name addresses."
        )


def _passes(domain: str, ip: str, names: Names) -> bool:
    try:
        return result(domain=domain, ip=ip, names=names) == "pass"
    except BadRecord:
        return False


def _own_addresses(sender: Sender, names: Names) -> Iterator[Finding]:
    domain = sender.return_path
    if not sender.ips:
        yield note(
            SPF,
            f"{domain} has an SPF record; whether it names the servers that send for us was not checked.",
            "Set SENDING_IPS, or give --ip, to have it checked; a provider's manual says what to include.",
        )
    for ip in sender.ips:
        try:
            found = result(domain=domain, ip=ip, names=names)
        except BadRecord as error:
            yield wrong(SPF, f"For {ip}, the SPF record of {domain} leads to an error: {error}.", "Mend or remove it.")
            continue
        if found == "pass":
            yield fine(SPF, f"{ip} may send for {domain}.")
        else:
            remedy = f"Add ip{ipaddress.ip_address(ip).version}:{ip} to the record, or send from another address."
            yield wrong(SPF, f"The SPF record of {domain} does not let {ip} send: {found}.", remedy)


class _Walk:
    """One way through a record and what it includes, counting as a receiving server does."""

    def __init__(self, names: Names, *, sender: str = "") -> None:
        self.names = names
        self.sender = sender
        self.lookups = 0
        self.n_empty = 0

    def count(self, *, domain: str) -> int:
        """Count the lookups of the whole record, as for an address that matches only at its end."""
        record = read(domain=domain, names=self.names)
        for word, target in _questions(record):
            self.lookups += 1
            if self.lookups > MOST_LOOKUPS * 2:  # an include in a circle has no end
                return self.lookups
            if word in {"include", "redirect"} and "%" not in target:
                self._refuse_without_record(target)
                self.count(domain=target)
        return self.lookups

    def result(self, *, domain: str, ip: str) -> str:
        record = read(domain=domain, names=self.names)
        if record is None:
            return "none"
        for term in record.terms:
            self._spend(term.kind)
            if self._matches(term, domain, ip):
                return RESULTS[term.sign]
        if not record.redirect:
            return "neutral"
        self._spend("redirect")
        try:
            target = self._named(record.redirect, domain, ip)
        except NotKnown:
            return "neutral"
        self._refuse_without_record(target)
        return self.result(domain=target, ip=ip)

    def _named(self, target: str, domain: str, ip: str) -> str:
        if not target:
            return domain
        return expand(text=target, domain=domain, sender=self.sender, ip=ip) if "%" in target else target

    def _spend(self, kind: str) -> None:
        self.lookups += kind in ASK_THE_DNS
        if self.lookups > MOST_LOOKUPS:
            raise BadRecord(f"it needs more than {MOST_LOOKUPS} lookups")

    def _refuse_without_record(self, domain: str) -> None:
        if read(domain=domain, names=self.names) is None:
            raise BadRecord(f"it leads to {domain}, which has no SPF record")

    def _matches(self, term: Term, domain: str, ip: str) -> bool:
        try:
            target, version = self._named(term.target, domain, ip), ipaddress.ip_address(ip).version
        except NotKnown:
            return False  # it lets some mails pass, and which, nobody can say here
        match term.kind:
            case "all":
                return True
            case "ip4" | "ip6":
                return ipaddress.ip_address(ip) in network(term=term)
            case "include":
                self._refuse_without_record(target)
                return self.result(domain=target, ip=ip) == "pass"
            case "exists":
                return bool(self._found(target, 4))
            case "a":
                return _is_near(ip, self._found(target, version), term)
            case "mx":
                return any(_is_near(ip, self._found(host, version), term) for host in self._exchanges(target))
        return any(same_address(ip=ip, among=self._found(host, version)) for host in self.names.pointers(ip=ip))

    def _found(self, host: str, version: int) -> list[str]:
        found = self.names.addresses(name=host, family=version)
        if not found and not self.names.addresses(name=host):
            self._note_empty(host)
        return found

    def _exchanges(self, domain: str) -> list[str]:
        hosts = self.names.exchanges(name=domain)
        if not hosts:
            self._note_empty(domain)
        if len(hosts) > MOST_EXCHANGES:
            raise BadRecord(f"{domain} has more than {MOST_EXCHANGES} mail servers for one “mx”")
        return hosts

    def _note_empty(self, name: str) -> None:
        self.n_empty += 1
        if self.n_empty > MOST_EMPTY:
            raise BadRecord(f"it asks for more than {MOST_EMPTY} names that are not there, the last being {name}")


def _questions(record: Record | None) -> Iterator[tuple[str, str]]:
    if record is not None:
        yield from ((term.kind, term.target) for term in record.terms if term.kind in ASK_THE_DNS)
        if record.redirect:
            yield "redirect", record.redirect


def _is_near(ip: str, addresses: list[str], term: Term) -> bool:
    length = term.four if ipaddress.ip_address(ip).version == 4 else term.six
    return any(
        ipaddress.ip_address(ip) in ipaddress.ip_network(f"{address}/{length}", strict=False) for address in addresses
    )
