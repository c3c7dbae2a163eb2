"""Every failure as an RFC 9457 problem document. Input values are never echoed: they may be huge, hostile or secret.

One of the three doors where `except Exception` stands (as FastAPI's handler): the caller gets a problem document
without internals, the log gets the rest.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

from datacenter_docs.domain.errors import (
    Broken,
    Conflict,
    DatacenterDocsError,
    Invalid,
    NotFound,
    Refused,
    Unavailable,
    Unsupported,
)

STATUS: Mapping[type[DatacenterDocsError], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Refused: HTTPStatus.CONFLICT,
    Unsupported: HTTPStatus.NOT_IMPLEMENTED,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    Broken: HTTPStatus.BAD_GATEWAY,
}
MEDIA_TYPE = "application/problem+json"

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


def describe(app: FastAPI) -> None:
    """Put the problem document's schema among the components, once."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        document["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend the document


def problem(
    status: HTTPStatus, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """A problem response."""
    body = Problem(title=status.phrase, status=status, detail=detail, **more).model_dump(
        exclude_none=True
    )
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


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
        headers = {"Retry-After": str(max(1, round(error.retry_after_seconds or 1)))}
    return problem(status, error.message, headers=headers, instance=request.url.path, **more)


async def _unreadable(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    problems = error.errors()
    if any(p["type"] == "json_invalid" for p in problems):
        where = problems[0].get("ctx", {}).get("error", "")
        return problem(
            HTTPStatus.BAD_REQUEST,
            f"The body is not valid JSON: {where}",
            instance=request.url.path,
        )
    return _fields(request, [(p["loc"][1:] or p["loc"], p["msg"]) for p in problems])


async def _invalid_value(request: Request, error: Exception) -> JSONResponse:
    """A domain value that was built from a checked body and is wrong after all."""
    if not isinstance(error, ValidationError):
        raise error
    return _fields(
        request,
        [(p["loc"], p["msg"]) for p in error.errors(include_input=False, include_url=False)],
    )


def _fields(request: Request, problems: list[tuple[tuple[int | str, ...], str]]) -> JSONResponse:
    errors = {
        ".".join(map(str, loc)) or "body": msg.removeprefix("Value error, ")
        for loc, msg in problems
    }
    detail = "; ".join(f"{field}: {message}" for field, message in errors.items())
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, detail, instance=request.url.path, errors=errors
    )


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    return problem(
        HTTPStatus(error.status_code),
        str(error.detail),
        headers=error.headers,
        instance=request.url.path,
    )


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("request_broke", path=request.url.path, exc_info=error)
    detail = "The server made a mistake; nothing more is known here. Its log has the details."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail, instance=request.url.path)
