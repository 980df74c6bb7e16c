"""Identifiers wherever they hide: in fields, addresses and notes; and nothing that only looks like one."""

from collections.abc import Iterable

import pytest

from digest.library._identifiers import find_identifiers, find_pasted, from_arxiv, from_doi
from digest.types import Identifier


def names(found: Iterable[Identifier]) -> list[str]:
    return list(dict.fromkeys(f"{name.scheme}:{name.value}" for name in found))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("https://arxiv.org/pdf/1706.03762v5.pdf", ["arxiv:1706.03762"]),
        ("http://export.arxiv.org/abs/hep-th/9603067", ["arxiv:hep-th/9603067"]),
        ("https://www.alphaxiv.org/overview/2406.01234", ["arxiv:2406.01234"]),
        ("https://huggingface.co/papers/2406.01234", ["arxiv:2406.01234"]),
        ("arXiv preprint arXiv:1706.03762", ["arxiv:1706.03762"]),
        ("CoRR, abs/1706.03762", ["arxiv:1706.03762"]),
        ("arXiv:math.GT/0309136v2", ["arxiv:math/0309136"]),
        ("https://doi.org/10.48550/arXiv.1706.03762", ["arxiv:1706.03762"]),
        ("doi:10.1000/Tea.1.", ["doi:10.1000/tea.1"]),
        ("(see 10.1000/tea(1))", ["doi:10.1000/tea(1)"]),
        ("https://dl.acm.org/doi/pdf/10.1145/1132736.1132768?download=true", ["doi:10.1145/1132736.1132768"]),
        ("https://www.biorxiv.org/content/10.1101/2020.01.02.123456v2.full.pdf", ["doi:10.1101/2020.01.02.123456"]),
        ("https://x.org/login?to=https%3A%2F%2Fdoi.org%2F10.1000%2Ftea", ["doi:10.1000/tea"]),
        ("https://pubmed.ncbi.nlm.nih.gov/26957754/", ["pmid:26957754"]),
        ("PMID: 26957754; PMCID: PMC4756000", ["pmid:26957754", "pmcid:pmc4756000"]),
        ("pages 1706.03762", []),
        ("arXiv:1713.03762", []),
        ("version 10.1/x", []),
        ("", []),
    ],
)
def test_a_name_is_found_where_it_is_said_and_only_there(text: str, wanted: list[str]) -> None:
    assert names(find_identifiers(text)) == wanted


@pytest.mark.parametrize("text", ["1706.03762 [cs.CL]", "arXiv:1706.03762v5", "https://arxiv.org/abs/1706.03762"])
def test_a_field_for_an_arxiv_id_may_hold_more_than_the_id(text: str) -> None:
    assert names(from_arxiv(text)) == ["arxiv:1706.03762"]


def test_a_field_for_a_doi_may_hold_an_address() -> None:
    assert names(from_doi("http://doi.acm.org/10.1145/1137627.1137631")) == ["doi:10.1145/1137627.1137631"]


def test_a_bare_id_counts_where_a_person_pasted_it() -> None:
    assert names(find_pasted("2406.01234, 1706.03762v2 and hep-th/9603067")) == [
        "arxiv:2406.01234",
        "arxiv:1706.03762",
        "arxiv:hep-th/9603067",
    ]


def test_a_number_inside_a_doi_is_no_arxiv_id() -> None:
    assert names(find_pasted("https://doi.org/10.1000/2406.01234")) == ["doi:10.1000/2406.01234"]
