"""Hosts: whether the sending address has a name that leads back to it, and whether bounces and replies arrive."""

import ipaddress
from collections.abc import Iterator

from digest.mail.checks.finding import Finding, fine, note, wrong
from digest.mail.checks.names import Names, same_address
from digest.mail.checks.sender import Sender

REVERSE, MX = "Reverse DNS", "MX"
ASK_THE_HOSTER = "The hoster of the machine sets it, often in its panel."


def check(*, sender: Sender, names: Names) -> Iterator[Finding]:
    """Look at every sending address, and at the domains of the return path and of From."""
    if not sender.ips:
        yield note(REVERSE, "The name of the sending address was not checked: nobody said which it is.",
                   "Set SENDING_IPS, or give --ip, unless a provider sends for you.")  # fmt: skip
    for ip in sender.ips:
        yield _reverse(ip, names)
    for domain in dict.fromkeys((sender.return_path, sender.domain)):
        yield _exchange(domain, names)


def _reverse(ip: str, names: Names) -> Finding:
    pointers = names.pointers(ip=ip)
    if not pointers:
        remedy = f"Give {ip} the name of the sending host. {ASK_THE_HOSTER}"
        return wrong(REVERSE, f"{ip} has no name (PTR record), and large mailbox providers refuse such mail.", remedy)
    version = ipaddress.ip_address(ip).version
    for name in pointers:
        if same_address(ip=ip, among=names.addresses(name=name, family=version)):
            return fine(REVERSE, f"{ip} is {name}, and {name} is {ip}.")
    said = ", ".join(pointers)
    remedy = f"Add an {'A' if version == 4 else 'AAAA'} record for {said} that says {ip}, or name the address anew."
    return wrong(REVERSE, f"{ip} calls itself {said}, but that name does not lead back to {ip}.", remedy)


def _exchange(domain: str, names: Names) -> Finding:
    """Look where a domain's mail goes; without an MX record it goes to the domain's own address."""
    hosts = names.exchanges(name=domain)
    if hosts == [""]:
        return wrong(MX, f"{domain} says that it takes no mail (null MX), so bounces and replies are lost.",
                     "Point its MX record at a server that takes them.")  # fmt: skip
    if not hosts and names.addresses(name=domain):
        return note(MX, f"{domain} has no MX record, so its mail goes to its own address.", "Add an MX record.")
    if not hosts:
        return wrong(MX, f"{domain} has neither an MX record nor an address, so bounces and replies are lost.",
                     "Add an MX record that names a server which takes its mail.")  # fmt: skip
    dead = [host for host in hosts if not names.addresses(name=host)]
    if dead:
        remedy = "Correct the MX record, or give that name an address."
        return wrong(MX, f"Mail for {domain} should go to {', '.join(dead)}, which has no address.", remedy)
    return fine(MX, f"Mail for {domain} goes to {', '.join(hosts)}.")
