"""What happened and where to look, set as a short table for a terminal."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count
from django.urls import reverse

from digest.demo.load import ADMIN_NAME, ADMIN_PASSWORD, LoadReport
from digest.demo.readers import SampleReader, sample_readers
from digest.models import Digest
from digest.pipeline.plan import HORIZON_DAYS
from subscriptions.addresses import parse_address

Row = tuple[str, ...]
GAP = "   "


def describe(*, report: LoadReport) -> str:
    """Write the whole table. This function will read what each sample reader has got so far."""
    readers = sample_readers(edition=report.edition)
    blocks: list[list[str]] = [
        [f"{settings.SITE_NAME}, the demo: invented papers and readers, {report.at:%A %d %B %Y, %H:%M} UTC"],
        aligned(rows=list(_what_happened(report, len(readers)))),
        aligned(rows=[("reader", "last digest", "shows"), *map(_reader_row, readers)]),
        aligned(rows=list(_where_to_look())),
    ]
    if (report.at - report.edition.first_moment).days > HORIZON_DAYS:
        blocks.append(["These papers are old by now and nobody is mailed them: delete var/ for a fresh demo."])
    return "\n\n".join("\n".join(f"  {line}".rstrip() for line in block) for block in blocks) + "\n"


def aligned(*, rows: Sequence[Row]) -> list[str]:
    """Set rows in columns, each as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [line.rstrip() for line in lines]


def _what_happened(report: LoadReport, n_readers: int) -> Iterator[Row]:
    papers, day = report.papers.counts(), report.day
    yield (
        "papers",
        f"{papers['seen']} records read: {papers['new']} new papers, {papers['updated']} updated, "
        f"{papers['unchanged']} unchanged, {papers['rejected']} rejected",
    )
    yield "readers", f"{report.new_readers} signed up now, {n_readers - report.new_readers} were here before"
    yield "digests", f"{day['planned']} planned: {day['ready']} with papers, {day['empty']} without"
    yield "mails", f"{day['sent']} digests sent, {day['failed'] + day['unknown']} failed"


def _reader_row(reader: SampleReader) -> Row:
    return reader.form.email, _last_digest(reader.form.email), reader.shows


def _last_digest(email: str) -> str:
    digests = Digest.objects.filter(subscriber__address_key=parse_address(email).key)
    last = digests.annotate(n_papers=Count("items")).order_by("-digest_date").first()
    if last is None:
        return "none"
    if last.status != Digest.Status.READY:
        return str(last.get_status_display()).lower()
    return f"{last.n_papers} paper{'' if last.n_papers == 1 else 's'}"


def _where_to_look() -> Iterator[Row]:
    yield "site", settings.SITE_URL + reverse("home")
    yield "inbox", settings.SITE_URL + reverse("inbox")
    yield "admin", f"{settings.SITE_URL}{reverse('admin:index')} (user {ADMIN_NAME}, password {_password()})"


def _password() -> str:
    user = get_user_model().objects.get_by_natural_key(ADMIN_NAME)
    return ADMIN_PASSWORD if user.check_password(ADMIN_PASSWORD) else "as you changed it"
