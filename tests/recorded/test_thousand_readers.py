"""A day for a thousand readers over real papers, through the commands that an operator types."""

import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.mailbox import body
from tests.recorded.conftest import DOMAIN, JudgeOfBytes

READERS = 1_000
SEED = 2026
EVENING = datetime(2026, 11, 25, 23, 59, tzinfo=UTC)
"""By then the hour of every daily reader has come, whatever their zone."""
ALL_OF_THE_PAST_DAYS = 20_000
ZONES = ("Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Auckland", "Pacific/Kiritimati", "UTC")
FIRST_LETTERS = 3
PLAIN_WORDS = re.compile(r"\b[A-Za-z]{4,}(?: [A-Za-z]{4,}){0,2}\b")

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as it travelled, its recipient, and its text part by lines."""

    raw: bytes
    to: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """What the day left behind: its counts and those of a second call, its readers, its mails, and the papers."""

    imported: Mapping[str, int]
    counts: Mapping[str, int]
    again: Mapping[str, int]
    readers: Mapping[str, Row]
    mails: Sequence[Mail]
    papers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A keyword that a mail names as the reason for a paper."""

    reader: str
    arxiv: str
    term: str


def invent_reader(*, dice: random.Random, number: int, titles: list[str], categories: list[str]) -> Row:
    """Invent a reader with up to three interests, whose keywords are words that real titles hold."""
    profiles = [
        {
            "name": f"Interest {which}",
            "categories": dice.sample(categories, dice.randint(0, 2)),
            "keywords": [dice.choice(PLAIN_WORDS.findall(dice.choice(titles))) for _ in range(dice.randint(1, 4))],
            "exclude": dice.sample(["survey", "review", "proceedings"], dice.randint(0, 1)),
            "pickiness": dice.choice(["broad", "balanced", "picky"]),
        }
        for which in range(1, dice.randint(2, 4))
    ]
    return {
        "email": f"reader{number}@example.org",
        "timezone": dice.choice(ZONES),
        "hour": dice.randint(0, 23),
        "cadence": dice.choice(["daily", "daily", "daily", "weekdays", "weekly"]),
        "max_papers": dice.choice([3, 10, 20]),
        "confirmed": True,
        "profiles": profiles,
    }


class Operator:
    """Somebody at a terminal, with a folder of their own: a database, an outbox, and the settings of a real site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outbox = folder / "outbox"
        self.database = folder / "day.sqlite3"
        self.env = {
            "PATH": os.environ["PATH"],
            "DEMO": "1",
            "ENV_FILE": os.devnull,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SITE_URL": f"https://{DOMAIN}",
            "EMAIL_PROVIDER": "file",
            "EMAIL_FILE_DIR": str(self.outbox),
            "DEFAULT_FROM_EMAIL": f"Postprint <digest@{DOMAIN}>",
            "POSTAL_ADDRESS": "Postprint, 12 Example Street, 10115 Berlin, Germany",
        }

    def type(self, *words: str) -> str:
        """Run a command that must succeed. Returns: the last line of its output."""
        command = [sys.executable, str(PROJECT / "manage.py"), *words]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return (done.stdout.splitlines() or [""])[-1]

    def count(self, *words: str) -> dict[str, int]:
        """Run a command and read the JSON that its output ends with."""
        counts: dict[str, int] = json.loads(self.type(*words))
        return counts

    def look(self, question: str) -> list[tuple[str, ...]]:
        """Ask the database."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(question).fetchall()


def load_papers(*, operator: Operator, recordings: Path) -> dict[str, str]:
    """Ingest the recordings an hour before the day. Returns: each paper's words, by its arXiv id."""
    files = [str(path) for path in sorted((recordings / "arxiv-oai").iterdir())]
    seen_at = (EVENING - timedelta(hours=1)).isoformat()
    operator.type("ingest", "arxiv-oai", "--file", *files, "--now", seen_at)
    rows = operator.look(
        "SELECT value, title, abstract FROM digest_paperidentifier AS name"
        " JOIN digest_paper AS paper ON paper.id = name.paper_id WHERE scheme = 'arxiv' ORDER BY value"
    )
    return {arxiv: f"{title}\n{abstract}" for arxiv, title, abstract in rows}


