"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): the same in the notation that programs like best."""

import json
from typing import Any

from django.utils.encoding import iri_to_uri

from digest.feeds import Entry, Feed

VERSION = "https://jsonfeed.org/version/1.1"


class JsonFeed:
    """What newer feed readers and programs take."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, *, feed: Feed) -> bytes:
        """Write the document."""
        document = {
            "version": VERSION,
            "title": feed.title,
            "home_page_url": iri_to_uri(feed.page_url),
            "feed_url": iri_to_uri(feed.url),
            "description": feed.description,
            "language": feed.language,
            "authors": [{"name": feed.author}],
            "items": [_item(entry) for entry in feed.entries],
        }
        return json.dumps(document, ensure_ascii=False).encode()


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": iri_to_uri(entry.url),
        "title": entry.title,
        "content_html": entry.html,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.categories),
    }


FORMAT = JsonFeed()
