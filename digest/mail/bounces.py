"""A server's words on a mail that came back -> is the mailbox gone, or may the next mail arrive? Pure.

flufl.bounce finds the address in a hundred dialects, but calls a full mailbox and a blocked sender permanent, as the
sending server does. Only what speaks of the mailbox itself stops an address at once; the rest gets more chances.
"""

import re
from dataclasses import dataclass
from enum import Enum

MAX_WORDS = 4_000  # of a diagnosis; what comes after has never decided anything


class Weight(Enum):
    """What a returned mail says of the address that it was for."""

    HARD = "hard"
    """There is no such mailbox, and a second mail would come back as well."""
    SOFT = "soft"
    """This mail did not arrive; another one may: full, down, blocked, or refused for what it is."""
    DELAYED = "delayed"
    """The sending server has not given up."""
    ARRIVED = "arrived"
    """It arrived, or went on to a place that reports no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An enhanced status code (RFC 3463): 5.1.1 is class 5, subject 1, detail 1."""

    kind: str
    subject: str
    detail: str

    @property
    def is_general(self) -> bool:
        """Tell whether the code says no more than yes or no."""
        return self.detail == "0" and self.subject in {"0", "5"}


ARRIVED_ACTIONS = frozenset({"delivered", "relayed", "expanded"})
GONE_CODES = frozenset(
    {("1", "0"), ("1", "1"), ("1", "2"), ("1", "3"), ("1", "6"), ("1", "10"), ("4", "4"), ("7", "27")}
)
"""Mailbox or host is unknown, or moved; a domain that takes no mail (RFC 7505). Not 1.7 and 1.8: the sender."""
BARE_REFUSALS = frozenset({"550", "551", "553", "556"})
"""Replies (RFC 5321) that mean the mailbox when neither a status code nor a word says otherwise."""
SENDERS_FAULT = "7"
"""The subject of a status code that is about the mail or its sender, not about the mailbox."""

_STATUS = re.compile(r"(?<![\d.])(?P<kind>[245])\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.])(?P<code>[45][0-5]\d)(?=[\s\-:]|$)")
_GONE = re.compile(
    r"user ?unknown|unknown (?:user|recipient|local[- ]part|account|or illegal)|\bno such (?:user|mailbox|recipient|"
    r"address|person|account|domain|host)|recip(?:ient)?not ?found|"
    r"(?:user|mailbox|recipient|address|account|alias|host|domain|name)(?: name)?(?: \S+)?(?: is| was| are)?"
    r" (?:not (?:be )?(?:found|known|recogni[sz]ed|valid|exist)|unknown|(?:does|did) ?n[o'’]t exist|"
    r"invalid|closed|deleted)|"
    r"invalid (?:recipient|mailbox|address|user)|not (?:a valid|listed in|our customer)|"
    r"(?:host|domain) (?:unknown|not found)|unrout(?:e)?able|no longer (?:valid|in use|exists?|available|active|works|"
    r"employed|with|at)|has (?:moved|left)|does not exist|doesn'?t exist|no mailbox here|"
    r"recipient address rejected: access denied|address is possibly incorrect|"
    r"見つかりません|存在しません|n['’]existe pas|no existe|existiert nicht|nicht bekannt|utilisateur inconnu",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"mailbox(?: is)? ?full|mailfolder is full|over ?quota|quota (?:is )?exceed|exceed\S* (?:\S+ )?(?:quota|storage)|"
    r"(?:insufficient|not enough|out of) (?:disk|storage|system|space|mail)|容量|voll\b",
    re.IGNORECASE,
)
_REFUSED_FOR_WHAT_IT_IS = re.compile(
    r"spam|block(?:ed|list)|black ?list|reputation|polic(?:y|ies)|denied|not (?:allowed|permitted)|dmarc|\bspf\b|dkim|"
    r"authenti|relay|content|virus|reverse dns|\bptr\b|greylist|rate limit|too many|try again|temporar|"
    r"too (?:large|big)",
    re.IGNORECASE,
)


def weigh(*, action: str, status: str, words: str) -> Weight:
    """Decide what a server says of an address.

    `action` and `status` are the fields of a delivery report (RFC 3464), empty where there is none; `words` is the
    diagnosis. The receiving server's own code in it goes before the code that the sending server made of it.
    """
    if action.lower() in ARRIVED_ACTIONS:
        return Weight.ARRIVED
    if action.lower() == "delayed":
        return Weight.DELAYED
    words = " ".join(words[:MAX_WORDS].split())
    codes = [*codes_in(text=words), *codes_in(text=status)]
    if any(code.kind == "4" for code in codes) or _for_now(codes, words):
        return Weight.SOFT
    return Weight.HARD if _is_gone(codes, words) else Weight.SOFT


def codes_in(*, text: str) -> list[Code]:
    """Find the enhanced status codes in a text, in their order."""
    return [Code(kind=hit["kind"], subject=hit["subject"], detail=hit["detail"]) for hit in _STATUS.finditer(text)]


def says_failure(*, text: str) -> bool:
    """Tell whether a text holds a code or a word that speaks of a mail that did not arrive."""
    refused = any(code.kind != "2" for code in codes_in(text=text))
    return bool(refused or _REPLY.search(text) or _GONE.search(text) or _FULL.search(text))


def _for_now(codes: list[Code], words: str) -> bool:
    reply = _REPLY.search(words)
    if not codes and reply is not None and reply["code"].startswith("4"):
        return True
    return any((code.subject, code.detail) == ("2", "2") for code in codes) or _FULL.search(words) is not None


def _is_gone(codes: list[Code], words: str) -> bool:
    if _GONE.search(words):
        return True
    telling = [code for code in codes if not code.is_general]
    if telling:
        about_sender = any(code.subject == SENDERS_FAULT and code.detail != "27" for code in telling)
        return not about_sender and any((code.subject, code.detail) in GONE_CODES for code in telling)
    reply = _REPLY.search(words)
    return reply is not None and reply["code"] in BARE_REFUSALS and not _REFUSED_FOR_WHAT_IT_IS.search(words)
