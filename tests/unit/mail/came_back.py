"""Invented mails that came back: reports of servers, complaints of providers, replies of people and machines."""

from uuid import UUID

from django.conf import settings

from subscriptions.emails import sender_domain

BORDER = "=_border"


def bounce(
    *,
    status: str = "5.1.1",
    diagnosis: str = "smtp; 550 5.1.1 no such user",
    action: str = "failed",
    to: str = "who@example.org",
    about: UUID | None = None,
    report_id: str = "<1@mx.example.org>",
) -> bytes:
    """Write a delivery report (RFC 3464) of one recipient, with the headers of our mail where `about` names one."""
    fields = [f"Final-Recipient: rfc822; {to}", f"Action: {action}", f"Status: {status}"]
    fields += [f"Diagnostic-Code: {diagnosis}"] if diagnosis else []
    return _report(
        kind="delivery-status",
        subject="Undelivered Mail Returned to Sender",
        report_id=report_id,
        fields="Reporting-MTA: dns; mx.example.org\n\n" + "\n".join(fields),
        returned=_headers_of_ours(about, to),
    )


def complaint(
    *, about: UUID | None = None, to: str = "", what: str = "abuse", report_id: str = "<2@fbl.example.org>"
) -> bytes:
    """Write a feedback report (RFC 5965) with our mail's headers."""
    fields = [f"Feedback-Type: {what}", "User-Agent: Invented/1.0", "Version: 1"]
    fields += [f"Original-Rcpt-To: {to}"] if to else []
    return _report(
        kind="feedback-report",
        subject="FW: 3 new papers",
        report_id=report_id,
        fields="\n".join(fields),
        returned=_headers_of_ours(about, "redacted"),
    )


def prose(*, text: str, sender: str = "Mail Delivery System <MAILER-DAEMON@mx.example.org>", **headers: str) -> bytes:
    """Write a mail of one plain text, as old servers, vacations and people do."""
    lines = [f"From: {sender}", "To: digest@papers.example.org", "Message-ID: <3@mx.example.org>"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\n".join(lines) + "\nContent-Type: text/plain; charset=utf-8\n\n" + text).encode()


def _report(*, kind: str, subject: str, report_id: str, fields: str, returned: str) -> bytes:
    parts = [
        "Content-Type: text/plain; charset=us-ascii\n\nThis is a message from a machine.",
        f"Content-Type: message/{kind}\n\n{fields}",
        f"Content-Type: text/rfc822-headers\n\n{returned}",
    ]
    body = "".join(f"--{BORDER}\n{part}\n\n" for part in parts) + f"--{BORDER}--\n"
    head = [
        "Return-Path: <>",
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>",
        "To: digest@papers.example.org",
        f"Subject: {subject}",
        "Date: Tue, 09 Jun 2026 07:59:00 +0000",
        f"Message-ID: {report_id}",
        f'Content-Type: multipart/report; report-type={kind}; boundary="{BORDER}"',
        "MIME-Version: 1.0",
    ]
    return ("\n".join(head) + "\n\n" + body).encode()


def _headers_of_ours(about: UUID | None, to: str) -> str:
    ids = [f"Message-ID: <{about}@{sender_domain()}>"] if about else []
    return "\n".join([f"From: {settings.DEFAULT_FROM_EMAIL}", f"To: {to}", "Subject: 3 new papers", *ids])
