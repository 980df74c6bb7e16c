"""Sample papers in the bytes that arXiv and Hugging Face would send.

In: papers and the edition that dates them. Out: payloads for `ingest`, one a day and format, the same on every start.
"""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from functools import partial
from itertools import groupby
from typing import Any

from lxml import etree

from digest.demo.edition import Edition
from digest.demo.papers import Featured, SamplePaper

ATOM_NS = "http://www.w3.org/2005/Atom"
ARXIV_NS = "http://arxiv.org/schemas/atom"
DC_NS = "http://purl.org/dc/elements/1.1/"
NEW_YORK = timezone(-timedelta(hours=5))  # where arXiv's day begins

PREFIXES: dict[Any, str] = {"arxiv": ARXIV_NS, "dc": DC_NS}

# Combining marks, and the letter that TeX writes for them: the daily feed spells names in TeX.
TEX_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0308": '"',
    "\u030c": "v",
    "\u0327": "c",
}


def node(namespace: str, name: str, *content: str | etree._Element, **attributes: str) -> etree._Element:
    """Make an element of text, or of other elements."""
    tag = f"{{{namespace}}}{name}" if namespace else name
    made = etree.Element(tag, attributes, nsmap=PREFIXES | ({None: ATOM_NS} if namespace == ATOM_NS else {}))
    for part in content:
        if isinstance(part, str):
            made.text = part
        else:
            made.append(part)
    return made


atom, rss, arxiv, dc = (partial(node, namespace) for namespace in (ATOM_NS, "", ARXIV_NS, DC_NS))


def arxiv_answers(*, papers: Iterable[SamplePaper], edition: Edition) -> list[bytes]:
    """Write the Atom API's answers: one for all that there was on the first day, then one for each later day."""
    waves = groupby(sorted(papers, key=lambda paper: (-min(paper.days_ago, 0), paper.number)), _wave)
    return [_atom_feed(list(wave), edition) for _, wave in waves]


def arxiv_daily_feeds(*, papers: Iterable[SamplePaper], edition: Edition) -> list[bytes]:
    """Write the daily RSS feed of each day on which a paper is announced, the oldest first."""
    announced = sorted((p for p in papers if p.announced), key=lambda p: (edition.announced_on(p), p.number))
    days = groupby(announced, edition.announced_on)
    return [_rss_feed(day, list(of_day), edition) for day, of_day in days]


def huggingface_lists(*, papers: Iterable[SamplePaper], edition: Edition) -> list[bytes]:
    """Write Hugging Face's list of each day that features a paper, the oldest first."""
    featured = [(paper.featured, paper) for paper in papers if paper.featured is not None]
    featured.sort(key=lambda entry: (-entry[0].days_ago, -entry[0].upvotes))
    days = groupby(featured, lambda entry: entry[0].days_ago)
    return [_daily_papers([_daily_paper(shown, paper, edition) for shown, paper in of_day]) for _, of_day in days]


def _wave(paper: SamplePaper) -> int:
    return -min(paper.days_ago, 0)


def _atom_feed(papers: Sequence[SamplePaper], edition: Edition) -> bytes:
    updated = max(edition.updated_at(paper) for paper in papers)
    feed = atom(
        "feed",
        atom("id", "https://arxiv.org/api/sample-papers-of-the-demo"),
        atom("title", "arXiv Query: search_query=&id_list=&start=0&max_results=100"),
        atom("updated", _zulu(updated)),
        *(_atom_entry(paper, edition) for paper in papers),
    )
    return _xml(feed)


def _atom_entry(paper: SamplePaper, edition: Edition) -> etree._Element:
    name = f"{edition.arxiv_id(paper.number)}v{paper.versions}"
    entry = atom(
        "entry",
        atom("id", f"http://arxiv.org/abs/{name}"),
        atom("title", paper.title),
        atom("updated", _zulu(edition.updated_at(paper))),
        atom("link", href=f"https://arxiv.org/abs/{name}", rel="alternate", type="text/html"),
        atom("link", href=f"https://arxiv.org/pdf/{name}", rel="related", type="application/pdf", title="pdf"),
        atom("summary", paper.abstract),
        *(atom("category", term=category, scheme=ARXIV_NS) for category in paper.categories),
        atom("published", _zulu(edition.submitted_at(paper))),
        arxiv("primary_category", term=paper.categories[0]),
        *(atom("author", atom("name", author)) for author in paper.authors),
    )
    entry.extend([arxiv("comment", paper.comment)] if paper.comment else [])
    entry.extend([arxiv("doi", paper.doi)] if paper.doi else [])
    return entry


def _rss_feed(day: date, papers: Sequence[SamplePaper], edition: Edition) -> bytes:
    midnight = format_datetime(datetime.combine(day, time(), tzinfo=NEW_YORK))
    channel = rss(
        "channel",
        rss("title", "cs updates on arXiv.org"),
        rss("link", "http://rss.arxiv.org/rss/cs"),
        rss("description", "cs updates on the arXiv.org e-print archive."),
        rss("lastBuildDate", midnight),
        rss("pubDate", midnight),
        *(_rss_item(paper, midnight, edition) for paper in papers),
    )
    return _xml(rss("rss", channel, version="2.0"))


def _rss_item(paper: SamplePaper, midnight: str, edition: Edition) -> etree._Element:
    name = edition.arxiv_id(paper.number)
    versioned = f"{name}v{paper.versions}"
    return rss(
        "item",
        rss("title", paper.title),
        rss("link", f"https://arxiv.org/abs/{name}"),
        rss("description", f"arXiv:{versioned} Announce Type: {paper.announced} \nAbstract: {paper.abstract}"),
        rss("guid", f"oai:arXiv.org:{versioned}", isPermaLink="false"),
        *(rss("category", category) for category in paper.categories),
        rss("pubDate", midnight),
        arxiv("announce_type", paper.announced),
        dc("rights", paper.licence),
        dc("creator", ", ".join(map(tex_accents, paper.authors))),
    )


def _daily_paper(featured: Featured, paper: SamplePaper, edition: Edition) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": edition.arxiv_id(paper.number),
        "authors": [{"name": name, "hidden": False} for name in paper.authors],
        "publishedAt": _midnight(edition.day(paper.days_ago)),
        "submittedOnDailyAt": _midnight(edition.day(featured.days_ago)),
        "title": paper.title,
        "summary": paper.abstract,
        "upvotes": featured.upvotes,
    }
    if featured.code:
        shown |= {"githubRepo": featured.code, "githubStars": featured.stars}
    return {"paper": shown, "title": paper.title, "summary": paper.abstract, "numComments": 0}


def _daily_papers(entries: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps(entries, ensure_ascii=False).encode()


def tex_accents(name: str) -> str:
    r"""Spell the accents of a name in TeX, as arXiv's daily feed does: "Ibáñez" becomes "Ib\'a\~nez"."""
    spelt = ""
    for letter in name:
        parts = unicodedata.normalize("NFD", letter)
        accent = TEX_ACCENTS.get(parts[1:])
        spelt += letter if accent is None else _accented(accent, parts[0])
    return spelt


def _accented(accent: str, base: str) -> str:
    letter = "\\" + base if base in "ij" else base
    return f"\\{accent}{{{letter}}}" if accent.isalpha() or letter != base else f"\\{accent}{base}"


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def _zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _xml(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
