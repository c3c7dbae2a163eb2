"""Every failure as an RFC 9457 problem document. Input values are never echoed: they may be huge, hostile or secret.

One of the three doors where `except Exception` stands (as FastAPI's handler): the caller gets a problem document
without internals, the log gets the rest.
"""

from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Any, NamedTuple
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import Scope

from datacenter_docs.domain.errors import (
    Broken,
    Conflict,
    DatacenterDocsError,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    Superseded,
    Throttled,
    Unauthenticated,
    Unavailable,
    Unsupported,
)

STATUS: Mapping[type[DatacenterDocsError], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    Refused: HTTPStatus.CONFLICT,
    Unsupported: HTTPStatus.NOT_IMPLEMENTED,
    Throttled: HTTPStatus.TOO_MANY_REQUESTS,
    Superseded: HTTPStatus.SERVICE_UNAVAILABLE,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    Broken: HTTPStatus.BAD_GATEWAY,
}
MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 100
"""So many bad fields are told at most: who sends ten thousand gets a bounded answer."""
MAX_NAME = 100
"""So much of the name of an unknown field is repeated, in characters."""
SENTENCES: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "there is no such field",
    "model_type": "must be a JSON object",
    "model_attributes_type": "must be a JSON object",
}
"""Pydantic's kinds of errors that speak of Python, in the words of JSON."""

log = structlog.get_logger(__name__)


class Problem(BaseModel):
    """A problem document (RFC 9457). `errors`: bad field -> what is wrong with it. Further members tell more."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: dict[str, str] | None = None


RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem document (RFC 9457)",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""For the OpenAPI document: what every route may answer beside its own."""


def describe(app: FastAPI, security_schemes: Mapping[str, Any]) -> None:
    """Put the problem document's schema and the ways to log in among the components, once."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        document["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        document["components"]["securitySchemes"] = dict(security_schemes)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend the document


def problem(
    scope: Scope,
    status: HTTPStatus,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """A problem response to the request of this scope."""
    instance = quote(scope["raw_path"], safe="/%:@!$&'()*+,;=~")
    body = Problem(title=status.phrase, status=status, detail=detail, instance=instance, **more)
    return JSONResponse(
        body.model_dump(exclude_none=True), status, headers=headers, media_type=MEDIA_TYPE
    )


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(DatacenterDocsError, _ours)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(ValidationError, _invalid_value)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DatacenterDocsError):
        raise error
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    more: dict[str, Any] = dict(error.details)
    if isinstance(error, Invalid) and error.fields:
        more["errors"] = dict(error.fields)
    if isinstance(error, Conflict):
        more["differences"] = {
            field: {"stored": old, "sent": new} for field, (old, new) in error.differences.items()
        }
    headers = None
    if isinstance(error, Unavailable):
        headers = {"Retry-After": str(max(1, ceil(error.retry_after_seconds or 1)))}
    if isinstance(error, Unauthenticated):
        invalid = ', error="invalid_token"' if error.presented else ""
        headers = {"WWW-Authenticate": f'Bearer realm="datacenter-docs"{invalid}'}
    return problem(request.scope, status, error.message, headers=headers, **more)


class _Mistake(NamedTuple):
    """One bad field."""

    where: tuple[int | str, ...]
    kind: str
    message: str


async def _unreadable(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    mistakes = [_Mistake(p["loc"], p["type"], p["msg"]) for p in error.errors()]
    if isinstance(error.body, bytes) and any(mistake.where == ("body",) for mistake in mistakes):
        return problem(
            request.scope,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "The body must be JSON: send it with the header Content-Type: application/json.",
        )
    if mistakes[0].kind == "json_invalid":
        why, at = error.errors()[0]["ctx"]["error"], mistakes[0].where[-1]
        return problem(
            request.scope,
            HTTPStatus.BAD_REQUEST,
            f"The body is not valid JSON: {why} at character {at}",
        )
    return _fields(
        request, [mistake._replace(where=mistake.where[1:] or ("body",)) for mistake in mistakes]
    )


async def _invalid_value(request: Request, error: Exception) -> JSONResponse:
    """A domain value that was built from a checked body and is wrong after all."""
    if not isinstance(error, ValidationError):
        raise error
    problems = error.errors(include_input=False, include_url=False)
    return _fields(request, [_Mistake(p["loc"], p["type"], p["msg"]) for p in problems])


def _fields(request: Request, mistakes: list[_Mistake]) -> JSONResponse:
    errors = {_name(mistake): _sentence(mistake) for mistake in mistakes[:MAX_ERRORS]}
    detail = "; ".join(f"{field}: {message}" for field, message in errors.items())
    if len(mistakes) > MAX_ERRORS:
        detail += f"; and {len(mistakes) - MAX_ERRORS} more"
    return problem(request.scope, HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def _name(mistake: _Mistake) -> str:
    """The dotted path. Names of unknown fields are the sender's words: cut, and without half characters."""
    whole = ".".join(map(str, mistake.where)) or "body"
    return whole[:MAX_NAME].encode("utf-8", "replace").decode()


def _sentence(mistake: _Mistake) -> str:
    return SENTENCES.get(mistake.kind, mistake.message.removeprefix("Value error, "))


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # Starlette tells the methods of the first route of that path only.
        allowed = ", ".join(_methods(request))
        detail = f"This can be asked with {allowed} only."
        return problem(
            request.scope, HTTPStatus.METHOD_NOT_ALLOWED, detail, headers={"Allow": allowed}
        )
    return problem(
        request.scope, HTTPStatus(error.status_code), str(error.detail), headers=error.headers
    )


def _methods(request: Request) -> list[str]:
    """What the path of a request may be asked with; the few routes that are not in the document can only be read."""
    for template, methods in request.app.openapi()["paths"].items():
        if compile_path(template)[0].match(request.url.path):
            named = {method.upper() for method in methods}
            return sorted(named | ({"HEAD"} if "GET" in named else set()))
    return ["GET", "HEAD"]


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("request_broke", path=request.url.path, exc_info=error)
    detail = "The server made a mistake; nothing more is known here. Its log has the details."
    return problem(request.scope, HTTPStatus.INTERNAL_SERVER_ERROR, detail)
