"""Mails that came back, read: what reports and what does not."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.mail.bounces import Weight
from digest.mail.reports import MAX_BYTES, Kind, Report, read
from subscriptions.emails import sender_domain
from tests.unit.mail.came_back import bounce, complaint, prose


def read_ours(raw: bytes) -> tuple[Report, ...]:
    """Read a mail as that of our own domain."""
    return read(raw=raw, domain=sender_domain())


def only(raw: bytes) -> Report:
    """Read a mail that reports one thing."""
    (report,) = read_ours(raw)
    return report


def test_a_delivery_report_names_whom_why_and_which_mail() -> None:
    about = uuid4()

    report = only(bounce(about=about, to="ada@example.org"))

    assert (report.kind, report.weight, report.recipient) == (Kind.BOUNCE, Weight.HARD, "ada@example.org")
    assert (report.our_ids, report.status) == ((about,), "5.1.1")


def test_a_return_address_with_our_id_names_the_mail_where_nothing_else_does() -> None:
    about = uuid4()
    raw = bounce().replace(b"To: digest@papers.example.org", f"To: bounces+{about}@papers.example.org".encode())

    assert only(raw).our_ids == (about,)


def test_an_id_of_another_domain_is_not_ours() -> None:
    raw = bounce(about=uuid4()).replace(sender_domain().encode(), b"other.example.net")

    assert only(raw).our_ids == ()


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("abuse", Kind.COMPLAINT),
        ("fraud", Kind.COMPLAINT),
        ("opt-out", Kind.LEAVE),
        ("not-spam", Kind.NO_COMPLAINT),
        ("auth-failure", Kind.NO_COMPLAINT),
    ],
)
def test_a_feedback_report_is_a_complaint_by_its_type(what: str, kind: Kind) -> None:
    assert only(complaint(what=what)).kind is kind


def test_a_request_to_leave_carries_the_id_that_our_header_gave() -> None:
    about = UUID(int=7)

    report = only(prose(text="please", sender="Ada <ada@example.org>", Subject=f"unsubscribe {about}"))

    assert (report.kind, report.our_ids, report.recipient) == (Kind.LEAVE, (about,), "ada@example.org")


def test_a_mail_to_the_address_that_our_header_gives_for_leaving_asks_to_leave_whatever_it_says() -> None:
    about = uuid4()
    raw = prose(text="", sender="Ada <ada@example.org>", Subject="", Delivered_To=f"bounces+u{about.hex}@example.org")

    report = only(raw)

    assert (report.kind, report.our_ids) == (Kind.LEAVE, (about,))


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("<ada@example.org>:\n550 no such user here", Weight.HARD),
        ("Could not deliver to ada@example.org: mailbox full", Weight.SOFT),
        (
            "<ada@example.org>: 550 5.7.1 blocked\n\n--- Below is a copy of it\nSubject: user unknown",
            Weight.SOFT,
        ),
    ],
)
def test_a_report_in_prose_is_read_down_to_the_copy_of_our_mail(text: str, weight: Weight) -> None:
    report = only(prose(text=text, Subject="failure notice"))

    assert (report.weight, report.recipient) == (weight, "ada@example.org")


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("I am away until Monday. 550 mails wait.", {"Subject": "Out of office", "Auto_Submitted": "auto-replied"}),
        ("I have left.", {"Return_Path": "<>", "X_Auto_Response_Suppress": "All", "Subject": "Automatic reply"}),
        ("Please click to prove that you are a person.", {"Return_Path": "<>", "Subject": "Confirm your mail"}),
        ("550 5.1.1 user unknown is what I got. Why?", {"Subject": "Re: 3 new papers"}),
        ("", {"Subject": ""}),
    ],
    ids=["vacation", "gone, says a reply", "challenge", "person", "empty"],
)
def test_what_people_and_their_programs_answer_reports_nothing(text: str, headers: dict[str, str]) -> None:
    assert read_ours(prose(text=text, sender="Ada <ada@example.org>", **headers)) == ()


def test_a_report_that_a_person_forwards_reports_nothing() -> None:
    forwarded = (
        b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
    )

    assert read_ours(forwarded + bounce(about=uuid4()) + b"\n--b--\n") == ()


def test_a_copy_with_another_trace_and_other_line_ends_has_the_same_name() -> None:
    raw = bounce()
    copy = b"Received: by mx2.example.org; Tue, 09 Jun 2026 08:00:00 +0000\r\n" + raw.replace(b"\n", b"\r\n")

    assert only(raw).report_id == only(copy).report_id
    nameless = raw.replace(b"Message-ID: <1@mx.example.org>\n", b"")
    assert only(nameless).report_id == only(nameless.replace(b"\n", b"\r\n")).report_id


@pytest.mark.parametrize("cut", [40, 300, 500, 700, 800])
def test_a_report_that_breaks_off_is_read_as_far_as_it_goes(cut: int) -> None:
    assert len(read_ours(bounce(about=uuid4())[:cut])) <= 1


def test_a_huge_report_is_read_from_its_beginning() -> None:
    about = uuid4()

    report = only(bounce(about=about) + b"x" * (3 * MAX_BYTES))

    assert report.our_ids == (about,)


@given(raw=st.binary(max_size=400))
def test_no_bytes_whatever_raise(raw: bytes) -> None:
    read(raw=raw, domain="papers.example.org")
    read(raw=bounce()[:600] + raw, domain="papers.example.org")
    read(raw=b"Content-Type: text/plain; charset=" + raw, domain="papers.example.org")
