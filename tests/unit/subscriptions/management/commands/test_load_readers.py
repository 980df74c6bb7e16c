"""`manage.py load_readers`: what it prints, what it refuses, what it keeps."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from subscriptions.management.commands.load_readers import CHUNK
from subscriptions.models import Subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "readers.jsonl"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def load(path: Path, *options: str) -> tuple[dict[str, int], list[str]]:
    """Run the command. Returns: the counts of its last line, and what it complained about."""
    out, err = StringIO(), StringIO()
    call_command("load_readers", str(path), *options, stdout=out, stderr=err)
    return json.loads(out.getvalue().splitlines()[-1]), err.getvalue().splitlines()


def reader(number: int) -> str:
    return json.dumps({"email": f"reader{number}@example.org", "confirmed": True})


def test_the_last_line_counts_what_happened(file: Callable[..., Path]) -> None:
    path = file("\n".join([reader(1), reader(2), "nonsense", reader(1)]))

    counts, _ = load(path)

    assert counts == {"created": 2, "updated": 1, "rejected": 1}


def test_a_rejected_line_is_named_by_its_number_and_reason(file: Callable[..., Path]) -> None:
    path = file("\n".join([reader(1), "", '{"email": "ada"}', "{", reader(2)]))

    _, complaints = load(path)

    assert complaints == [
        "line 3: email: An address has an @ in it, as in name@example.org.",
        "line 4: The line is not JSON.",
    ]


def test_the_same_file_twice_updates_everybody(file: Callable[..., Path]) -> None:
    path = file("\n".join([reader(1), reader(2)]))
    load(path)

    counts, complaints = load(path)

    assert (counts, complaints) == ({"created": 0, "updated": 2, "rejected": 0}, [])


def test_a_file_longer_than_a_chunk_is_read_to_its_end(file: Callable[..., Path]) -> None:
    path = file("\n".join(map(reader, range(CHUNK + 1))) + "\n")

    counts, _ = load(path)

    assert (counts["created"], Subscriber.objects.count()) == (CHUNK + 1, CHUNK + 1)


def test_an_empty_file_is_no_reader(file: Callable[..., Path]) -> None:
    counts, complaints = load(file(""))

    assert (counts, complaints) == ({"created": 0, "updated": 0, "rejected": 0}, [])


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(file: Callable[..., Path]) -> None:
    path = file("\ufeff" + reader(1) + "\r\n\r\n" + reader(2) + "\r\n")

    counts, _ = load(path)

    assert counts == {"created": 2, "updated": 0, "rejected": 0}


@pytest.mark.parametrize(
    "line",
    ["[" * 100_000, '{"email": 1' + "0" * 5000 + "}", '{"email": "ada@example.org"} {}', '{"email": "\ud83d', "\x00"],
    ids=["deep", "long number", "two objects", "cut off", "null"],
)
def test_a_line_that_breaks_parsers_costs_only_itself(line: str, file: Callable[..., Path]) -> None:
    path = file(f"{line.encode('utf-8', 'replace').decode()}\n{reader(1)}")

    counts, complaints = load(path)

    assert counts == {"created": 1, "updated": 0, "rejected": 1}
    assert complaints[0].startswith("line 1: ")


def test_half_a_character_in_a_name_is_dropped(file: Callable[..., Path]) -> None:
    path = file(r'{"email": "ada@example.org", "profiles": [{"name": "A\ud800\u0000B"}]}')

    load(path)

    assert Subscriber.objects.get().profiles.get().name == "AB"


def test_a_very_long_line_is_no_reader(file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subscriptions.management.commands.load_readers.LONGEST_LINE", 100)
    path = file(json.dumps({"email": "ada@example.org", "timezone": "x" * 100}))

    _, complaints = load(path)

    assert complaints == ["line 1: The line is too long to be a reader."]


def test_the_moment_can_be_given(file: Callable[..., Path]) -> None:
    load(file(reader(1)), "--now", "2026-06-09T08:00+02:00")

    assert Subscriber.objects.get().created_at == datetime(2026, 6, 9, 6, tzinfo=UTC)


def test_a_moment_without_a_zone_is_utc(file: Callable[..., Path]) -> None:
    load(file(reader(1)), "--now", "2026-06-09T08:00")

    assert Subscriber.objects.get().created_at == datetime(2026, 6, 9, 8, tzinfo=UTC)


def test_a_moment_that_is_none_is_refused(file: Callable[..., Path]) -> None:
    with pytest.raises(CommandError, match="is not a date like"):
        load(file(reader(1)), "--now", "tomorrow")


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"cannot be read \(No such file or directory\); nothing was imported"):
        load(tmp_path / "nothing.jsonl")


def test_a_directory_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"cannot be read \(Is a directory\); nothing was imported"):
        load(tmp_path)


def test_a_file_that_is_no_text_writes_nothing_at_all(file: Callable[..., Path]) -> None:
    path = file("\n".join(map(reader, range(3))).encode() + b"\n\xff\xfe")

    with pytest.raises(CommandError, match="is not UTF-8 text; nothing was imported"):
        load(path)

    assert not Subscriber.objects.exists()


def test_an_accented_address_book_is_read(file: Callable[..., Path]) -> None:
    load(file('{"email": "ada@bücher.example", "profiles": [{"name": "Poincaré"}]}'))

    assert Subscriber.objects.get().email_normalised == "ada@xn--bcher-kva.example"


class Terminal(StringIO):
    """Where a person is looking."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stderr", "shown"), [(Terminal(), True), (StringIO(), False)], ids=["terminal", "file"])
def test_a_progress_bar_is_for_a_person_at_a_terminal(
    stderr: StringIO, shown: bool, file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = file("\n".join(map(reader, range(3))))

    call_command("load_readers", str(path), stdout=StringIO(), stderr=stderr)

    assert ("3/3" in capsys.readouterr().err) is shown


def test_a_pipe_is_refused_since_it_can_be_read_only_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(CommandError, match="can be read only once"):
        load(pipe)
