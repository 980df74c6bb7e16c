"""Atom 1.0 (RFC 4287), written by Django's own generator; all authors of a paper are added, not one."""

from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from digest.feeds import Feed


class _Generator(Atom1Feed):
    def latest_post_date(self) -> Any:
        return self.feed["updated"]

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", name)
            handler.endElement("author")


class Atom:
    """What most feed readers take."""

    content_type = "application/atom+xml; charset=utf-8"

    def write(self, *, feed: Feed) -> bytes:
        """Write the document."""
        document = _Generator(
            title=feed.title,
            link=feed.page_url,
            description=None,
            subtitle=feed.description,
            language=feed.language,
            author_name=feed.author,
            feed_url=feed.url,
            feed_guid=feed.id,
            updated=feed.updated,
        )
        for entry in feed.entries:
            document.add_item(
                title=entry.title,
                link=entry.url,
                description=entry.html,
                unique_id=entry.id,
                pubdate=entry.published,
                updateddate=entry.updated,
                categories=entry.categories,
                authors=entry.authors,
            )
        return document.writeString("utf-8").encode()


FORMAT = Atom()
