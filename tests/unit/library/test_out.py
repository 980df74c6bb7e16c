"""References as reference managers take them: whole, one value a line, and nothing in a title ends a field."""

import json
from datetime import date

import pytest

from digest.library import Reference, to_bibtex, to_csl, to_ris
from digest.types import Author, Identifier

ARXIV = Identifier(scheme="arxiv", value="2406.01234")
DOI = Identifier(scheme="doi", value="10.1000/xyz(1)<2>")
PAPER = Reference(
    title="On the Heat of 3 Cups & $x_{1}^2$ Teapots",
    authors=(
        Author(name="Ada van der Roe"),
        Author(name="Bo Poe Jr"),
        Author(name="Tea and Heat Collaboration", is_group=True),
    ),
    published_on=date(2024, 6, 3),
    identifiers=(ARXIV,),
    abstract="Cups cool by 5 %.",
    category="cs.CL",
)


def test_a_preprint_is_written_as_bibtex_with_its_eprint() -> None:
    written = to_bibtex(references=[PAPER])

    assert written == (
        "@misc{vanderroe2024heat,\n"
        "  title = {{On the Heat of 3 Cups \\& $x_{1}^2$ Teapots}},\n"
        "  author = {van der Roe, Ada and Poe, Jr, Bo and {Tea and Heat Collaboration}},\n"
        "  year = {2024},\n"
        "  month = {6},\n"
        "  doi = {10.48550/arXiv.2406.01234},\n"
        "  eprint = {2406.01234},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.CL},\n"
        "  url = {https://arxiv.org/abs/2406.01234},\n"
        "  abstract = {Cups cool by 5 \\%.},\n"
        "}\n"
    )


def test_a_preprint_is_written_as_ris() -> None:
    written = to_ris(references=[PAPER])

    assert written.split("\r\n") == [
        "TY  - UNPB",
        "TI  - On the Heat of 3 Cups & $x_{1}^2$ Teapots",
        "AU  - van der Roe, Ada",
        "AU  - Poe, Bo, Jr",
        "AU  - Tea and Heat Collaboration",
        "PY  - 2024",
        "DA  - 2024/06/03",
        "DO  - 10.48550/arXiv.2406.01234",
        "AN  - arXiv:2406.01234",
        "PB  - arXiv",
        "UR  - https://arxiv.org/abs/2406.01234",
        "AB  - Cups cool by 5 %.",
        "ER  - ",
        "",
        "",
    ]


def test_a_preprint_is_written_as_csl_json() -> None:
    [written] = json.loads(to_csl(references=[PAPER]))

    assert written == {
        "id": "vanderroe2024heat",
        "type": "article",
        "title": "On the Heat of 3 Cups & $x_{1}^2$ Teapots",
        "author": [
            {"family": "van der Roe", "given": "Ada"},
            {"family": "Poe", "given": "Bo", "suffix": "Jr"},
            {"literal": "Tea and Heat Collaboration"},
        ],
        "issued": {"date-parts": [[2024, 6, 3]]},
        "publisher": "arXiv",
        "number": "arXiv:2406.01234",
        "DOI": "10.48550/arXiv.2406.01234",
        "URL": "https://arxiv.org/abs/2406.01234",
        "abstract": "Cups cool by 5 %.",
    }


def test_a_printed_paper_goes_by_the_journals_doi() -> None:
    printed = Reference(title="Printed", kind="article", journal="J. Tea", identifiers=(ARXIV, DOI))

    bibtex, ris = to_bibtex(references=[printed]), to_ris(references=[printed])

    assert "@article{printed,\n" in bibtex
    assert "  doi = {10.1000/xyz(1)<2>},\n" in bibtex
    assert "TY  - JOUR\r\n" in ris
    assert "T2  - J. Tea\r\n" in ris
    assert "PB  - arXiv" not in ris


@pytest.mark.parametrize(
    "title",
    [
        "A } that ends nothing",
        "A { that begins nothing",
        "Half a $formula",
        "$}{$ is not balanced",
        "Two\r\nER  - \r\nlines",
        "back\\slash at the end\\",
    ],
)
def test_no_title_can_end_a_field_or_a_record(title: str) -> None:
    hostile = Reference(title=title, authors=(Author(name="A } and { B"),), abstract=title)

    bibtex, ris = to_bibtex(references=[hostile, PAPER]), to_ris(references=[hostile, PAPER])

    assert bibtex.count("{") == bibtex.count("}")
    assert bibtex.count("\n@") == 1
    assert ris.count("\r\nER  - \r\n") == 2


def test_two_papers_never_share_a_key() -> None:
    written = json.loads(to_csl(references=[PAPER, PAPER, Reference(title="")]))

    assert [item["id"] for item in written] == ["vanderroe2024heat", "vanderroe2024heat-2", "paper"]


def test_nothing_is_written_of_nothing() -> None:
    assert (to_bibtex(references=[]), to_ris(references=[]), to_csl(references=[])) == ("", "", "[]\n")
