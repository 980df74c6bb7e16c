"""The API keeps what its OpenAPI document promises, whatever is asked: schemathesis makes questions of the document."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from digest.api.description import openapi
from digest.wsgi import application
from tests.builders import make_paper

pytestmark = pytest.mark.django_db
ADDRESSES = sorted(openapi()["paths"])
PLAIN = {"Accept-Encoding": "identity"}  # over WSGI nobody unpacks
QUESTIONS = 25  # for each address, of each kind


@pytest.fixture
def schema(settings: LazySettings) -> Iterator[Any]:
    """The document as a program reads it, over a site with a few papers and no limit.

    The site is asked as a server would ask it, but within the transaction of a test, which may not be closed.
    """
    import schemathesis  # takes seconds, and only these tests need it

    settings.API_PER_MINUTE = 0
    for _ in range(3):
        make_paper(signals={"huggingface_upvotes": 10})
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("kind", ["positive", "negative"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_as_described(schema: Any, address: str, kind: str) -> None:
    from schemathesis import GenerationMode

    questions = schema[address]["GET"].as_strategy(generation_mode=GenerationMode(kind))

    @given(case=questions)
    @hypothesis_settings(max_examples=QUESTIONS, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        case.call_and_validate(headers=PLAIN)

    ask()


def test_the_document_itself_is_valid(schema: Any) -> None:
    schema.validate()
