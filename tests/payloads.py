"""Invented answers in the exact wire format of each source: builders whose defaults make a whole, ordinary record."""

import json
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

ABSTRACT = "We ask an invented question and answer it on two pages."


# --- arXiv's API ------------------------------------------------------------------------


def api_entry(
    *,
    paper: str = "2606.01234v1",
    title: str = "An invented title",
    abstract: str = ABSTRACT,
    authors: Sequence[str] = ("Ada Example", "Ben Sample"),
    categories: Sequence[str] = ("cs.CL", "cs.AI"),
    published: str = "2026-06-05T10:11:12Z",
    updated: str = "2026-06-05T10:11:12Z",
    comment: str = "",
    doi: str = "",
) -> str:
    """One entry of an API answer."""
    people = "".join(f"<author><name>{escape(name)}</name></author>" for name in authors)
    terms = "".join(f'<category term="{name}" scheme="http://arxiv.org/schemas/atom"/>' for name in categories)
    return (
        f"<entry><id>http://arxiv.org/abs/{paper}</id><title>{title}</title><updated>{updated}</updated>"
        f'<link href="https://arxiv.org/abs/{paper}" rel="alternate" type="text/html"/><summary>{abstract}</summary>'
        f"{terms}<published>{published}</published>{_optional('arxiv:comment', comment)}"
        f'<arxiv:primary_category term="{categories[0]}"/>{people}{_optional("arxiv:doi", doi)}</entry>'
    )


def api_feed(*entries: str, updated: str = "2026-06-09T05:00:00Z", total: int | None = None) -> bytes:
    """An API answer."""
    n = len(entries) if total is None else total
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/invented</id><title>arXiv Query: x</title>'
        f"<updated>{updated}</updated><opensearch:totalResults>{n}</opensearch:totalResults>{''.join(entries)}</feed>"
    ).encode()


# --- arXiv's daily feed -----------------------------------------------------------------


def rss_item(
    *,
    paper: str = "2606.01234v1",
    title: str = "An invented title",
    abstract: str = ABSTRACT,
    authors: str = "Ada Example, Ben Sample",
    categories: Sequence[str] = ("cs.CL", "cs.AI"),
    kind: str = "new",
    day: str = "Tue, 09 Jun 2026 00:00:00 -0400",
) -> str:
    """One item of the daily RSS feed."""
    subjects = "".join(f"<category>{name}</category>" for name in categories)
    return (
        f"<item><title>{title}</title><link>https://arxiv.org/abs/{paper.partition('v')[0]}</link>"
        f"<description>arXiv:{paper} Announce Type: {kind} \nAbstract: {abstract}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{paper}</guid>{subjects}<pubDate>{day}</pubDate>'
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
        f"<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights><dc:creator>{authors}</dc:creator></item>"
    )


