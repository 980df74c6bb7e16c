"""What people paste to name a paper."""

import pytest

from digest.sources import canonical
from digest.types import Identifier
from subscriptions.identifiers import UnknownReference, parse_paper_reference


@pytest.mark.parametrize(
    "text",
    [
        "2406.01234",
        " 2406.01234v3 ",
        "arXiv:2406.01234",
        "ARXIV: 2406.01234v2",
        "https://arxiv.org/abs/2406.01234",
        "http://arxiv.org/abs/2406.01234v12",
        "https://www.arxiv.org/pdf/2406.01234v1.pdf",
        "https://arxiv.org/pdf/2406.01234.",
        "arxiv.org/html/2406.01234v1#S2",
        "https://export.arxiv.org/abs/2406.01234?context=cs.CL",
        "https://huggingface.co/papers/2406.01234",
        "https://hf.co/papers/2406.01234",
        "https://www.alphaxiv.org/abs/2406.01234v1",
        "https://www.alphaxiv.org/overview/2406.01234",
        "https://ar5iv.labs.arxiv.org/html/2406.01234",
        "10.48550/arXiv.2406.01234",
        "https://doi.org/10.48550/arXiv.2406.01234",
        "<https://arxiv.org/abs/2406.01234>",
    ],
)
def test_every_way_to_name_an_arxiv_paper_is_the_same_paper(text: str) -> None:
    assert parse_paper_reference(text) == ("arxiv", "2406.01234")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("hep-th/9901001", "hep-th/9901001"),
        ("hep-th/9901001v2", "hep-th/9901001"),
        ("math.GT/0309136", "math/0309136"),
        ("https://arxiv.org/abs/cond-mat/0609022", "cond-mat/0609022"),
        ("cond-mat.mes-hall/0609022", "cond-mat/0609022"),
        ("0704.0001", "0704.0001"),
    ],
)
def test_old_arxiv_ids_are_read_without_their_subject_class(text: str, value: str) -> None:
    assert parse_paper_reference(text) == ("arxiv", value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10.1000/XYZ-123", "10.1000/xyz-123"),
        ("doi:10.1000/xyz", "10.1000/xyz"),
        ("https://doi.org/10.1000/xyz?utm=1", "10.1000/xyz"),
        ("http://dx.doi.org/10.1000%2Fxyz", "10.1000/xyz"),
        ("10.1002/(SICI)1097-4571(199806)49:8", "10.1002/(sici)1097-4571(199806)49:8"),
        ("10.1000/xyz.", "10.1000/xyz"),
    ],
)
def test_a_doi_is_read_in_lower_case(text: str, value: str) -> None:
    assert parse_paper_reference(text) == ("doi", value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "2413.01234",  # there is no thirteenth month
        "2406.0123",  # a number of that year has five digits: this one lost a zero
        "0704.00011",
        "2406.012345",
        "https://example.org/2406.01234",
        "https://arxiv.org/list/cs.CL/recent",
        "https://arxiv.org.example.org/abs/2406.01234",
        "10.1000/",
        "10.48550/arXiv.nonsense",
        "https://doi.org/10.1000/a%00b",
        "10.1000/" + "x" * 200,
        "2406.01234 2406.01235",
        "٢٤٠٦.٠١٢٣٤",
        "2" * 100_000,
    ],
)
def test_what_names_no_paper_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UnknownReference, match="no arXiv id, DOI or link") as refused:
        parse_paper_reference(text)

    assert refused.value.field == "papers"


@pytest.mark.parametrize(
    "doi",
    [
        "10.48550/arXiv.2606.01234",
        "10.48550/ARXIV.2606.01234V2",
        "10.48550/arXiv.0704.0001",
        "10.48550/arXiv.1412.9999v12",
        "10.48550/arXiv.hep-th/9901001",
        "10.48550/arXiv.solv-int/9901001v1",
        "10.48550/arXiv.math.GT/0309136",
        "10.48550/arXiv.cond-mat.mes-hall/0609022",
        "10.5555/arXiv.2606.01234",
        "10.5555/V2.ABC",
    ],
)
def test_a_doi_names_the_same_paper_for_readers_and_for_sources(doi: str) -> None:
    of_sources = canonical(Identifier(scheme="doi", value=doi))

    assert parse_paper_reference(doi) == (of_sources.scheme, of_sources.value)


@pytest.mark.parametrize("doi", ["10.48550/arXiv.2613.01234", "10.48550/arXiv.dataset"])
def test_neither_readers_nor_sources_take_a_name_that_is_no_id_for_a_paper_of_arxiv(doi: str) -> None:
    of_sources = canonical(Identifier(scheme="doi", value=doi))

    assert of_sources.scheme == "doi"
    with pytest.raises(UnknownReference):
        parse_paper_reference(doi)
