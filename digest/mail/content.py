"""Rows -> what a mail says: a constant number of queries, however many deliveries are read at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Prefetch

from digest.mail.present import is_safe
from digest.models import Delivery, Digest, DigestItem, Paper
from digest.types import MailDigest, MailPaper, Reason
from subscriptions import tokens
from subscriptions.models import InterestProfile, Subscriber

Section = DigestItem.Section
SHOWN = ("title", "abstract", "authors", "primary_category", "links")  # of a paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A delivery with its digest and reader, and those of its papers that may still be mailed, in order."""

    delivery: Delivery
    items: tuple[DigestItem, ...]
    n_profiles: int

    @property
    def is_bare(self) -> bool:
        """Tell whether a digest that had papers has none left: there is nothing to say."""
        return self.delivery.digest.status == Digest.Status.READY and not self.items


def load_digests(*, delivery_ids: Sequence[UUID]) -> list[MailDigest]:
    """Read what the mails of these deliveries say, in the order of the ids; papers withdrawn by now are left out."""
    return [to_digest(loaded=loaded) for loaded in load(delivery_ids=delivery_ids)]


def load(*, delivery_ids: Sequence[UUID]) -> list[Loaded]:
    """Read the rows behind some mails, in the order of the ids; an id that is gone is passed over."""
    deliveries = Delivery.objects.select_related("digest__subscriber").in_bulk(list(delivery_ids))
    items = _items(digest_ids=[delivery.digest_id for delivery in deliveries.values()])
    profiles = _profile_counts(readers=[delivery.digest.subscriber_id for delivery in deliveries.values()])
    return [
        Loaded(
            delivery=deliveries[delivery_id],
            items=tuple(items[deliveries[delivery_id].digest_id]),
            n_profiles=profiles[deliveries[delivery_id].digest.subscriber_id],
        )
        for delivery_id in delivery_ids
        if delivery_id in deliveries
    ]


def to_digest(*, loaded: Loaded) -> MailDigest:
    """Put one delivery's rows into the shape that the mail is written from, with the reader's own links."""
    digest = loaded.delivery.digest
    reader = digest.subscriber
    return MailDigest(
        delivery_id=str(loaded.delivery.pk),
        email=reader.email,
        digest_date=digest.digest_date,
        matched=_section(loaded, Section.MATCHED),
        trending=_section(loaded, Section.TRENDING),
        browser_url=tokens.view_url(subscriber=reader, digest_id=digest.pk),
        empty_reason=digest.empty_reason,
        **_reader_links(reader),
    )


def _reader_links(reader: Subscriber) -> dict[str, str]:
    return {
        "manage_url": tokens.manage_url(subscriber=reader),
        "unsubscribe_url": tokens.unsubscribe_url(subscriber=reader),
        "one_click_url": tokens.one_click_url(subscriber=reader),
    }


def _items(*, digest_ids: Sequence[int]) -> Mapping[int, list[DigestItem]]:
    papers = Prefetch("paper", Paper.objects.only(*SHOWN).prefetch_related("identifiers"))
    rows = DigestItem.objects.filter(digest_id__in=digest_ids, paper__in=Paper.objects.mailable())
    by_digest: dict[int, list[DigestItem]] = defaultdict(list)
    for item in rows.prefetch_related(papers).order_by("digest_id", "section", "position"):
        by_digest[item.digest_id].append(item)
    return by_digest


def _profile_counts(*, readers: Sequence[int]) -> Mapping[int, int]:
    counts: dict[int, int] = defaultdict(int)
    for reader_id in InterestProfile.objects.filter(subscriber_id__in=readers).values_list("subscriber_id", flat=True):
        counts[reader_id] += 1
    return counts


def _section(loaded: Loaded, section: DigestItem.Section) -> tuple[MailPaper, ...]:
    several, reader = loaded.n_profiles > 1, loaded.delivery.digest.subscriber
    return tuple(_item_paper(item, reader, several=several) for item in loaded.items if item.section == section)


def _item_paper(item: DigestItem, reader: Subscriber, *, several: bool) -> MailPaper:
    plain = to_mail_paper(paper=item.paper, signal=item.note)
    # A digest that is only looked at has no rows: there is nothing yet to answer on.
    urls = tokens.feedback_urls(subscriber=reader, item_id=item.pk) if item.pk else ("", "", "")
    more_url, less_url, why_url = urls
    return replace(
        plain,
        reasons=tuple(Reason(**reason) for reason in item.reasons),
        profile=item.profile_name if several else "",
        also_in=tuple(item.also_in) if several else (),
        more_url=more_url,
        less_url=less_url,
        why_url=why_url,
    )


def to_mail_paper(*, paper: Paper, signal: str) -> MailPaper:
    """Put a paper's row into the shape that mails and pages show; `signal` is what it is trending for, if it is."""
    url, pdf_url = _addresses_of(paper)
    return MailPaper(
        title=paper.title,
        url=url,
        pdf_url=pdf_url,
        authors=tuple(str(author["name"]) for author in paper.authors),
        abstract=paper.abstract,
        primary_category=paper.primary_category,
        signal=signal,
        links=dict(paper.links),
    )


def _addresses_of(paper: Paper) -> tuple[str, str]:
    """Find a paper's own page and its PDF; a paper that has neither page nor identifier cannot be linked."""
    names = {identifier.scheme: identifier.value for identifier in paper.identifiers.all()}
    if "arxiv" in names:
        return f"https://arxiv.org/abs/{names['arxiv']}", f"https://arxiv.org/pdf/{names['arxiv']}"
    page = str(paper.links.get("abstract", ""))
    if not is_safe(url=page):
        page = f"https://doi.org/{names['doi']}" if "doi" in names else ""
    return page, str(paper.links.get("pdf", ""))
