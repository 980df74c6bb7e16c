"""The one place where a mail is put together: templates/email/<name>/ and a context -> a message ready to send."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.charset import QP, Charset
from email.utils import getaddresses, parseaddr
from functools import cache
from typing import Any
from uuid import uuid5

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.encoding import punycode

from subscriptions import tokens
from subscriptions.errors import InvalidAddress
from subscriptions.mail_bytes import subject_header
from subscriptions.marks import mark
from subscriptions.models import OutgoingMail
from subscriptions.text import clean_line

MAX_SUBJECT_CHARS = 120
QUOTED_PRINTABLE = Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = QP  # 8bit is recoded by some relays, which breaks DKIM signatures

_INDENT = re.compile(r"\n\s+")
_EMPTY_LINES = re.compile(r"\n{3,}")


class Mail(EmailMultiAlternatives):
    """A mail whose bytes pass every relay as they are."""

    encoding = QUOTED_PRINTABLE
    wire_parts: tuple[bytes, bytes] | None = None
    """The text part and the HTML part as they travel, where they were encoded beforehand; see mail_bytes.py."""

    def message(self, **options: Any) -> Any:
        """Write the MIME; a subject beyond ASCII in encoded words that are no longer than the standard allows."""
        message = super().message(**options)
        if not self.subject.isascii():
            message.replace_header("Subject", subject_header(subject=str(self.subject)))
        return message


def compose(
    *,
    template: str,
    context: Mapping[str, Any],
    to: str,
    message_id: str,
    headers: Mapping[str, str],
    metadata: Mapping[str, str] | None = None,
) -> EmailMultiAlternatives:
    """Put a mail together from the folder templates/email/<template>/: subject.txt, body.txt and body.html.

    `message_id` is what stands before the @: the same for every try to send one mail. `metadata` comes back with
    the provider's events, where the provider can do that.
    Raises: InvalidAddress when `to` is not exactly one address that mail servers everywhere take.
    """
    everywhere = {**site_words(), **context}
    subject = subject_line(words=render_to_string(f"email/{template}/subject.txt", everywhere))
    everywhere["subject"] = subject
    return assemble(
        kind=template,
        subject=subject,
        body=tidy_text(text=render_to_string(f"email/{template}/body.txt", everywhere)),
        html=with_styles(html=render_to_string(f"email/{template}/body.html", everywhere)),
        to=to,
        message_id=message_id,
        headers=headers,
        metadata=metadata,
    )


def assemble(
    *,
    kind: str,
    subject: str,
    body: str,
    html: str,
    to: str,
    message_id: str,
    headers: Mapping[str, str],
    metadata: Mapping[str, str] | None = None,
) -> Mail:
    """Put a mail together whose parts are written; see compose().

    Raises: InvalidAddress.
    """
    comes_back_to = _comes_back_to(message_id)
    message = Mail(
        from_email=comes_back_to or None,
        subject=subject,
        body=body,
        to=[_one_address(to)],
        headers={
            "Message-ID": f"<{message_id}@{sender_domain()}>",
            "Auto-Submitted": "auto-generated",
            **({"From": settings.DEFAULT_FROM_EMAIL} if comes_back_to else {}),
            **headers,
        },
    )
    message.attach_alternative(html, "text/html")
    mark(message=message, kind=kind, metadata=metadata or {})
    return message


def subject_line(*, words: str) -> str:
    """Cut a subject to what mail programs show, on one line."""
    return shortened(clean_line(words), MAX_SUBJECT_CHARS)


def tidy_text(*, text: str) -> str:
    """Leave no more than one empty line between two of a text part, and none around it."""
    return _EMPTY_LINES.sub("\n\n", text).strip() + "\n"


def build(*, mail: OutgoingMail, now: datetime) -> EmailMultiAlternatives:
    """Compose a mail about the subscription itself."""
    purpose, link = LINKS[mail.kind](mail)
    until = now + (tokens.LIFETIMES[purpose] or timedelta())
    return compose(
        template=mail.kind,
        context={
            "link": link,
            "until": f"{until.day} {until:%B %Y}",
            "unsubscribe_url": tokens.unsubscribe_url(subscriber=mail.subscriber),
        },
        to=mail.to or mail.subscriber.email,
        message_id=str(uuid5(mail.subscriber.public_id, f"{mail.kind} {mail.pk}")),
        headers={},
        metadata={"subscriber": str(mail.subscriber.public_id)},
    )


def return_address(*, message_id: str) -> str:
    """Answer the address that this one mail may come back to; empty without BOUNCE_ADDRESS."""
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{message_id}@{domain}" if domain else ""


def sender_domain() -> str:
    """Answer the domain that our mails come from, in ASCII."""
    return str(punycode(parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]))


def site_words() -> dict[str, str]:
    """Answer what every mail may say of the site."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "contact_email": settings.CONTACT_EMAIL,
        "postal_address": settings.POSTAL_ADDRESS,
    }


def shortened(text: str, limit: int) -> str:
    """Cut a text to at most `limit` characters, at a word's end where there is one near, and show that it was cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head.rsplit(maxsplit=1)[0] if not text[limit - 1].isspace() else head
    return (at_word if len(at_word) * 2 > limit else head).rstrip(" ,;:.–-") + "…"


def _comes_back_to(message_id: str) -> str:
    """Name the return path, where it is ours to name: over SMTP. Every other provider has one of its own."""
    return return_address(message_id=message_id) if settings.EMAIL_PROVIDER == "smtp" else ""


def _one_address(to: str) -> str:
    found = getaddresses([to])
    if len(found) != 1 or found[0][1] != to or "@" not in to or clean_line(to) != to:
        raise InvalidAddress("This is not exactly one address.")
    if not to.rpartition("@")[0].isascii():
        raise InvalidAddress("An address with letters beyond ASCII before the @ cannot be mailed everywhere.")
    return to


def with_styles(*, html: str) -> str:
    """Put the styles of email/style.css on the elements of a part."""
    return _inliner().inline(_INDENT.sub("\n", html))


@cache
def _inliner() -> css_inline.CSSInliner:
    """Prepare email/style.css once. What stands in a <style> of the mail itself (dark mode) stays there."""
    return css_inline.CSSInliner(
        inline_style_tags=False,
        keep_style_tags=True,
        load_remote_stylesheets=False,
        extra_css=render_to_string("email/style.css"),
    )


LINKS: dict[str, Callable[[OutgoingMail], tuple[str, str]]] = {
    OutgoingMail.Kind.CONFIRM: lambda mail: ("confirm", tokens.confirm_url(subscriber=mail.subscriber)),
    OutgoingMail.Kind.ALREADY: lambda mail: ("manage", tokens.manage_url(subscriber=mail.subscriber)),
    OutgoingMail.Kind.MANAGE: lambda mail: ("manage", tokens.manage_url(subscriber=mail.subscriber)),
    OutgoingMail.Kind.CHANGE: lambda mail: (
        "change",
        tokens.change_url(subscriber=mail.subscriber, new_email=mail.to),
    ),
    OutgoingMail.Kind.RETURN: lambda mail: ("return", tokens.return_url(subscriber=mail.subscriber)),
}
"""By kind of mail: the purpose of the link in it, and the link."""
