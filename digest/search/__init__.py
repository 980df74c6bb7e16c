"""One selector over papers: a search in words in, a page of papers out. Nothing here writes a paper.

find      a search, its filters, its order and its page
trending  what gained the most upvotes in a day, a week or a month
similar   what is like one paper
parse     the language of the search field
"""

from digest.search.asked import COUNTED, Asked, Found, Period, Sort
from digest.search.find import find
from digest.search.query import Field, Query, Term, parse
from digest.search.similar import similar
from digest.search.trending import trending

__all__ = [
    "COUNTED",
    "Asked",
    "Field",
    "Found",
    "Period",
    "Query",
    "Sort",
    "Term",
    "find",
    "parse",
    "similar",
    "trending",
]
