"""One spelling for every name of a paper or a category."""

import time

import pytest

from digest.sources._ids import ArxivId, find_arxiv_id, parse_arxiv_id, parse_categories, parse_dois
from digest.types import Identifier


@pytest.mark.parametrize(
    ("text", "value", "version"),
    [
        ("2606.01234", "2606.01234", None),
        ("2606.01234v12", "2606.01234", 12),
        ("arXiv:2606.01234v1", "2606.01234", 1),
        ("oai:arXiv.org:2606.01234v2", "2606.01234", 2),
        ("http://arxiv.org/abs/2606.01234v3", "2606.01234", 3),
        ("https://arxiv.org/pdf/2606.01234v1.pdf", "2606.01234", 1),
        ("0704.0001", "0704.0001", None),
        ("1412.9999", "1412.9999", None),
        ("1501.00001", "1501.00001", None),
        ("hep-th/9901001", "hep-th/9901001", None),
        ("astro-ph/0601001v2", "astro-ph/0601001", 2),
        ("math.CA/0611800", "math/0611800", None),
        ("cond-mat.mes-hall/0001001", "cond-mat/0001001", None),
    ],
)
def test_an_id_is_read_in_every_style_and_its_version_kept_apart(text: str, value: str, version: int | None) -> None:
    found = parse_arxiv_id(text)

    assert found == ArxivId(value=value, version=version)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000.0000",
        "2613.01234",  # there is no thirteenth month
        "2606.0123",  # a number that lost a zero
        "0703.0001",  # before the new style
        "1412.00001",  # before five digits
        "hep-th/0704001",  # after the old style
        "hep-th/9913001",
        "2606.01234v0",
        "10.5555/2606.01234",
        "2606.01234 and more",
    ],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    found = parse_arxiv_id(text)

    assert found is None


def test_an_id_is_found_in_the_ruins_of_a_record() -> None:
    found = find_arxiv_id("<guid>oai:arXiv.org:2606.01234v1</gu")

    assert found == "2606.01234"


def test_several_dois_in_one_field_are_several_names() -> None:
    found = parse_dois("doi:10.5555/ABC.1 https://doi.org/10.5555/abc.2, nonsense")

    assert [name.value for name in found] == ["10.5555/abc.1", "10.5555/abc.2"]


def test_arxivs_own_doi_is_the_arxiv_id() -> None:
    found = parse_dois("10.48550/arXiv.2606.01234")

    assert found == (Identifier(scheme="arxiv", value="2606.01234"),)


def test_classes_of_other_systems_are_no_categories() -> None:
    found = parse_categories(["cs.CL", "68T50", "I.2.7", "hep-th", "cs.CL", "cond-mat.mes-hall", "a" * 40])

    assert found == ("cs.CL", "hep-th", "cond-mat.mes-hall")


def test_a_text_without_an_id_is_searched_in_no_time() -> None:
    began = time.perf_counter()

    found = find_arxiv_id("a-" * 50_000)

    assert (found, time.perf_counter() - began < 2) == ("", True)
