"""DMARC: whether the domain in From says what is to be done with forged mails, and whether ours fit it.

Source: RFC 7489. A policy is looked for from the domain upwards to the organisation's, as its successor does.
"""

from collections.abc import Iterator, Mapping

from digest.mail.checks.finding import Finding, fine, note, wrong
from digest.mail.checks.names import Names
from digest.mail.checks.organisation import organisation
from digest.mail.checks.sender import Sender
from digest.mail.checks.tags import read_tags

DMARC = "DMARC"
POLICIES = ("none", "quarantine", "reject")


def check(*, sender: Sender, names: Names) -> Iterator[Finding]:
    """Read the policy that holds for From, and compare From with the domains of SPF and DKIM."""
    at, records = _policy(sender.domain, names)
    if not records:
        remedy = f"Publish a TXT record at _dmarc.{sender.domain}: “v=DMARC1; p=none; rua=mailto:...” to begin with."
        yield wrong(DMARC, f"There is no DMARC record for {sender.domain}.", remedy)
        return
    if len(records) > 1:
        yield wrong(DMARC, f"There are {len(records)} DMARC records at _dmarc.{at}, so none counts.", "Leave one.")
        return
    tags = read_tags(text=records[0])
    yield from _tags(at, tags)
    yield from _alignment(sender, tags)


def _policy(domain: str, names: Names) -> tuple[str, list[str]]:
    """Find the nearest domain upwards that has a record. Returns: that domain and its records."""
    for at in _upwards(domain):
        if found := _records(at, names):
            return at, found
    return domain, []


def _records(domain: str, names: Names) -> list[str]:
    texts = names.texts(name=f"_dmarc.{domain}")
    return [text for text in texts if read_tags(text=text).get("v", "").upper() == "DMARC1"]


def _upwards(domain: str) -> Iterator[str]:
    """Name the domain and those above it, up to the organisation's; what is above that is nobody's own."""
    top = organisation(domain=domain)
    yield domain
    while domain != top and "." in domain:
        domain = domain.partition(".")[2]
        yield domain


def _tags(at: str, tags: Mapping[str, str]) -> Iterator[Finding]:
    policy = tags.get("p", "").lower()
    if policy not in POLICIES:
        said = f"says p={policy}" if policy else "has no p="
        yield wrong(DMARC, f"The DMARC record at _dmarc.{at} {said}.", f"Write p= and one of {', '.join(POLICIES)}.")
    else:
        yield fine(DMARC, f"The DMARC record at _dmarc.{at} says p={policy}.")
    if not tags.get("rua"):
        yield note(DMARC, "The DMARC record asks for no reports.", "Add rua=mailto: and an address, to see who forges.")


def _alignment(sender: Sender, tags: Mapping[str, str]) -> Iterator[Finding]:
    by_spf = aligned(one=sender.return_path, other=sender.domain, strict=_is_strict(tags, "aspf"))
    by_dkim = aligned(one=sender.dkim_domain, other=sender.domain, strict=_is_strict(tags, "adkim"))
    if by_spf and by_dkim:
        yield fine(DMARC, f"The domain in From ({sender.domain}) fits those of SPF and DKIM.")
    elif by_spf or by_dkim:
        domain, what = (sender.dkim_domain, "DKIM") if by_spf else (sender.return_path, "SPF")
        words = (
            f"The domain of {what} ({domain}) does not fit the one in From ({sender.domain}), so only the other counts."
        )
        yield note(DMARC, words, "Use one domain for both: then a mail that is passed on still has one proof.")
    else:
        yield wrong(
            DMARC,
            f"Neither the return path ({sender.return_path}) nor the signature ({sender.dkim_domain}) fits the domain "
            f"in From ({sender.domain}), so every mail fails DMARC.",
            f"Sign with {sender.domain}, or have bounces go to it: your provider calls it a custom domain.",
        )


def aligned(*, one: str, other: str, strict: bool) -> bool:
    """Tell whether two domains are the same, or, unless it is strict, of one organisation."""
    return one == other or (not strict and organisation(domain=one) == organisation(domain=other))


def _is_strict(tags: Mapping[str, str], name: str) -> bool:
    return tags.get(name, "r").lower() == "s"