def rss_feed(*items: str, title: str = "cs.CL updates on arXiv.org") -> bytes:
    """A daily RSS feed."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:atom="http://www.w3.org/2005/Atom"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel><title>{title}</title>'
        f"<pubDate>Tue, 09 Jun 2026 00:00:00 -0400</pubDate>{''.join(items)}</channel></rss>"
    ).encode()


# --- OAI-PMH ----------------------------------------------------------------------------


def oai_arxiv(
    *,
    paper: str = "2606.01234",
    title: str = "An invented title",
    authors: Sequence[tuple[str, str]] = (("Example", "Ada"), ("Sample", "Ben")),
    created: str = "2026-06-05",
    updated: str = "",
    categories: str = "cs.CL cs.AI",
    comments: str = "",
    abstract: str = ABSTRACT,
    doi: str = "",
    datestamp: str = "2026-06-08",
) -> str:
    """One record of the format `arXiv`."""
    people = "".join(
        f"<author><keyname>{escape(key)}</keyname>{_optional('forenames', escape(fore))}</author>"
        for key, fore in authors
    )
    return _oai_record(
        paper,
        datestamp,
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{paper}</id><created>{created}</created>'
        f"{_optional('updated', updated)}<authors>{people}</authors><title>{title}</title>"
        f"<categories>{categories}</categories>{_optional('comments', comments)}{_optional('doi', doi)}"
        "<license>http://creativecommons.org/licenses/by/4.0/</license>"
        f"<abstract>  {abstract}\n</abstract></arXiv>",
    )


def oai_raw(
    *,
    paper: str = "2606.01234",
    title: str = "An invented title",
    authors: str = "Ada Example and Ben Sample",
    versions: Sequence[tuple[str, str]] = (("Fri, 5 Jun 2026 10:11:12 GMT", ""),),
    categories: str = "cs.CL cs.AI",
    comments: str = "",
    abstract: str = ABSTRACT,
    datestamp: str = "2026-06-08",
) -> str:
    """One record of the format `arXivRaw`; a version is its date and its source type."""
    history = "".join(
        f"<version version='v{number}'><date>{day}</date><size>9kb</size>{_optional('source_type', kind)}</version>"
        for number, (day, kind) in enumerate(versions, start=1)
    )
    return _oai_record(
        paper,
        datestamp,
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{paper}</id><submitter>Ada Example</submitter>{history}'
        f"<title>{title}</title><authors>{authors}</authors><categories>{categories}</categories>"
        f"{_optional('comments', comments)}<abstract>  {abstract}\n</abstract></arXivRaw>",
    )


def oai_dc(
    *, paper: str = "2606.01234", creators: Sequence[str] = ("Example, Ada",), dates: Sequence[str] = ("2026-06-05",)
) -> str:
    """One record of the format `oai_dc`, with a comment and a journal."""
    names = "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in creators)
    days = "".join(f"<dc:date>{day}</dc:date>" for day in dates)
    return _oai_record(
        paper,
        "2026-06-08",
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>An invented title</dc:title>{names}<dc:subject>Computation and Language</dc:subject>"
        f"<dc:description>  {ABSTRACT}\n</dc:description><dc:description>Comment: 2 pages</dc:description>{days}"
        f"<dc:identifier>http://arxiv.org/abs/{paper}</dc:identifier>"
        "<dc:identifier>Invented J. 1 (2026) 2</dc:identifier>"
        "<dc:identifier>doi:10.5555/Invented.7</dc:identifier></oai_dc:dc>",
    )


def oai_deleted(*, paper: str = "2606.01234") -> str:
    """A record that the archive took away."""
    return (
        f'<record><header status="deleted"><identifier>oai:arXiv.org:{paper}</identifier>'
        "<datestamp>2026-06-08</datestamp></header></record>"
    )


def oai_page(*records: str, token: str = "") -> bytes:
    """A ListRecords answer."""
    more = f"<resumptionToken>{token}</resumptionToken>" if token else ""
    return _oai(f"<ListRecords>{''.join(records)}{more}</ListRecords>")


def oai_error(*, code: str, message: str = "") -> bytes:
    """An answer that is a complaint."""
    return _oai(f'<error code="{code}">{message}</error>')


def _oai(content: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>2026-06-09T05:00:00Z</responseDate><request>https://oai.example.org</request>{content}</OAI-PMH>"
    ).encode()


def _oai_record(paper: str, datestamp: str, metadata: str) -> str:
    return (
        f"<record><header><identifier>oai:arXiv.org:{paper}</identifier><datestamp>{datestamp}</datestamp>"
        f"</header><metadata>{metadata}</metadata></record>"
    )


def _optional(name: str, text: str) -> str:
    return f"<{name}>{text}</{name}>" if text else ""


# --- Hugging Face -----------------------------------------------------------------------


def hf_paper(*, paper: str = "2606.01234", upvotes: Any = 7, day: str = "2026-06-09", **fields: Any) -> dict[str, Any]:
    """One element of the daily list."""
    return {
        "paper": {
            "id": paper,
            "authors": [{"name": "Ada Example", "hidden": False}, {"name": "Ben Sample", "hidden": False}],
            "publishedAt": "2026-06-05T00:00:00.000Z",
            "submittedOnDailyAt": f"{day}T00:00:00.000Z",
            "title": "An invented title",
            "summary": ABSTRACT,
            "upvotes": upvotes,
            **fields,
        },
        "publishedAt": "2026-06-04T20:00:00.000Z",
        "title": "An invented title",
    }


def hf_list(*papers: dict[str, Any]) -> bytes:
    """A daily list."""
    return json.dumps(papers).encode()
