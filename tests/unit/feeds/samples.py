"""Feeds to be written down: an ordinary one, one of what breaks documents, one of nothing."""

from dataclasses import replace
from datetime import timedelta

from digest.feeds import Entry, Feed
from tests.builders import NOW

ORDINARY = Entry(
    id="tag:papers.example.org,2026:paper/12",
    title="Sparse attention in four letters",
    url="https://arxiv.org/abs/2606.00012",
    html="<p>Ada Example, Ben Sample</p><p>We count &lt;tokens&gt;.</p>",
    authors=("Ada Example", "Ben Sample"),
    categories=("cs.CL", "cs.LG"),
    published=NOW - timedelta(hours=2),
    updated=NOW,
)
HOSTILE = replace(
    ORDINARY,
    id="tag:papers.example.org,2026:paper/13",
    title='</title><script>alert("x")</script> & a < b ]]> \N{GRINNING FACE} 稀疏注意力 مقالة',
    url="https://doi.org/10.1000/a(b)c<d>e?f=g&h",
    html='<p>]]&gt; &lt;/summary&gt; &amp;amp; "quoted"</p>',
    authors=(),
    categories=('a"b', "数学"),
)
FEED = Feed(
    id="tag:papers.example.org,2026:feed/trending",
    title="Postprint: Trending papers",
    description="The papers that are talked about now & <then>.",
    url="https://papers.example.org/feeds/trending.atom?q=a&b=%22c%22",
    page_url="https://papers.example.org/",
    author="Postprint",
    language="en",
    updated=NOW,
    entries=(ORDINARY, HOSTILE),
)
EMPTY = replace(FEED, entries=())
