"""Paper rows -> what the API says of a paper."""

from django.conf import settings
from django.urls import reverse

from digest.api.schemas import Identifier, Paper
from digest.mail.content import to_mail_paper
from digest.mail.present import MAX_AUTHOR_CHARS, MAX_TITLE_CHARS, is_safe, readable
from digest.models import Paper as PaperRow
from digest.views.papers import ABSTRACT_CHARS

NOTE_CHARS = 1_000


def show(*, row: PaperRow) -> Paper:
    """Put a row into the API's words; its identifiers should be prefetched."""
    plain = to_mail_paper(paper=row, signal=row.trending_note)
    return Paper(
        id=row.pk,
        title=readable(text=row.title, limit=MAX_TITLE_CHARS),
        abstract=readable(text=row.abstract, limit=ABSTRACT_CHARS),
        authors=[readable(text=name, limit=MAX_AUTHOR_CHARS) for name in plain.authors],
        categories=[str(code) for code in row.categories],
        identifiers=[Identifier(scheme=each.scheme, value=each.value) for each in row.identifiers.all()],
        url=plain.url if is_safe(url=plain.url) else "",
        page_url=f"{settings.SITE_URL}{reverse('paper', args=[row.pk])}",
        links=_links({**plain.links, "pdf": plain.pdf_url}),
        licence=row.licence,
        comments=readable(text=row.comments, limit=NOTE_CHARS),
        journal_ref=readable(text=row.journal_ref, limit=NOTE_CHARS),
        submitted_at=row.submitted_at,
        updated_at=row.updated_at,
        announced_on=row.announced_on,
        first_seen_at=row.first_seen_at,
        version=row.latest_version,
        withdrawn=row.withdrawn,
        trending=row.trending_note,
    )


def _links(links: dict[str, str]) -> dict[str, str]:
    return {kind: str(url) for kind, url in sorted(links.items()) if is_safe(url=str(url))}
