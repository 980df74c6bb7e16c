"""Every mail before an outside judge: what standards and large mailbox providers ask of a mail."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives

from digest import sources
from digest.mail import brake
from digest.mail.alarm import tell_staff
from digest.mail.content import load_digests
from digest.mail.render import render_digest
from digest.models import SendingStop
from digest.plugins import discover
from digest.types import MailDigest, MailPaper, PaperRecord, Reason
from subscriptions.emails import build
from subscriptions.models import OutgoingMail, Subscriber
from tests.builders import NOW, make_paper, make_reader
from tests.mailbox import Mailbox, wire_bytes
from tests.recorded.conftest import JudgeOfBytes
from tests.unit.mail import samples
from tests.unit.mail.rows import make_delivery

Judge = Callable[..., list[str]]
PAPERS_IN_A_MAIL = 10
MOST_MAILS_A_FILE = 50
SAMPLES = [
    samples.everyday,
    samples.only_trending,
    samples.empty,
    samples.enormous,
    samples.many,
    samples.long_words,
]


@pytest.fixture(autouse=True)
def site(settings: LazySettings) -> None:
    settings.SITE_NAME = "Postprint"
    settings.SITE_URL = "https://papers.example.org"
    settings.DEFAULT_FROM_EMAIL = "Postprint <digest@papers.example.org>"
    settings.POSTAL_ADDRESS = "Postprint, 12 Example Street, 10115 Berlin, Germany"


@pytest.fixture(scope="session")
def judge(judge_bytes: JudgeOfBytes) -> Judge:
    """Ask the judge about a mail. Returns: what is wrong with it, failures and warnings alike."""

    def ask(message: EmailMultiAlternatives, kind: str = "digest") -> list[str]:
        return judge_bytes(wire_bytes(message), kind, message.to[0])

    return ask


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_digest_is_welcome_everywhere(sample: Callable[[], MailDigest], judge: Judge) -> None:
    assert judge(render_digest(digest=sample())) == []


@pytest.mark.django_db
def test_a_digest_with_its_readers_real_links_is_welcome_everywhere(judge: Judge) -> None:
    delivery = make_delivery(reader=make_reader(profiles=[{"name": "A"}, {"name": "B"}]), trending=[make_paper()])

    assert judge(render_digest(digest=load_digests(delivery_ids=[delivery.pk])[0])) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", OutgoingMail.Kind.values)
def test_a_mail_about_the_subscription_is_welcome_everywhere(
    kind: str, judge: Judge, make_reader: Callable[..., Subscriber], now: datetime
) -> None:
    to = "new@example.org" if kind == OutgoingMail.Kind.CHANGE else ""
    mail = OutgoingMail.objects.create(subscriber=make_reader(), kind=kind, to=to, not_before=now, created_at=now)

    assert judge(build(mail=mail, now=now), "transactional") == []


@pytest.mark.django_db
def test_the_alarm_of_the_brake_is_welcome_everywhere(judge_bytes: JudgeOfBytes, mailbox: Mailbox) -> None:
    brake.pull(kind=SendingStop.Kind.BOUNCES, reason="9 of 100 mails came back.", now=NOW)
    User.objects.create_superuser("grace", "grace@staff.example.org")
    tell_staff(now=NOW)

    raw = next(mailbox.folder.glob("*.eml")).read_bytes()

    assert judge_bytes(raw, "transactional", "grace@staff.example.org") == []


def to_mail_paper(record: PaperRecord) -> MailPaper:
    """Show a record as the mail would, with a word of its title as the reason."""
    title = record.title or ""
    value = record.identifiers[0].value
    return samples.make_mail_paper(
        title=title,
        url=f"https://arxiv.org/abs/{value}",
        pdf_url=f"https://arxiv.org/pdf/{value}",
        authors=tuple(author.name for author in record.authors or ()),
        abstract=record.abstract or "",
        primary_category=(record.categories or ("",))[0],
        reasons=(Reason(kind="keyword", term=title.split()[0], share=1.0),),
    )


def records(file: Path) -> Iterator[PaperRecord]:
    """Read a recording with whichever source can, the way that `ingest --file` does."""
    for source in discover(package=sources, attribute="SOURCE").values():
        try:
            parsed = list(source.parse(file.read_bytes()))
        except Exception:  # noqa: BLE001 - another source's format
            continue
        yield from (record for record in parsed if isinstance(record, PaperRecord) and record.title)
        return


def mails(papers: Sequence[MailPaper]) -> Iterator[MailDigest]:
    """Put papers into mails."""
    for start in range(0, min(len(papers), PAPERS_IN_A_MAIL * MOST_MAILS_A_FILE), PAPERS_IN_A_MAIL):
        yield samples.make_mail_digest(matched=papers[start : start + PAPERS_IN_A_MAIL])


def test_real_papers_make_mails_that_are_welcome_everywhere(recordings: Path, judge: Judge) -> None:
    files = [
        file
        for folder in ("arxiv-oai", "arxiv-api", "arxiv-rss", "huggingface")
        for file in (recordings / folder).iterdir()
    ]
    papers = [[to_mail_paper(record) for record in records(file)] for file in sorted(files)]

    digests = list(itertools.chain.from_iterable(map(mails, papers)))
    wrong = {problem for digest in digests for problem in judge(render_digest(digest=digest))}
    print(f"{len(digests)} mails of {sum(map(len, papers))} papers: {len(wrong)} problems")

    assert sum(map(len, papers)) > 1_000
    assert sorted(wrong) == []
