"""The JSON API: what it answers, how it refuses, who may ask and how often."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml.html import fromstring

from digest.models import Paper
from subscriptions.models import RateWindow
from tests.builders import NOW, make_paper

pytestmark = pytest.mark.django_db
EVERYWHERE = ["/api/papers", "/api/papers/1", "/api/trending", "/api/search", "/api/nowhere", "/api/openapi.json"]


@pytest.fixture(autouse=True)
def at_now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def ask(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def refusal(client: Client, path: str, **query: Any) -> tuple[int, dict[str, Any]]:
    answer = client.get(path, query)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    said = json.loads(answer.content)
    assert said["status"] == answer.status_code
    return answer.status_code, said


def test_a_paper_is_told_in_plain_words(client: Client) -> None:
    paper = make_paper(
        title=r"Noise at $10^{-4}$ <b>",
        arxiv="2606.00042",
        abstract=r"We mean $\alpha$.",
        authors=["A. One", "B. Two"],
        categories=["cs.CL", "stat.ML"],
        links={"code": "https://github.com/example/code", "project": "javascript:alert(1)"},
        trending_note="118 upvotes on Hugging Face",
    )

    said = ask(client, f"/api/papers/{paper.pk}")

    assert (said["id"], said["title"], said["abstract"]) == (paper.pk, "Noise at 10⁻⁴ <b>", "We mean α.")
    assert (said["authors"], said["categories"]) == (["A. One", "B. Two"], ["cs.CL", "stat.ML"])
    assert said["identifiers"] == [{"scheme": "arxiv", "value": "2606.00042"}]
    assert said["url"] == "https://arxiv.org/abs/2606.00042"
    assert said["page_url"] == f"http://localhost:8000/papers/{paper.pk}/"
    assert said["links"] == {"code": "https://github.com/example/code", "pdf": "https://arxiv.org/pdf/2606.00042"}
    assert (said["first_seen_at"], said["trending"]) == ("2026-06-09T02:00:00Z", "118 upvotes on Hugging Face")
    assert said["withdrawn"] is False


def test_a_withdrawn_paper_says_so(client: Client) -> None:
    paper = make_paper(withdrawn=True)

    assert ask(client, f"/api/papers/{paper.pk}")["withdrawn"] is True


@pytest.mark.parametrize("paper_id", [1, 2**63 - 1])
def test_a_paper_that_does_not_exist_is_refused_in_words(client: Client, paper_id: int) -> None:
    status, said = refusal(client, f"/api/papers/{paper_id}")

    assert (status, said["detail"]) == (404, f"There is no paper {paper_id}.")


@pytest.mark.parametrize("paper_id", ["0", "-1", "x", "1.5", str(2**63), "9" * 500, "稀疏"])
def test_what_is_no_number_of_a_paper_is_named(client: Client, paper_id: str) -> None:
    status, said = refusal(client, f"/api/papers/{paper_id}")

    assert status == 422
    assert said["errors"][0]["parameter"] == "paper_id"


def test_papers_are_found_by_number_arxiv_id_doi_and_link_and_the_rest_is_named(client: Client) -> None:
    first, second, third = make_paper(arxiv="2606.00001"), make_paper(arxiv="2606.00002"), make_paper()
    third.identifiers.create(scheme="doi", value="10.1000/xyz,1")
    references = ["arXiv:2606.00001v3", "https://arxiv.org/abs/2606.00002", "doi:10.1000/XYZ,1", "2606.99999", "what?"]

    said = ask(client, "/api/papers", ids=[first.pk, 999_999], reference=references)

    assert [paper["id"] for paper in said["papers"]] == [first.pk, second.pk, third.pk]
    assert said["missing"] == ["999999", "2606.99999", "what?"]


def test_an_identifier_of_another_scheme_is_not_the_one_that_was_asked_for(client: Client) -> None:
    make_paper().identifiers.create(scheme="other", value="10.1000/xyz")

    assert ask(client, "/api/papers", reference="10.1000/xyz")["missing"] == ["10.1000/xyz"]


def test_too_many_papers_at_once_are_refused(client: Client) -> None:
    status, said = refusal(client, "/api/papers", ids=list(range(1, 102)))

    assert (status, said["errors"][0]["parameter"]) == (422, "ids")


def test_trending_papers_come_with_what_they_are_trending_for(client: Client) -> None:
    make_paper(title="Second", signals={"huggingface_upvotes": 3})
    make_paper(title="First", signals={"huggingface_upvotes": 7})
    make_paper(title="Quiet")

    said = ask(client, "/api/trending", period="day")

    assert said["period"] == "day"
    assert [(paper["title"], paper["trending"]) for paper in said["papers"]] == [
        ("First", "7 upvotes on Hugging Face"),
        ("Second", "3 upvotes on Hugging Face"),
    ]


def test_a_search_takes_what_the_page_takes(client: Client) -> None:
    make_paper(title="Sparse attention", categories=["cs.CL"], seen=NOW)
    make_paper(title="Sparse attention too", categories=["cs.CL"], seen=NOW - timedelta(days=1))
    make_paper(title="Sparse attention elsewhere", categories=["cs.CV"])
    query = {"q": "sparse attention", "sort": "newest", "category": "cs.cl", "per_page": 1}

    first, second = (ask(client, "/api/search", **query, page=page) for page in (1, 2))

    assert ([paper["title"] for paper in first["papers"]], first["has_next"]) == (["Sparse attention"], True)
    assert ([paper["title"] for paper in second["papers"]], second["has_next"]) == (["Sparse attention too"], False)
    assert (first["total"], first["has_more_than_total"], first["notes"]) == (2, False, [])


def test_what_a_search_could_not_use_is_said(client: Client) -> None:
    assert "is not closed" in ask(client, "/api/search", q='"sparse')["notes"][0]


def test_a_page_beyond_what_is_counted_is_empty_and_says_why(client: Client) -> None:
    make_paper()

    said = ask(client, "/api/search", page=11, per_page=100)

    assert (said["papers"], said["total"], said["page"]) == ([], 1, 11)
    assert said["notes"] == ["Only the first 1,000 papers can be leafed through."]


@pytest.mark.parametrize(
    "typed", ["稀疏注意力", "مقالة", "x" * 10_000, "'; DROP TABLE digest_paper; --", "<b>", '"', "-"]
)
def test_a_search_of_any_letters_is_answered(client: Client, typed: str) -> None:
    assert ask(client, "/api/search", q=typed)["page"] == 1


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ({"category": "cs.LX"}, "category", "cs.LG (Machine Learning)"),
        ({"sort": "best"}, "sort", "'relevance', 'newest' or 'trending'"),
        ({"since": "soon"}, "since", "A day is written like 2026-05-31."),
        ({"until": "1780000000"}, "until", "A day is written like 2026-05-31."),
        ({"since": "2026-02-30"}, "since", "day"),
        ({"page": "0"}, "page", "greater than or equal to 1"),
        ({"per_page": "101"}, "per_page", "less than or equal to 100"),
    ],
)
def test_a_wrong_parameter_is_named_with_one_clear_sentence(
    client: Client, query: dict[str, str], parameter: str, words: str
) -> None:
    status, said = refusal(client, "/api/search", **query)

    assert (status, said["errors"][0]["parameter"]) == (422, parameter)
    assert words in said["detail"]


def test_a_null_character_is_refused_before_the_database_sees_it(client: Client) -> None:
    status, said = refusal(client, "/api/search", q="a\0b")

    assert (status, said["detail"]) == (422, "No parameter may hold a null character.")


def test_an_address_that_leads_nowhere_is_refused_in_words(client: Client) -> None:
    status, said = refusal(client, "/api/nowhere/at/all")

    assert (status, said["detail"]) == (404, "There is nothing at this address; /api/ lists what there is.")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", EVERYWHERE)
def test_nothing_can_be_changed(client: Client, path: str, method: str) -> None:
    answer = getattr(client, method)(path)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert json.loads(answer.content)["detail"] == "This can only be read: ask with GET."


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_site_may_read_every_answer(client: Client, path: str) -> None:
    answer = client.get(path, headers={"origin": "https://elsewhere.example"})

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.has_header("Access-Control-Allow-Credentials")
    assert not answer.cookies


def test_a_browser_may_ask_beforehand(client: Client) -> None:
    answer = client.options("/api/search", headers={"access-control-request-headers": "if-none-match"})

    assert (answer.status_code, answer["Access-Control-Allow-Headers"]) == (204, "If-None-Match")


@pytest.mark.parametrize("path", ["/api/papers", "/api/trending", "/api/search", "/api/openapi.json"])
def test_who_has_the_answer_already_is_told_so(client: Client, path: str) -> None:
    first = client.get(path)

    again = client.get(path, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content, first["Cache-Control"]) == (304, b"", "public, max-age=60")
    assert again["Access-Control-Allow-Origin"] == "*"


def test_head_gives_the_same_headers(client: Client) -> None:
    got, head = client.get("/api/search"), client.head("/api/search")

    assert (head.status_code, head["ETag"], head.content) == (200, got["ETag"], b"")


def test_one_network_is_answered_so_often_a_minute(client: Client, settings: LazySettings) -> None:
    settings.API_PER_MINUTE = 2
    with time_machine.travel(NOW, tick=False) as clock:
        allowed = [client.get("/api/search").status_code for _ in range(2)]
        clock.shift(timedelta(seconds=20))
        refused = client.get("/api/trending")
        clock.shift(timedelta(seconds=int(refused["Retry-After"])))
        later = client.get("/api/search")

    assert (allowed, refused.status_code, refused["Retry-After"], later.status_code) == ([200, 200], 429, "40", 200)
    assert "2 questions a minute" in json.loads(refused.content)["detail"]


def test_another_network_is_not_held_up(client: Client, settings: LazySettings) -> None:
    settings.API_PER_MINUTE = 1
    client.get("/api/search", REMOTE_ADDR="192.0.2.1")

    assert client.get("/api/search", REMOTE_ADDR="192.0.2.1").status_code == 429
    assert client.get("/api/search", REMOTE_ADDR="198.51.100.1").status_code == 200


def test_what_counts_is_kept_under_a_hash_and_is_all_that_is_written(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/search", {"q": "private matter"}, REMOTE_ADDR="192.0.2.1")

    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert all("subscriptions_ratewindow" in sql for sql in written)
    assert "192.0.2.1" not in RateWindow.objects.get().key


def test_without_a_limit_nothing_is_counted(client: Client, settings: LazySettings) -> None:
    settings.API_PER_MINUTE = 0

    client.get("/api/search")

    assert not RateWindow.objects.exists()


@pytest.mark.parametrize("path", ["/api/papers?ids=", "/api/trending?limit=100", "/api/search?per_page=100"])
def test_an_answer_costs_the_same_queries_however_many_papers_are_in_it(
    client: Client, settings: LazySettings, path: str
) -> None:
    settings.API_PER_MINUTE = 0
    costs = []
    for most in (2, 40):
        papers = [make_paper(signals={"huggingface_upvotes": 5}) for _ in range(most)]
        with CaptureQueriesContext(connection) as queries:
            client.get(path.replace("ids=", "&".join(f"ids={paper.pk}" for paper in papers)))
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_a_fault_of_ours_shows_nothing_of_the_inside(client: Client, make_paper: Callable[..., Paper]) -> None:
    paper = make_paper()
    Paper.objects.filter(pk=paper.pk).update(authors=[{"no name": "a secret of the inside"}])

    status, said = refusal(client, f"/api/papers/{paper.pk}")

    assert (status, said["detail"]) == (500, "Something broke on our side. Please ask again later.")


def test_the_page_shows_every_question_without_a_script_of_its_own(client: Client) -> None:
    answer = client.get(reverse("api"))

    page = answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "<script>" not in page
    for question in ("/api/papers/{paper_id}", "/api/papers", "/api/trending", "/api/search"):
        assert f"GET {question}</code>" in page
    assert "60 questions a minute" in page


def test_every_example_of_the_page_is_answered(client: Client) -> None:
    page = fromstring(client.get(reverse("api")).content)
    examples = [str(link.get("href")) for link in page.iterfind(".//p[@class='api-path']/code/a")]

    answers = [client.get(example.removeprefix("http://localhost:8000")).status_code for example in examples]

    assert answers == [404, 200, 200, 200]  # nobody has paper 12 here


def test_every_word_of_the_page_is_said(client: Client) -> None:
    page = client.get(reverse("api")).content.decode()

    assert "<dd>\n        \n      </dd>" not in page
    assert page.count("<dd>") > 40
