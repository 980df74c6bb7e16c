"""A paper's own page, and its citation."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from digest.models import Paper, PaperIdentifier, PaperVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(make_paper: Callable[..., Paper]) -> Paper:
    row = make_paper(
        title=r"Noise & Bounds of $10^{-4}$ in 100% of {Cases}_1",
        arxiv="2606.00042",
        abstract=r"We bound $\mathcal{O}(n^2)$ <b>tightly</b>.",
        authors=["Amara Okonjo-Reyes", "Ilse van der Berg", "Suryakanti"],
        categories=["cs.CL", "math.PR"],
        submitted_at=datetime(2026, 6, 7, 10, 30, tzinfo=UTC),
        updated_at=datetime(2026, 6, 9, 10, 30, tzinfo=UTC),
        links={"code": "https://code.example.org/x", "huggingface": "https://huggingface.co/papers/2606.00042"},
        comments="12 pages",
    )
    PaperVersion.objects.create(paper=row, number=2, submitted_at=row.updated_at)
    PaperIdentifier.objects.create(paper=row, scheme="doi", value="10.1000/xyz_1")
    return row


def cite(client: Client, paper: Paper, form: str) -> str:
    return client.get(reverse("cite", args=[paper.pk, form])).content.decode()


def test_the_page_says_everything_of_a_paper(client: Client, paper: Paper) -> None:
    page = client.get(reverse("paper", args=[paper.pk])).content.decode()

    for said in (
        "<msup><mn>10</mn>",
        "Noise &amp; Bounds of 10⁻⁴",
        "<mi>𝒪</mi>",
        "&lt;b&gt;tightly&lt;/b&gt;",
        "https://arxiv.org/abs/2606.00042",
        "https://arxiv.org/pdf/2606.00042",
        "https://arxiv.org/abs/2606.00042v2",
        "https://code.example.org/x",
        "https://huggingface.co/papers/2606.00042",
        "Sunday, 7 June 2026",
        "Tuesday, 9 June 2026",
        "12 pages",
        "arXiv:2606.00042",
        "DOI:10.1000/xyz_1",
        reverse("category", args=["math.PR"]),
        f"{reverse('sign_up')}?author=Ilse+van+der+Berg",
        f"{reverse('search')}?author=Suryakanti",
        reverse("more_like", args=[paper.pk]),
        reverse("cite", args=[paper.pk, "ris"]),
    ):
        assert said in page, said


def test_the_title_of_the_window_is_plain_text(client: Client, paper: Paper) -> None:
    page = client.get(reverse("paper", args=[paper.pk])).content.decode()

    assert page.split("<title>")[1].startswith("Noise &amp; Bounds of 10⁻⁴ in 100% of Cases_1 ·")


def test_what_is_shared_of_the_page_is_the_paper_and_is_said_once(client: Client, paper: Paper) -> None:
    page = client.get(reverse("paper", args=[paper.pk])).content.decode()

    title, summary = "Noise &amp; Bounds of 10⁻⁴ in 100% of Cases_1", "We bound"
    assert f'content="{title}"' in page
    assert 'content="article"' in page
    assert page.count('name="description"') == 1
    assert page.count(f'content="{summary}') == 2


def test_a_withdrawn_paper_says_so(client: Client, paper: Paper) -> None:
    Paper.objects.update(withdrawn=True)

    assert "This paper was withdrawn" in client.get(reverse("paper", args=[paper.pk])).content.decode()


@pytest.mark.parametrize("name", ["paper", "more_like"])
@pytest.mark.parametrize("number", [0, 999_999, 2**63, 10**40])
def test_a_paper_that_does_not_exist_is_answered_with_a_page_for_people(client: Client, name: str, number: int) -> None:
    answer = client.get(reverse(name, args=[number]))

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_paper_without_anything_but_a_title_has_its_page(client: Client, make_paper: Callable[..., Paper]) -> None:
    bare = make_paper(title="$", abstract="", authors=[], categories=[], submitted_at=None, announced_on=None)
    bare.identifiers.all().delete()

    assert client.get(reverse("paper", args=[bare.pk])).status_code == 200
    for form in ("bibtex", "ris", "csl"):
        assert client.get(reverse("cite", args=[bare.pk, form])).status_code == 200


def test_more_like_this_leads_to_the_sign_up_and_shows_what_is_alike(
    client: Client, make_paper: Callable[..., Paper]
) -> None:
    about = make_paper(title="Sparse attention for marsupials")
    make_paper(title="Attention of marsupials")

    page = client.get(reverse("more_like", args=[about.pk])).content.decode()

    assert f'href="{reverse("sign_up")}?like={about.pk}"' in page
    assert "Attention of marsupials" in page


def test_the_queries_do_not_grow_with_authors_versions_or_papers_alike(
    client: Client, make_paper: Callable[..., Paper], paper: Paper
) -> None:
    counts = []
    for number in (8, 20):
        for _ in range(number):
            make_paper(title="Noise Bounds Cases", authors=["Ada Example"] * 50)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("paper", args=[paper.pk]))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 9


def test_bibtex_is_read_by_a_parser(client: Client, paper: Paper) -> None:
    library = parse_string(cite(client, paper, "bibtex"))

    assert library.failed_blocks == []
    entry = library.entries[0]
    fields = {field.key: field.value for field in entry.fields}
    assert (entry.entry_type, entry.key) == ("misc", "okonjoreyes2026noise")
    assert fields["author"] == "Okonjo-Reyes, Amara and van der Berg, Ilse and {Suryakanti}"
    assert fields["title"] == r"{Noise \& Bounds of 10⁻⁴ in 100\% of Cases\_1}"
    assert (fields["eprint"], fields["archivePrefix"], fields["primaryClass"]) == ("2606.00042", "arXiv", "cs.CL")
    assert (fields["year"], fields["doi"]) == ("2026", "10.1000/xyz_1")


def test_a_paper_in_a_journal_is_an_article(client: Client, paper: Paper) -> None:
    Paper.objects.update(journal_ref="J. Inv. {Res} 12, 3")

    entry = parse_string(cite(client, paper, "bibtex")).entries[0]

    assert entry.entry_type == "article"
    assert entry.fields_dict["journal"].value == "J. Inv. Res 12, 3"


def test_ris_is_read_by_a_parser(client: Client, paper: Paper) -> None:
    (entry,) = rispy.loads(cite(client, paper, "ris"))

    assert entry["type_of_reference"] == "UNPB"
    assert entry["title"] == "Noise & Bounds of 10⁻⁴ in 100% of Cases_1"
    assert entry["authors"] == ["Okonjo-Reyes, Amara", "van der Berg, Ilse", "Suryakanti"]
    assert (entry["year"], entry["doi"]) == ("2026", "10.1000/xyz_1")


def test_csl_is_json_with_one_item(client: Client, paper: Paper) -> None:
    (item,) = json.loads(cite(client, paper, "csl"))

    assert item["author"][1:] == [{"family": "van der Berg", "given": "Ilse"}, {"literal": "Suryakanti"}]
    assert item["issued"] == {"date-parts": [[2026, 6, 7]]}
    assert (item["type"], item["DOI"], item["number"]) == ("article", "10.1000/xyz_1", "arXiv:2606.00042")


def test_a_citation_is_a_file_with_a_plain_name_and_an_unknown_form_leads_nowhere(client: Client, paper: Paper) -> None:
    answer = client.get(reverse("cite", args=[paper.pk, "bibtex"]))

    assert answer["Content-Disposition"] == 'attachment; filename="okonjoreyes2026noise.bib"'
    assert client.get(reverse("cite", args=[paper.pk, "word"])).status_code == 404


def test_without_a_journals_doi_arxivs_own_is_cited(client: Client, make_paper: Callable[..., Paper]) -> None:
    (item,) = json.loads(cite(client, make_paper(arxiv="2606.00043"), "csl"))

    assert item["DOI"] == "10.48550/arXiv.2606.00043"
