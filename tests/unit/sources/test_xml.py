"""Feeds in whatever state they come."""

import pytest

from digest.errors import UnreadablePayload
from digest.sources.arxiv import SOURCE
from digest.types import PaperRecord, RejectedRecord
from tests.payloads import api_entry, api_feed, oai_page, oai_raw, rss_feed, rss_item

THREE = rss_feed(*(rss_item(paper=f"2606.0000{number}v1") for number in (1, 2, 3)))


def ids(payload: bytes) -> list[str]:
    return [
        f"rejected {record.identifier}" if isinstance(record, RejectedRecord) else record.identifiers[0].value
        for record in SOURCE.parse(payload)
    ]


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<?xml version='1.0'?>", "empty"),
        (
            b"<!DOCTYPE html><html><title>Rate exceeded.</title></html>",
            "HTML page instead of a feed, titled 'Rate exceeded.'",
        ),
        (b"<html><body>403</body></html>", "HTML page"),
        (b'[{"paper": {}}]', "JSON"),
        (b"Rate exceeded.", "no XML; it starts with 'Rate exceeded.'"),
        (b"\x89PNG\r\n", "no XML"),
        (b"<opml><body/></opml>", "<opml> is no root"),
        (b"<rss", "no XML"),
        (b"<rss><channel><title>cut", "before its first record"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss/>', "document type"),
    ],
)
def test_what_is_no_feed_is_refused_in_one_clear_sentence(payload: bytes, says: str) -> None:
    with pytest.raises(UnreadablePayload) as caught:
        list(SOURCE.parse(payload))

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_feed_in_utf_16_is_read_too(encoding: str) -> None:
    text = THREE.decode().replace("UTF-8", "UTF-16").replace("An invented title", "Ein erfundener Titel: ä, 数学")

    found = list(SOURCE.parse(text.encode(encoding)))

    assert [record.title for record in found if isinstance(record, PaperRecord)] == [
        "Ein erfundener Titel: ä, 数学"
    ] * 3


def test_entities_hidden_behind_another_encoding_are_not_expanded() -> None:
    bomb = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss>&b;</rss>'

    with pytest.raises(UnreadablePayload, match="document type"):
        list(SOURCE.parse(bomb.encode("utf-16")))


def test_a_feed_that_lies_about_its_encoding_costs_its_records_and_no_more() -> None:
    lie = b'<?xml version="1.0" encoding="UTF-16"?>' + THREE[THREE.index(b"<rss") :]

    found = ids(lie)

    assert found == ["rejected 2606.00001", "rejected 2606.00002", "rejected 2606.00003"]


def test_records_before_a_cut_are_kept_and_the_cut_is_one_rejection() -> None:
    cut = THREE[: THREE.index(b"oai:arXiv.org:2606.00003") + 40]

    found = ids(cut)

    assert found == ["2606.00001", "2606.00002", "rejected 2606.00003"]


def test_a_cut_between_records_is_told_too() -> None:
    cut = THREE[: THREE.index(b"<item><title>An invented title</title><link>https://arxiv.org/abs/2606.00003")]

    found = ids(cut)

    assert found == ["2606.00001", "2606.00002", "rejected "]


@pytest.mark.parametrize("length", range(0, len(THREE), 97))
def test_wherever_a_feed_breaks_off_nothing_half_read_is_kept(length: int) -> None:
    try:
        records = list(SOURCE.parse(THREE[:length]))
    except UnreadablePayload:
        return

    whole = THREE[:length].count(b"</item>")
    assert len([record for record in records if isinstance(record, PaperRecord)]) == whole


@pytest.mark.parametrize(
    "spoilt",
    [
        rss_item(paper="2606.00002v1").replace("An invented", "An & invented"),
        rss_item(paper="2606.00002v1").replace("</title>", ""),
        rss_item(paper="2606.00002v1", title="&nbsp;"),
        rss_item(paper="2606.00002v1").replace("</item>", ""),
    ],
)
def test_a_malformed_record_costs_itself_alone(spoilt: str) -> None:
    feed = rss_feed(rss_item(paper="2606.00001v1"), spoilt, rss_item(paper="2606.00003v1"))

    found = ids(feed)

    assert found == ["2606.00001", "rejected 2606.00002", "2606.00003"]


def test_a_byte_that_is_no_utf8_costs_its_record_alone() -> None:
    feed = api_feed(api_entry(paper="2606.00001v1"), api_entry(paper="2606.00002v1", title="caf@"))

    found = ids(feed.replace(b"caf@", b"caf\xe9"))

    assert found == ["2606.00001", "rejected 2606.00002"]


def test_control_characters_are_dropped_and_cost_nothing() -> None:
    (record,) = SOURCE.parse(api_feed(api_entry(title="An\x00 in\x0bvented&#x1f; ti&#2;tle")))

    assert isinstance(record, PaperRecord)
    assert record.title == "An invented title"


def test_a_title_of_twenty_megabytes_costs_its_record_alone() -> None:
    feed = oai_page(oai_raw(paper="2606.00001", title="A" * 20_000_000), oai_raw(paper="2606.00002"))

    big, kept = SOURCE.parse(feed)

    assert isinstance(big, RejectedRecord)
    assert (big.identifier, big.reason) == (
        "2606.00001",
        "its title is 20,000,000 characters long; 2,000 is the limit",
    )
    assert isinstance(kept, PaperRecord)


def test_namespace_prefixes_do_not_matter() -> None:
    feed = oai_page(oai_raw()).replace(
        b"<ListRecords>", b'<o:ListRecords xmlns:o="http://www.openarchives.org/OAI/2.0/">'
    )

    found = ids(feed.replace(b"</ListRecords>", b"</o:ListRecords>"))

    assert found == ["2606.01234"]


def test_no_entity_reaches_out_for_a_file() -> None:
    feed = THREE.replace(b"<rss", b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss', 1)

    with pytest.raises(UnreadablePayload, match="document type"):
        list(SOURCE.parse(feed))
