"""References -> CSL-JSON (Citation Style Language 1.0.2), as Zotero, Pandoc and citeproc read it."""

import json
from collections.abc import Iterable
from typing import Any

from digest.library._reference import Reference, keys, one_line, person
from digest.types import Author


def to_csl(*, references: Iterable[Reference]) -> str:
    """Write references as a CSL-JSON array, in their order."""
    references = tuple(references)
    items = [_item(key, reference) for key, reference in zip(keys(references), references, strict=True)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(key: str, reference: Reference) -> dict[str, Any]:
    is_article, arxiv_id, on = reference.kind == "article", reference.named("arxiv"), reference.published_on
    item = {
        "id": key,
        "type": "article-journal" if is_article else "article",  # "article" is a preprint, since CSL 1.0.2
        "title": one_line(reference.title),
        "author": [_name(author) for author in reference.authors],
        "issued": {"date-parts": [[on.year, on.month, on.day]]} if on else {},
        "container-title": one_line(reference.journal),
        "publisher": "arXiv" if arxiv_id and not is_article else "",
        "number": f"arXiv:{arxiv_id}" if arxiv_id else "",
        "DOI": reference.doi,
        "PMID": reference.named("pmid"),
        "PMCID": reference.named("pmcid").upper(),
        "URL": reference.page,
        "abstract": one_line(reference.abstract),
    }
    return {name: value for name, value in item.items() if value}


def _name(author: Author) -> dict[str, str]:
    parts = person(author)
    if parts.is_group or not parts.given:
        return {"literal": parts.family}
    name = {"family": parts.family, "given": parts.given, "suffix": parts.suffix}
    return {part: value for part, value in name.items() if value}
