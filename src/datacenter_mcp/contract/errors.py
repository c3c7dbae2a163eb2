"""Typed errors of a room, and their form on the wire.

```text
RoomError
├─ InvalidRequest   wrong arguments: fix them
├─ NotFound         no such resource
├─ Refused          the platform or its permissions say no
├─ Conflict         it is being changed by somebody else, or its state does not allow this now
├─ Unsupported      this platform cannot do it at all
├─ Unavailable      no answer in time, no login, connection lost; may work later
└─ Broken           it answered, and the answer makes no sense
```

On the wire: a tool result with `is_error` true whose structured content is `{"error": ErrorReport}`, and whose text is
the same as JSON. `sent` tells whether the request may have reached the platform: False: certainly not; True or None:
the caller has to look.
"""

from typing import Literal

from datacenter_mcp.contract.reading import Wire

ErrorKind = Literal[
    "invalid", "not_found", "refused", "conflict", "unsupported", "unavailable", "broken"
]


class ErrorReport(Wire):
    """An error as data. `message` is a sentence for a person; it never holds a secret."""

    kind: ErrorKind
    message: str
    retry_after_seconds: float | None = None
    sent: bool | None = None


class RoomError(Exception):
    """The root; raise a subclass. `sent` False: the platform certainly did not get the request."""

    kind: ErrorKind = "broken"

    def __init__(
        self, message: str, *, retry_after_seconds: float | None = None, sent: bool | None = None
    ) -> None:
        super().__init__(message)
        self.report = ErrorReport(
            kind=self.kind, message=message, retry_after_seconds=retry_after_seconds, sent=sent
        )


class InvalidRequest(RoomError):
    """Wrong arguments: fix them."""

    kind: ErrorKind = "invalid"


class NotFound(RoomError):
    """No such resource."""

    kind: ErrorKind = "not_found"


class Refused(RoomError):
    """The platform or its permissions say no."""

    kind: ErrorKind = "refused"


class Conflict(RoomError):
    """Somebody else is changing it, or its state does not allow this now."""

    kind: ErrorKind = "conflict"


class Unsupported(RoomError):
    """This platform cannot do it at all."""

    kind: ErrorKind = "unsupported"


class Unavailable(RoomError):
    """No answer in time, no login, or the connection was lost."""

    kind: ErrorKind = "unavailable"


class Broken(RoomError):
    """It answered, and the answer makes no sense."""

    kind: ErrorKind = "broken"
