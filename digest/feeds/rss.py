"""RSS 2.0 with the self link and the authors that its validators ask for, written by Django's own generator."""

from typing import Any

from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from digest.feeds import Feed

DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


class _Generator(Rss201rev2Feed):
    def latest_post_date(self) -> Any:
        return self.feed["updated"]

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:dc": DUBLIN_CORE}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:  # RSS's own <author> is a mail address, and papers have none
            handler.addQuickElement("dc:creator", name)


class Rss:
    """What the oldest feed readers take. A paper's last change has no place in it, so its date is the first."""

    content_type = "application/rss+xml; charset=utf-8"

    def write(self, *, feed: Feed) -> bytes:
        """Write the document."""
        document = _Generator(
            title=feed.title,
            link=feed.page_url,
            description=feed.description,
            language=feed.language,
            feed_url=feed.url,
            updated=feed.updated,
        )
        for entry in feed.entries:
            document.add_item(
                title=entry.title,
                link=entry.url,
                description=entry.html,
                unique_id=entry.id,
                unique_id_is_permalink=False,
                pubdate=entry.published,
                categories=entry.categories,
                authors=entry.authors,
            )
        return document.writeString("utf-8").encode()


FORMAT = Rss()
