"""Nothing personal reaches a log line."""

import io
import logging
import time
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from digest.logs import BlottingFormatter, blot

TOKEN = "eyJzIjoxMjN9:1sT0kEn:Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"


@pytest.mark.parametrize(
    "path", ["/confirm/{}/", "/preferences/{}/interests/3/", "/unsubscribe/{}/", "/digest/{}/?print=1", "/address/{}"]
)
def test_a_links_token_is_blotted_out(path: str) -> None:
    line = "Not Found: " + path.format(TOKEN)

    assert blot(line) == "Not Found: " + path.format("[...]")


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_the_link_of_a_reader_s_feed_is_blotted_out(form: str) -> None:
    assert blot(f"Gone: /feeds/mine/{'AbC_-012' * 5}xy.{form}") == "Gone: /feeds/mine/[...]"


@pytest.mark.parametrize("address", ["ada@example.org", "ada.b+papers@mail.example.co.uk", "ada%40example.org"])
def test_an_address_is_blotted_out(address: str) -> None:
    assert blot(f"550 <{address}>: no such reader") == "550 <[...]>: no such reader"


@pytest.mark.parametrize(
    "line",
    [
        "Paper 2406.01234 rejected: no title",
        "celery@worker-1 ready.",
        'File "/app/digest/pipeline/a_rather_long_module_name.py", line 3, in build',
        "GET /preferences/ 404",
        "Task digest.tasks.deliver[0b7cfa3e-8f55-4a1c-9b49-5f6f3f3c9d11] received",
    ],
)
def test_an_ordinary_line_stays_as_it_is(line: str) -> None:
    assert blot(line) == line


@pytest.fixture
def logged() -> Iterator[Callable[[], str]]:
    """Listen to Django's request log through our formatter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(BlottingFormatter("%(message)s"))
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield stream.getvalue
    logger.removeHandler(handler)


def test_a_traceback_is_blotted_too(logged: Callable[[], str]) -> None:
    try:
        raise ValueError("ada@example.org is not known")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: /confirm/%s/", TOKEN)

    assert "ValueError: [...] is not known" in logged()
    assert TOKEN not in logged()


@pytest.mark.django_db
def test_a_page_that_is_not_there_is_logged_without_its_token(client: Client, logged: Callable[[], str]) -> None:
    client.get(f"/no-such-page/{TOKEN}/")

    assert logged() == "Not Found: /no-such-page/[...]/\n"


def test_a_very_long_line_is_blotted_in_no_time() -> None:
    began = time.perf_counter()

    blotted = blot("x" * 200_000 + " ada@example.org")

    assert (blotted[-6:], time.perf_counter() - began < 2) == (" [...]", True)
