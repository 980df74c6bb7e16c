"""The API described: as an OpenAPI document for programs, and as a page for people. Both come from the schemas."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pydantic.json_schema import models_json_schema

from digest.api.operations import api
from digest.api.problems import CONTENT_TYPE
from digest.api.schemas import Problem, WrongParameter

REFUSALS = {
    "404": "There is no such thing.",
    "422": "A parameter cannot be used; it is named.",
    "429": "Asked too often; Retry-After says in how many seconds to ask again.",
}
EXAMPLES = {
    "paper": "/api/papers/12",
    "papers": "/api/papers?reference=arXiv:2406.01234&reference=10.1000/xyz",
    "trending": "/api/trending?period=day&limit=10",
    "search": "/api/search?q=%22sparse+attention%22&sort=newest&category=cs.CL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A parameter or a field, in words."""

    name: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A question, in words."""

    name: str
    path: str
    summary: str
    words: str
    example: str
    parameters: tuple[Described, ...]
    answer: tuple[Described, ...]


def openapi_json(request: HttpRequest) -> HttpResponse:
    """Give the OpenAPI document."""
    return JsonResponse({**openapi(), "servers": [{"url": settings.SITE_URL}]}, json_dumps_params={"indent": 1})


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show every question with its parameters and what is answered, without a script."""
    page = {
        "operations": list(operations()),
        "paper": _fields(openapi()["components"]["schemas"]["Paper"]),
        "per_minute": settings.API_PER_MINUTE,
    }
    return render(request, "digest/api.html", page)


@cache
def openapi() -> dict[str, Any]:
    """Describe the API: what ninja knows of it, and the refusals that the frame adds."""
    document: dict[str, Any] = deepcopy(dict(api.get_openapi_schema(path_prefix="api/")))
    _, extra = models_json_schema(
        [(Problem, "serialization"), (WrongParameter, "serialization")], ref_template="#/components/schemas/{model}"
    )
    document["components"]["schemas"] |= extra["$defs"]
    for methods in document["paths"].values():
        del methods["head"]  # as GET, and an operation's id must be its own
        for status, words in REFUSALS.items():
            methods["get"]["responses"][status] = _refusal(words)
    return document


def operations() -> Iterator[Operation]:
    """Read every question off the OpenAPI document."""
    document = openapi()
    for path, methods in document["paths"].items():
        said = methods["get"]
        answered = said["responses"][200]["content"]["application/json"]["schema"]
        yield Operation(
            name=said["operationId"],
            path=path,
            summary=_(said["summary"]),
            words=_(said["description"]),
            example=f"{settings.SITE_URL}{EXAMPLES[said['operationId']]}",
            parameters=tuple(
                Described(name=each["name"], kind=_kind(each["schema"]), words=_words(each))
                for each in said["parameters"]
            ),
            answer=_fields(_resolve(answered)),
        )


def _refusal(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {CONTENT_TYPE: {"schema": schema}}}


def _fields(schema: Mapping[str, Any]) -> tuple[Described, ...]:
    named = schema["properties"].items()
    return tuple(Described(name=name, kind=_kind(said), words=_words(said)) for name, said in named)


def _words(said: Mapping[str, Any]) -> str:
    return _(said["description"]) if said.get("description") else ""


def _resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schema
    if "$ref" in schema:
        found = openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _kind(schema: Mapping[str, Any]) -> str:
    """Say in a few words of what kind a value is: "integer, 1 to 100, else 50"."""
    schema = {**_resolve(next(iter(schema.get("allOf", ())), schema)), **schema}
    if "anyOf" in schema:
        return _kind(next(each for each in schema["anyOf"] if each.get("type") != "null"))
    if schema.get("type") == "array":
        return f"{_kind(schema['items'])} []"
    kind = str(schema.get("format") or schema.get("type") or "")
    if "enum" in schema and len(schema["enum"]) <= 5:
        kind = " | ".join(schema["enum"])
    if "$ref" in schema and "enum" not in schema:
        kind = schema["$ref"].rpartition("/")[2]
    if "minimum" in schema and schema["maximum"] < 2**31:
        kind += f" {schema['minimum']}-{schema['maximum']}"
    return f"{kind} = {schema['default']}" if schema.get("default") not in (None, "", []) else kind
