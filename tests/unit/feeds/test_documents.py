"""Every format writes what its validator takes."""

import json
from dataclasses import replace

import feedparser
import pytest

from digest.feeds import Feed, formats
from tests.unit.feeds.samples import EMPTY, FEED, HOSTILE, ORDINARY
from tests.unit.feeds.validity import problems

FORMS = sorted(formats())


def test_there_are_three_formats() -> None:
    assert FORMS == ["atom", "json", "rss"]


@pytest.mark.parametrize("feed", [FEED, EMPTY], ids=["full", "empty"])
@pytest.mark.parametrize("form", FORMS)
def test_a_document_breaks_no_rule_of_its_format(form: str, feed: Feed) -> None:
    document = formats()[form].write(feed=feed)

    assert problems(form=form, document=document) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_rules_find_an_id_that_two_entries_share(form: str) -> None:
    twice = replace(FEED, entries=(ORDINARY, ORDINARY))

    assert "two entries have one id" in problems(form=form, document=formats()[form].write(feed=twice))


@pytest.mark.parametrize("form", FORMS)
def test_the_rules_find_an_address_that_leads_nowhere(form: str) -> None:
    relative = replace(FEED, entries=(replace(ORDINARY, url="/papers/12/"),))

    assert "/papers/12/ is no absolute address" in problems(form=form, document=formats()[form].write(feed=relative))


def test_the_grammar_finds_an_element_that_does_not_belong() -> None:
    document = formats()["atom"].write(feed=FEED).replace(b"</feed>", b"<pubDate>today</pubDate></feed>")

    assert "not valid by the grammar of RFC 4287" in problems(form="atom", document=document)[0]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_feed_gives_the_same_bytes(form: str) -> None:
    first, second = formats()[form].write(feed=FEED), formats()[form].write(feed=replace(FEED))

    assert first == second


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_feed_reader_sees_what_was_meant(form: str) -> None:
    parsed = feedparser.parse(formats()[form].write(feed=FEED))

    entry, hostile = parsed.entries
    assert (parsed.feed.title, entry.id, entry.link) == (FEED.title, ORDINARY.id, ORDINARY.url)
    assert [author.name for author in entry.authors] == list(ORDINARY.authors)
    assert [tag.term for tag in entry.tags] == list(ORDINARY.categories)
    assert entry.summary == ORDINARY.html
    assert entry.published_parsed[:5] == (2026, 6, 9, 6, 0)
    assert "<script>" not in hostile.summary


def test_atom_gives_a_hostile_title_back_letter_by_letter() -> None:
    parsed = feedparser.parse(formats()["atom"].write(feed=FEED), sanitize_html=False)

    assert parsed.entries[1].title == HOSTILE.title


def test_json_feed_says_the_same() -> None:
    feed = json.loads(formats()["json"].write(feed=FEED))

    item = feed["items"][0]
    assert (item["id"], item["url"], item["title"]) == (ORDINARY.id, ORDINARY.url, ORDINARY.title)
    assert item["authors"] == [{"name": "Ada Example"}, {"name": "Ben Sample"}]
    assert feed["items"][1]["title"] == HOSTILE.title


def test_rss_and_atom_date_an_empty_feed_by_what_they_are_given() -> None:
    for form in ("atom", "rss"):
        parsed = feedparser.parse(formats()[form].write(feed=EMPTY))

        assert parsed.feed.updated_parsed[:5] == (2026, 6, 9, 8, 0)
