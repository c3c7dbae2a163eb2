"""What a cloud says when it says no, as the contract's errors. Pure.

Shapes: Nova and Cinder `{"badRequest": {"code", "message"}}`, Neutron `{"NeutronError": {"message"}}`, Keystone
`{"error": {"message"}}`, Glance a page of HTML; a proxy before them anything.
"""

import json
from typing import Any

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

FIRST_REFUSAL = 300
LOGIN_REFUSED = 401
BUSY = (413, 429)
MESSAGE_LIMIT = 500
KINDS: dict[int, type[RoomError]] = {
    400: InvalidRequest,
    403: Refused,
    404: NotFound,
    405: Unsupported,
    406: Unsupported,
    409: Conflict,
    410: NotFound,
}


class LoginRefused(Unavailable):
    """The cloud does not take our name and password, or not any more. Nothing else was done."""

    def __init__(self, message: str = "The cloud refused the login.") -> None:
        super().__init__(message, sent=False)


def error_of(status: int, body: bytes, retry_after: str | None) -> RoomError:
    """The error for an answer that is none. A refusal changed nothing; after a failure of the cloud's own nobody knows."""
    if status == LOGIN_REFUSED:
        return LoginRefused()
    said = _said(body)
    if status in BUSY or status >= 500:
        wait = float(retry_after) if retry_after and retry_after.isdecimal() else None
        sent = False if status in BUSY else None
        told = f"The cloud answered {status}: {said}"
        return Unavailable(told, retry_after_seconds=wait, sent=sent)
    kind = KINDS.get(status)
    if kind is None:
        return Broken(f"The cloud answered {status}: {said}")
    return kind(said)


def unsent(error: RoomError) -> RoomError:
    """An error of a read that came before a change: nothing was changed."""
    report = error.report
    kind = Unavailable if isinstance(error, LoginRefused) else type(error)
    return kind(report.message, retry_after_seconds=report.retry_after_seconds, sent=False)


def _said(body: bytes) -> str:
    try:
        answer: Any = json.loads(body)
    except ValueError:
        return "it did not say why"
    return (_message(answer) or "it did not say why")[:MESSAGE_LIMIT]


def _message(answer: Any) -> str | None:
    """The first `message` at the top or one level below."""
    if not isinstance(answer, dict):
        return None
    for part in (answer, *answer.values()):
        said = part.get("message") if isinstance(part, dict) else None
        if isinstance(said, str):
            return said
    return None
