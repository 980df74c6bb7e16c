"""One SPF record -> its terms, or what is wrong with its spelling. Pure. Source: RFC 7208, sections 4.6 and 12."""

import ipaddress
import re
from dataclasses import dataclass

VERSION = "v=spf1"
_MECHANISM = re.compile(r"(?P<sign>[+~?-]?)(?P<kind>[A-Za-z][A-Za-z0-9_.-]*)(?P<rest>[:/].*)?", re.ASCII)
_MODIFIER = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_.-]*)=(?P<value>.*)", re.ASCII)
_LENGTHS = re.compile(r"(?P<target>.*?)(?:/(?P<four>\d{1,3}))?(?://(?P<six>\d{1,3}))?")

KINDS = frozenset({"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})
ASK_THE_DNS = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
"""What counts against the ten lookups that a receiving server makes at most."""


class BadRecord(Exception):
    """A record, or one that it leads to, that receiving servers will not go on with (permerror)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word of a record. `sign` is one of + - ~ ?; `four` and `six` are lengths of prefixes."""

    kind: str
    sign: str = "+"
    target: str = ""
    four: int = 32
    six: int = 128
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The terms up to the first `all`, the target of `redirect` where it counts, and words that stand after `all`."""

    terms: tuple[Term, ...]
    redirect: str
    unread: tuple[str, ...]

    @property
    def ends_with_all(self) -> bool:
        """Tell whether the record has a word for everybody else."""
        return bool(self.terms) and self.terms[-1].kind == "all"


def is_spf(*, text: str) -> bool:
    """Tell whether a TXT record is an SPF record."""
    return text.lower() == VERSION or text.lower().startswith(f"{VERSION} ")


def parse(*, text: str) -> Record:
    """Read a record. Raises: BadRecord with the word that cannot be read."""
    terms: list[Term] = []
    unread: list[str] = []
    redirect = ""
    for word in text[len(VERSION) :].split():
        modifier = _MODIFIER.fullmatch(word)
        if modifier:
            redirect = modifier["value"] if modifier["name"].lower() == "redirect" else redirect
        elif terms and terms[-1].kind == "all":
            unread.append(word)
        else:
            terms.append(_term(word))
    has_all = bool(terms) and terms[-1].kind == "all"
    return Record(terms=tuple(terms), redirect="" if has_all else redirect, unread=tuple(unread))


def _term(word: str) -> Term:
    found = _MECHANISM.fullmatch(word)
    kind = found["kind"].lower() if found else ""
    if found is None or kind not in KINDS:
        raise BadRecord(f"it holds “{word}”, which is no word of SPF")
    rest = found["rest"] or ""
    term = Term(kind=kind, sign=found["sign"] or "+", target=rest.removeprefix(":"), text=word)
    if kind in {"ip4", "ip6"}:
        _ = network(term=term)
        return term
    if kind in {"a", "mx"}:
        return _with_lengths(term)
    if kind in {"include", "exists"} and not term.target:
        raise BadRecord(f"“{word}” does not say of which domain")
    return term


def _with_lengths(term: Term) -> Term:
    found = _LENGTHS.fullmatch(term.target)
    four, six = int((found and found["four"]) or 32), int((found and found["six"]) or 128)
    if found is None or four > 32 or six > 128:
        raise BadRecord(f"“{term.text}” has a prefix that no address has")
    return Term(kind=term.kind, sign=term.sign, target=found["target"], four=four, six=six, text=term.text)


def network(*, term: Term) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Read the addresses of an `ip4` or `ip6`. Raises: BadRecord when they are none."""
    try:
        if term.kind == "ip4":
            return ipaddress.IPv4Network(term.target, strict=False)
        return ipaddress.IPv6Network(term.target, strict=False)
    except ValueError:
        raise BadRecord(f"“{term.text}” is no {'IPv4' if term.kind == 'ip4' else 'IPv6'} address or network") from None
