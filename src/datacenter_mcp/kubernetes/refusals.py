"""What the API server says when it says no, as the contract's errors. Pure.

Shape: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
"""

from pydantic import ValidationError

from datacenter_mcp.contract.errors import (
    Broken,
    Conflict,
    InvalidRequest,
    NotFound,
    Refused,
    RoomError,
    Unavailable,
    Unsupported,
)
from datacenter_mcp.readings import Answer

FIRST_REFUSAL = 300
LOGIN_REFUSED = 401
EXPIRED = 410
BUSY = 429
MESSAGE_LIMIT = 500
KINDS: dict[int, type[RoomError]] = {
    400: InvalidRequest,
    403: Refused,
    404: NotFound,
    405: Unsupported,
    409: Conflict,
    EXPIRED: Conflict,
    415: Unsupported,
    422: InvalidRequest,
}


class Status(Answer):
    """The body of a refusal."""

    message: str = ""
    reason: str = ""


def error_of(status: int, body: bytes, retry_after: str | None) -> RoomError:
    """The error for an answer that is none. A refusal changed nothing; after a failure of the server's own nobody knows."""
    said = _said(body)
    if status == LOGIN_REFUSED:
        return Unavailable("The API server refused the login.", sent=False)
    if status == BUSY or status >= 500:
        wait = float(retry_after) if retry_after and retry_after.isdecimal() else None
        sent = False if status == BUSY else None
        told = f"The API server answered {status}: {said}"
        return Unavailable(told, retry_after_seconds=wait, sent=sent)
    kind = KINDS.get(status)
    if kind is None:
        return Broken(f"The API server answered {status}: {said}")
    return kind(said)


def _said(body: bytes) -> str:
    try:
        message = Status.model_validate_json(body).message
    except ValidationError:
        message = ""
    return message[:MESSAGE_LIMIT] or "it did not say why"
