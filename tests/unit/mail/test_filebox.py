"""The folder of sent mails, read as a mail program would; nothing in it can break the list or lead out of it."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from digest.mail.filebox import MAX_BYTES, NoSuchMail, how_many, newest_first, read_letter

NAME = "20260609T080000000000Z-a.eml"


def mail(*, subject: str = "Three new papers", html: str = "<p>Ärger &amp; Öl</p>") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Postprint <digest@example.org>"
    message["To"] = "ada@example.org"
    message["Date"] = "Tue, 09 Jun 2026 08:00:00 +0000"
    message["Subject"] = subject
    message.set_content("Ärger und Öl\n")
    if html:
        message.add_alternative(html, subtype="html")
    return message


def put(folder: Path, name: str, content: bytes | EmailMessage) -> None:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.as_bytes())


def test_the_newest_mail_stands_first(tmp_path: Path) -> None:
    put(tmp_path, "20260609T080000000000Z-a.eml", mail(subject="Older"))
    put(tmp_path, "20260610T080000000000Z-b.eml", mail(subject="Newer"))

    listed = newest_first(folder=tmp_path, most=10)

    assert [envelope.subject for envelope in listed] == ["Newer", "Older"]


def test_no_more_are_read_than_asked_for(tmp_path: Path) -> None:
    for number in range(5):
        put(tmp_path, f"2026060{number}T080000000000Z-a.eml", mail())

    assert len(list(newest_first(folder=tmp_path, most=3))) == 3
    assert how_many(folder=tmp_path) == 5


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert list(newest_first(folder=tmp_path / "none", most=10)) == []
    assert how_many(folder=tmp_path / "none") == 0


def test_a_letter_opens_into_its_parts(tmp_path: Path) -> None:
    put(tmp_path, NAME, mail(subject="Grüße"))

    letter = read_letter(folder=tmp_path, name=NAME)

    assert letter.envelope.subject == "Grüße"
    assert letter.envelope.date == datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
    assert "Ärger und Öl" in letter.text
    assert letter.html == "<p>Ärger &amp; Öl</p>\n"
    assert ("To", "ada@example.org") in letter.headers


def test_a_part_that_is_not_there_is_empty(tmp_path: Path) -> None:
    put(tmp_path, NAME, mail(html=""))

    assert read_letter(folder=tmp_path, name=NAME).html == ""


@pytest.mark.parametrize(
    "name",
    [
        "../secret.eml",
        "..%2Fsecret.eml",
        "/etc/passwd",
        "a/b.eml",
        ".hidden.eml",
        "a.txt",
        "a.eml\x00.txt",
        "",
        "x" * 300 + ".eml",
        "missing.eml",
        "folder.eml",
        "link.eml",
    ],
)
def test_only_a_mail_of_the_folder_opens(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "outbox"
    (folder / "folder.eml").mkdir(parents=True)
    (tmp_path / "secret.eml").write_text("Subject: secret\n\nsecret")
    (folder / "link.eml").symlink_to(tmp_path / "secret.eml")

    with pytest.raises(NoSuchMail):
        read_letter(folder=folder, name=name)


def test_what_cannot_be_opened_is_left_out_of_the_list(tmp_path: Path) -> None:
    (tmp_path / "folder.eml").mkdir()
    put(tmp_path, NAME, mail())

    assert [envelope.name for envelope in newest_first(folder=tmp_path, most=10)] == [NAME]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"no header at all",
        b"Date: the day before yesterday\n\nx",
        b'Subject: =?utf-8?b?!!!?=\nTo: ,,,;;<<>>\nFrom: "\n\nx',
        b"Content-Type: text/plain; charset=no-such-charset\n\n\xe4\xf6",
        b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n%%%",
        b"Content-Type: multipart/alternative\n\nno boundary",
        b"Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>cut o",
        b"Subject: " + b"a" * 100_000 + b"\n\nx",
    ],
)
def test_a_file_that_is_hardly_a_mail_is_shown_as_far_as_it_can_be(tmp_path: Path, raw: bytes) -> None:
    put(tmp_path, NAME, raw)

    letter = read_letter(folder=tmp_path, name=NAME)

    assert letter.envelope.name == NAME
    assert list(newest_first(folder=tmp_path, most=10)) == [letter.envelope]


def test_no_more_of_a_huge_file_is_read_than_a_mail_can_be(tmp_path: Path) -> None:
    put(tmp_path, NAME, b"Subject: huge\n\n" + b"a" * (MAX_BYTES + 10))

    assert len(read_letter(folder=tmp_path, name=NAME).text) < MAX_BYTES
