"""The folder of .eml files."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage, get_connection

from digest.mail.backends import FileBackend


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    settings.EMAIL_FILE_DIR = str(tmp_path / "not" / "there")
    return Path(settings.EMAIL_FILE_DIR)


def letter(message_id: str, subject: str = "Hello") -> EmailMessage:
    """Write a small mail."""
    return EmailMessage(
        subject, "Two\nlines", to=["a@example.org"], headers={"Message-ID": f"<{message_id}@example.org>"}
    )


def test_each_message_is_a_file_that_a_mail_client_can_open(folder: Path) -> None:
    assert FileBackend().send_messages([letter("one"), letter("two")]) == 2

    files = sorted(folder.iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert message_from_bytes(files[0].read_bytes(), policy=default)["Subject"] == "Hello"


def test_lines_end_as_they_travel(folder: Path) -> None:
    FileBackend().send_messages([letter("one")])

    raw = next(folder.iterdir()).read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") > 5


def test_names_sort_as_mails_were_sent(folder: Path) -> None:
    FileBackend().send_messages([letter("zebra"), letter("ant"), letter("bee")])

    names = sorted(file.name for file in folder.iterdir())
    assert [name.partition("-")[2] for name in names] == ["zebra.eml", "ant.eml", "bee.eml"]


def test_the_same_message_sent_again_makes_no_second_file(folder: Path) -> None:
    FileBackend().send_messages([letter("one"), letter("one")])
    FileBackend().send_messages([letter("one", subject="Hello again")])

    assert len(list(folder.iterdir())) == 1


def test_a_message_id_cannot_name_a_file_elsewhere(folder: Path) -> None:
    FileBackend().send_messages([letter("../../etc/passwd")])

    assert [file.parent for file in folder.rglob("*.eml")] == [folder]


def test_a_connection_kept_open_goes_on_writing(folder: Path, settings: LazySettings) -> None:
    connection = get_connection("digest.mail.backends.FileBackend")
    connection.open()
    connection.send_messages([letter("one")])
    connection.send_messages([letter("two"), letter("one")])
    connection.close()

    assert len(list(folder.iterdir())) == 2


@contextmanager
def full_disk() -> Iterator[None]:
    """Take a hundred bytes of a file and no more, of the whole process: so let nothing else be written meanwhile."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_mail_that_does_not_fit_on_the_disk_leaves_no_half_of_itself(folder: Path) -> None:
    too_long = letter("one", subject="Long " * 100)

    with pytest.raises(OSError, match="File too large"), full_disk():
        FileBackend().send_messages([too_long])

    assert list(folder.iterdir()) == []
