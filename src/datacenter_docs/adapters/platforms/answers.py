"""From the wire to our values: contract models in, domain values out, typed errors raised."""

import json
from typing import Any, TypeVar

from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, ValidationError

from datacenter_docs.domain.errors import (
    Broken,
    DatacenterDocsError,
    Invalid,
    NotFound,
    Refused,
    Unavailable,
    Unsupported,
)
from datacenter_docs.domain.estate import Resource
from datacenter_docs.domain.values import Value
from datacenter_mcp.contract.errors import ErrorReport
from datacenter_mcp.contract.reading import Failure, KindNote

Wire = TypeVar("Wire", bound=BaseModel)
Own = TypeVar("Own", bound=Value)


class Page(Value):
    """The contract's `ResourcePage`, read as our own values at once: a long listing has no time for both."""

    resources: tuple[Resource, ...]
    next_cursor: str | None = None
    failures: tuple[Failure, ...] = ()
    kinds: dict[str, KindNote] = {}


LONGEST_SAID = 1_000
"""Characters of what a server says in its own words: reasons, errors, details. They go to people, journal and model."""
MOST_REASONS = 20

ERRORS: dict[str, type[DatacenterDocsError]] = {
    "invalid": Invalid,
    "not_found": NotFound,
    "refused": Refused,
    "conflict": Refused,
    "unsupported": Unsupported,
    "broken": Broken,
}


def read(result: CallToolResult, expected: type[Wire], server: str) -> Wire:
    """The structured answer, checked against the contract. Raises the typed error that it carries, or `Broken`."""
    if result.is_error:
        raise _error(result, server)
    try:
        return expected.model_validate(result.structured_content)
    except ValidationError as error:
        raise Broken(
            f"{server} answered outside the contract ({error.error_count()} mistakes in {expected.__name__})."
        ) from error


def brief(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]}…"


def cursor_of(result: CallToolResult) -> str | None:
    """Where a listing goes on, before the page itself is checked; None: it ends here, or is none."""
    content = result.structured_content
    cursor = content.get("next_cursor") if isinstance(content, dict) else None
    return cursor if isinstance(cursor, str) else None


def own(wire: BaseModel, kind: type[Own]) -> Own:
    """The same value as one of ours; the contract's models and ours have the same fields."""
    return kind.model_validate(wire.model_dump())


def _error(result: CallToolResult, server: str) -> DatacenterDocsError:
    report = _report(result)
    if report is None:
        return Broken(f"{server} failed: {_text(result)[:500] or 'without a word'}")
    message = f"{server}: {brief(report.message)}"
    if report.kind == "unavailable":
        return Unavailable(message, report.retry_after_seconds)
    if report.kind in ("refused", "conflict") and report.sent:
        return Broken(message)  # it may have taken effect in part, so that only a look can tell
    return ERRORS[report.kind](message)


def _report(result: CallToolResult) -> ErrorReport | None:
    content: Any = result.structured_content
    if content is None:
        try:
            content = json.loads(_text(result))
        except ValueError:
            return None
    try:
        return ErrorReport.model_validate(content["error"])
    except (ValidationError, KeyError, TypeError):
        return None


def _text(result: CallToolResult) -> str:
    return " ".join(part.text for part in result.content if isinstance(part, TextContent))