def load_readers(*, operator: Operator, papers: Mapping[str, str]) -> tuple[dict[str, int], dict[str, Row]]:
    """Import the readers a day before. Returns: the counts, and the readers by their address."""
    dice = random.Random(SEED)
    titles = [title for title, *_ in map(str.splitlines, papers.values()) if PLAIN_WORDS.search(title)]
    found = operator.look("SELECT DISTINCT primary_category FROM digest_paper WHERE primary_category > '' ORDER BY 1")
    categories = [category for (category,) in found]
    rows = [invent_reader(dice=dice, number=n, titles=titles, categories=categories) for n in range(READERS)]
    file = operator.folder / "readers.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    counts = operator.count("load_readers", str(file), "--now", (EVENING - timedelta(days=1)).isoformat())
    return counts, {row["email"]: row for row in rows}


@pytest.fixture(scope="module")
def day(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Run the day once for all tests of this file."""
    operator = Operator(tmp_path_factory.mktemp("day"))
    operator.type("migrate", "--verbosity", "0")
    papers = load_papers(operator=operator, recordings=recordings)
    imported, readers = load_readers(operator=operator, papers=papers)
    run = ("run_day", "--now", EVENING.isoformat(), "--horizon-days", str(ALL_OF_THE_PAST_DAYS))
    counts, again = operator.count(*run), operator.count(*run)
    mails = [read_mail(file=file) for file in sorted(operator.outbox.glob("*.eml"))]
    return Day(imported=imported, counts=counts, again=again, readers=readers, mails=mails, papers=papers)


def read_mail(*, file: Path) -> Mail:
    """Read a mail from the outbox."""
    raw = file.read_bytes()
    message = message_from_bytes(raw, policy=default)
    return Mail(raw=raw, to=str(message["To"]), text="\n".join(body(message).splitlines()))


def claims(day: Day) -> Iterator[Claim]:
    """Read every keyword that a mail gives as a reason, out of the text that the reader sees."""
    for mail in day.mails:
        for paper in re.split(r"\n\n\d+\. ", mail.text)[1:]:
            arxiv = re.search(r"^https://arxiv\.org/abs/(\S+)$", paper, re.MULTILINE)
            why = re.search(r"^> (.+?)\n\n", paper, re.MULTILINE | re.DOTALL)
            assert arxiv, paper
            reasons = " ".join(why[1].split()) if why else ""
            for term in re.findall(r"matches “(.+?)”", reasons):
                yield Claim(reader=mail.to, arxiv=arxiv[1], term=term)


def run_on(text: str) -> str:
    """Bring a text onto one line in small letters, and change nothing else."""
    return " ".join(text.casefold().split())


def beginnings(text: str) -> set[str]:
    """Give each word's first letters, enough to know "radius" by "radii"; hyphens and apostrophes part nothing."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return {word[:FIRST_LETTERS] for word in re.findall(r"\w+", re.sub(r"[-'’]", "", plain.casefold()))}


def test_every_reader_is_imported(day: Day) -> None:
    assert day.imported == {"created": READERS, "updated": 0, "rejected": 0}


def test_what_is_planned_comes_to_an_end(day: Day) -> None:
    counts = day.counts

    assert counts["planned"] == counts["ready"] + counts["empty"] > READERS / 2
    assert counts["ready"] == counts["sent"] == len(day.mails) > READERS / 2
    assert counts["failed"] + counts["unknown"] + counts["suppressed"] == 0


def test_a_second_call_sends_nothing(day: Day) -> None:
    assert set(day.again.values()) == {0}


def test_no_reader_has_two_mails(day: Day) -> None:
    recipients = [mail.to for mail in day.mails]

    assert len(recipients) == len(set(recipients))
    assert set(recipients) <= set(day.readers)


def test_every_mail_is_welcome_everywhere(day: Day, judge_bytes: JudgeOfBytes) -> None:
    wrong = {problem for mail in day.mails for problem in judge_bytes(mail.raw, "digest", mail.to)}

    assert sorted(wrong) == []


def test_a_keyword_that_is_named_occurs_in_the_paper_letter_by_letter(day: Day) -> None:
    named = list(claims(day))

    untrue = [claim for claim in named if run_on(claim.term) not in run_on(day.papers[claim.arxiv])]

    assert len(named) > READERS
    assert untrue == []


def test_a_keyword_that_is_named_is_a_form_of_one_of_the_readers_own(day: Day) -> None:
    wishes = {
        email: beginnings(" ".join(word for profile in row["profiles"] for word in profile["keywords"]))
        for email, row in day.readers.items()
    }

    strange = [claim for claim in claims(day) if not beginnings(claim.term) <= wishes[claim.reader]]

    assert strange == []


def test_no_mail_holds_more_papers_than_its_reader_wants(day: Day) -> None:
    too_long = [
        mail.to
        for mail in day.mails
        if len(re.findall(r"^https://arxiv\.org/abs/", mail.text, re.MULTILINE)) > day.readers[mail.to]["max_papers"]
    ]

    assert too_long == []
