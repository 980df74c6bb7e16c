"""Where a mail is put together."""

import re
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage as Parsed
from email.policy import default
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist

from subscriptions.emails import MAX_SUBJECT_CHARS, build, compose, sender_domain, shortened
from subscriptions.errors import InvalidAddress
from subscriptions.mail_bytes import ENCODED_WORD_CHARS
from subscriptions.models import OutgoingMail, Subscriber
from tests.mailbox import body, links, wire_bytes

Kind = OutgoingMail.Kind


@pytest.fixture(autouse=True)
def site(settings: LazySettings) -> LazySettings:
    settings.SITE_NAME = "Postprint"
    settings.SITE_URL = "https://papers.example.org"
    settings.DEFAULT_FROM_EMAIL = "Postprint <digest@papers.example.org>"
    settings.POSTAL_ADDRESS = "12 Example Street, 10115 Berlin"
    return settings


def make(**fields: Any) -> EmailMultiAlternatives:
    """Compose a confirmation, unless a test wants something else."""
    context = {"link": "https://papers.example.org/confirm/x/", "until": "1 July 2026"}
    return compose(
        **{
            "template": "confirm",
            "context": context,
            "to": "ada@example.org",
            "message_id": "1",
            "headers": {},
            **fields,
        }
    )


def parsed(message: EmailMultiAlternatives) -> Parsed:
    """Read a mail as its receiver does."""
    return message_from_bytes(wire_bytes(message), policy=default)


def test_a_mail_is_text_first_and_both_parts_survive_any_relay() -> None:
    message = parsed(make())

    parts = list(message.iter_parts())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}
    assert {part.get_content_charset() for part in parts} == {"utf-8"}


def test_every_byte_is_ascii_and_no_line_is_too_long(site: LazySettings) -> None:
    site.SITE_NAME = "Πόστπριντ 大規模言語モデル " * 3

    raw = wire_bytes(make())

    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_a_long_subject_beyond_ascii_is_cut_into_words_that_the_standard_allows(site: LazySettings) -> None:
    site.SITE_NAME = "Self-Reflective Multimodal Généralisation of ÄÖÜ and a Real-World Story"

    message = make()

    head = wire_bytes(message).partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert max(map(len, re.findall(rb"=\?\S+\?=", head))) <= ENCODED_WORD_CHARS
    assert parsed(message)["Subject"] == message.subject


def test_its_id_is_given_so_that_a_second_try_is_known_for_what_it_is() -> None:
    assert parsed(make(message_id="abc"))["Message-ID"] == "<abc@papers.example.org>"


def test_it_says_that_no_person_wrote_it() -> None:
    assert parsed(make())["Auto-Submitted"] == "auto-generated"


def test_headers_of_one_mail_are_added() -> None:
    assert parsed(make(headers={"Precedence": "bulk"}))["Precedence"] == "bulk"


@pytest.mark.parametrize(
    "to",
    [
        "a@b.example.org, c@d.example.org",
        "Ada <ada@example.org>",
        "ada@example.org\r\nBcc: x@example.org",
        "ada@example.org\u2028",
        "",
        "nobody",
        "ädä@example.org",
    ],
)
def test_anything_but_one_plain_address_is_refused(to: str) -> None:
    with pytest.raises(InvalidAddress):
        make(to=to)


@pytest.mark.parametrize("to", ["ada+papers@example.org", '"a,b"@example.org', "o'neil@example.org"])
def test_an_odd_address_is_one_address(to: str) -> None:
    message = make(to=to)

    assert len(parsed(message)["To"].addresses) == 1


@pytest.mark.parametrize("mark", ["\r\nBcc: x@example.org", "\u2028x", "\x00", "\x0b", "\u202e", "\x85x"])
def test_no_name_writes_a_header(site: LazySettings, mark: str) -> None:
    site.SITE_NAME = f"Post{mark}print"

    message = parsed(make())

    assert message["Bcc"] is None
    assert not re.search(r"[\x00-\x1f\x85\u2028\u202e]", message["Subject"])


def test_a_subject_is_cut(site: LazySettings) -> None:
    site.SITE_NAME = "Long " * 100

    assert len(make().subject) <= MAX_SUBJECT_CHARS


def test_what_a_context_holds_is_escaped_in_the_html_and_plain_in_the_text(site: LazySettings) -> None:
    site.SITE_NAME = "R&D <b>"

    message = parsed(make())

    assert "R&amp;D &lt;b&gt;" in body(message, subtype="html")
    assert "R&D <b>" in body(message)


def test_the_domain_of_the_sender_is_written_in_ascii(site: LazySettings) -> None:
    site.DEFAULT_FROM_EMAIL = "Postprint <digest@bücher.example.org>"

    assert sender_domain() == "xn--bcher-kva.example.org"


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("short", 10, "short"),
        ("exactly10!", 10, "exactly10!"),
        ("eleven char", 10, "eleven…"),
        ("one two three", 8, "one two…"),
        ("unbreakablelongword", 10, "unbreakab…"),
        ("長い題名長い題名長い題名", 6, "長い題名長…"),
        ("ends here, and goes on", 12, "ends here…"),
    ],
)
def test_a_text_is_cut_at_a_words_end(text: str, limit: int, cut: str) -> None:
    assert shortened(text, limit) == cut
    assert len(cut) <= limit


