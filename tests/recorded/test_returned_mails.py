"""Real bounces, complaints and replies: each classified as it should be, no reply taken for a bounce."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.mail.bounces import Weight
from digest.mail.reports import Kind, read

NOTHING: frozenset[str] = frozenset()
SOFT, HARD = frozenset({Weight.SOFT.value}), frozenset({Weight.HARD.value})
COMPLAINT = frozenset({Kind.COMPLAINT.value})
BOUNCES = {
    "flanker_delayed": SOFT,
    "flanker_gmail-invalid-address": HARD,
    "flanker_mailbox-full": SOFT,
    "is-not-bounce-01": NOTHING,
    "lhost-amazonses-01": SOFT,  # 5.7.1, access denied: the sender is unwelcome
    "lhost-amazonses-05": HARD,
    "lhost-domino-02": HARD,  # in Japanese
    "lhost-exchange2003-01": HARD,
    "lhost-exchange2007-01": HARD,
    "lhost-exim-01": SOFT,  # 5.7.0, use the server of your provider
    "lhost-googlegroups-01": SOFT,  # there is no such group, or it takes no mail from us
    "lhost-mimecast-01": HARD,
    "lhost-opensmtpd-01": HARD,
    "lhost-outlook-01": SOFT,
    "lhost-postfix-01": HARD,
    "lhost-postfix-04": HARD,
    "lhost-qmail-01": HARD,
    "lhost-sendmail-01": HARD,
    "lhost-sendmail-02": HARD,
    "rfc3464-01": HARD,
    "rfc3464-03": SOFT,
    "rfc3464-04": SOFT,  # the mailbox's own filter broke
    "rfc3464-06": HARD,
    "rfc3464-07": frozenset({Weight.DELAYED.value}),
    "rfc3464-08": SOFT,
    "rfc3834-01": NOTHING,
    "rfc3834-02": NOTHING,
}
FEEDBACK = {
    **dict.fromkeys(("arf-01", "arf-11", "arf-14", "arf-16", "arf-22", "arf-24"), COMPLAINT),
    **dict.fromkeys(("arf-18", "arf-20"), frozenset({Kind.NO_COMPLAINT.value})),  # failed DMARC checks
    "arf-26": frozenset({Kind.LEAVE.value}),
}


def found(path: Path) -> frozenset[str]:
    """Read what a recorded mail reports."""
    reports = read(raw=path.read_bytes(), domain="papers.example.org")
    return frozenset(report.weight.value if report.weight else report.kind.value for report in reports)


def table(folder: Path, expected: dict[str, frozenset[str]]) -> Iterator[str]:
    """Write one line for each recording: what it is, what was found."""
    for path in sorted(folder.glob("*.eml")):
        want, got = expected.get(path.stem), found(path)
        words = [", ".join(sorted(kinds or ())) or "nothing" for kinds in (want, got)]
        yield f"{'right' if want == got else 'WRONG'}  {path.stem:32} is {words[0]:13} read as {words[1]}"


@pytest.mark.parametrize(("folder", "expected"), [("dsn", BOUNCES), ("arf", FEEDBACK)])
def test_every_recorded_mail_is_read_as_what_it_is(
    recordings: Path, folder: str, expected: dict[str, frozenset[str]]
) -> None:
    lines = list(table(recordings / folder, expected))

    print("\n".join(lines))
    assert len(lines) == len(expected)
    assert [line for line in lines if line.startswith("WRONG")] == []


def test_a_mail_is_read_alike_with_other_line_ends(recordings: Path) -> None:
    for path in sorted([*(recordings / "dsn").glob("*.eml"), *(recordings / "arf").glob("*.eml")]):
        unix = path.read_bytes().replace(b"\r\n", b"\n")

        alike = [read(raw=raw, domain="example.org") for raw in (unix, unix.replace(b"\n", b"\r\n"))]

        assert [[report.weight for report in reports] for reports in alike] == [[r.weight for r in alike[0]]] * 2
