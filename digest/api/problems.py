"""Every refusal as problem details (RFC 9457): a status, and one sentence that a person understands."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from digest.api.schemas import Problem, WrongParameter

logger = logging.getLogger("django.request")

CONTENT_TYPE = "application/problem+json"
ERRORS_NAMED = 20


def problem(*, status: int, detail: str, errors: Sequence[WrongParameter] = ()) -> HttpResponse:
    """Write a refusal; it is kept by no cache."""
    said = Problem(
        type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors)
    )
    body = json.dumps(said.model_dump(exclude_defaults=True), ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def answer_with_problems(*, api: NinjaAPI) -> None:
    """Have what goes wrong in an operation answered as a problem."""
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(Exception, _broken)


def no_such_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer an address under the API's that leads nowhere."""
    return problem(status=404, detail="There is nothing at this address; /api/ lists what there is.")


def _not_found(request: HttpRequest, error: Http404 | type[Http404]) -> HttpResponse:
    return problem(status=404, detail=str(error))


def _not_valid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    found = error.errors if isinstance(error, ValidationError) else []
    errors = [_wrong(each) for each in found[:ERRORS_NAMED]]
    first = f"{errors[0].parameter}: {errors[0].detail}" if errors else "The question cannot be read."
    return problem(status=422, detail=first, errors=errors)


def _broken(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    logger.error("Internal Server Error: %s", request.path, exc_info=error if isinstance(error, Exception) else None)
    return problem(status=500, detail="Something broke on our side. Please ask again later.")


def _wrong(error: Mapping[str, Any]) -> WrongParameter:
    """Name the parameter as it stands in the address, and say what is wrong with it.

    What was typed is not repeated: it may be of any length.
    """
    names = [str(part) for part in error["loc"] if isinstance(part, str) and part not in {"query", "path"}]
    sentence = str(error["msg"]).removeprefix("Value error, ")
    return WrongParameter(parameter=names[-1] if names else "", detail=sentence)