def test_a_mail_without_a_folder_is_a_mistake_of_ours() -> None:
    with pytest.raises(TemplateDoesNotExist):
        make(template="no-such-mail")


@pytest.mark.django_db
class TestBuild:
    """Mails about the subscription itself."""

    @pytest.fixture
    def mail(self, make_reader: Callable[..., Subscriber], now: datetime) -> Callable[..., OutgoingMail]:
        """Write down a mail of one kind."""

        def write(kind: str, **fields: Any) -> OutgoingMail:
            reader = fields.pop("subscriber", None) or make_reader(email="ada@example.org")
            times = {"not_before": now, "created_at": now}
            return OutgoingMail.objects.create(subscriber=reader, kind=kind, **times, **fields)

        return write

    @pytest.mark.parametrize(
        ("kind", "path"),
        [
            (Kind.CONFIRM, "/confirm/"),
            (Kind.ALREADY, "/preferences/"),
            (Kind.MANAGE, "/preferences/"),
            (Kind.CHANGE, "/address/"),
        ],
    )
    def test_each_kind_has_its_link_in_both_parts(
        self, kind: str, path: str, mail: Callable[..., OutgoingMail], now: datetime
    ) -> None:
        message = parsed(build(mail=mail(kind, to="new@example.org" if kind == Kind.CHANGE else ""), now=now))

        link = links(message)[0]
        assert link.startswith(f"https://papers.example.org{path}")
        assert f'href="{link}"' in body(message, subtype="html")

    def test_it_goes_to_the_reader(self, mail: Callable[..., OutgoingMail], now: datetime) -> None:
        assert build(mail=mail(Kind.MANAGE), now=now).to == ["ada@example.org"]

    def test_a_change_of_address_goes_to_the_new_one(self, mail: Callable[..., OutgoingMail], now: datetime) -> None:
        message = build(mail=mail(Kind.CHANGE, to="new@example.org"), now=now)

        assert message.to == ["new@example.org"]
        assert "ada@" not in message.message().as_string()

    @pytest.mark.parametrize(("kind", "until"), [(Kind.CONFIRM, "16 June 2026"), (Kind.MANAGE, "9 July 2026")])
    def test_it_says_how_long_its_link_works(
        self, kind: str, until: str, mail: Callable[..., OutgoingMail], now: datetime
    ) -> None:
        message = parsed(build(mail=mail(kind), now=now))

        assert f"until {until}" in body(message)
        assert f"until {until}" in body(message, subtype="html")

    def test_two_tries_of_one_mail_have_one_id_and_two_mails_have_two(
        self, mail: Callable[..., OutgoingMail], now: datetime
    ) -> None:
        first = mail(Kind.CONFIRM)
        second = mail(Kind.CONFIRM, subscriber=first.subscriber)

        ids = [build(mail=row, now=now).extra_headers["Message-ID"] for row in (first, first, second)]

        assert ids[0] == ids[1] != ids[2]

    def test_a_confirmation_holds_nothing_but_the_way_to_confirm(
        self, mail: Callable[..., OutgoingMail], now: datetime
    ) -> None:
        message = parsed(build(mail=mail(Kind.CONFIRM), now=now))

        assert len(set(links(message))) == 1
        assert message["List-Unsubscribe"] is None


class TestReturnPath:
    """Each mail over SMTP may have a return path of its own."""

    def compose(self) -> EmailMultiAlternatives:
        """Put a mail together."""
        context = {"link": "", "until": "", "unsubscribe_url": ""}
        return compose(template="manage", context=context, to="a@example.org", message_id="7-7", headers={})

    def test_it_holds_the_mails_id_and_the_reader_sees_the_sender(self, settings: LazySettings) -> None:
        settings.EMAIL_PROVIDER, settings.BOUNCE_ADDRESS = "smtp", "bounces@papers.example.org"
        settings.DEFAULT_FROM_EMAIL = "Postprint <digest@papers.example.org>"

        mail = self.compose()

        assert mail.from_email == "bounces+7-7@papers.example.org"
        assert mail.message()["From"] == "Postprint <digest@papers.example.org>"

    @pytest.mark.parametrize(("provider", "address"), [("smtp", ""), ("mailgun", "bounces@papers.example.org")])
    def test_without_an_address_or_with_another_provider_it_is_the_senders(
        self, settings: LazySettings, provider: str, address: str
    ) -> None:
        settings.EMAIL_PROVIDER, settings.BOUNCE_ADDRESS = provider, address

        mail = self.compose()

        assert mail.from_email == settings.DEFAULT_FROM_EMAIL
        assert "From" not in mail.extra_headers
