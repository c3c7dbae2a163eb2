"""Every failure that crosses a floor, as one tree; whoever meets a vendor's error translates it into one of these.

```text
DatacenterDocsError
├─ Invalid       the input is wrong: fix it. Carries field -> message, all fields at once
├─ NotFound      nothing has that name
├─ Refused       policy or state says no: a person may change that
│  ├─ Conflict   it exists already, and differs: carries the differences
│  ├─ Unauthenticated  nobody knows who asks: log in
│  └─ Forbidden  who asks is known, and may not do this
├─ Unavailable   nobody answered in time: the same call may work later (retry_after_seconds)
│  └─ Throttled  too much was asked: wait so long
├─ Superseded    another worker or run has taken over: whoever meets this stops, and records nothing
├─ Unsupported   the platform cannot do this at all: no retry will help
└─ Broken        it answered, and the answer makes no sense
```

The reader decides the class: API and CLI turn each into one status and one exit code, workflows retry `Unavailable` only.
"""

from collections.abc import Mapping
from typing import Any


class DatacenterDocsError(Exception):
    """The root; never raised itself. `str(error)` is a sentence for a person that says what to do."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: Mapping[str, Any] = details


class Invalid(DatacenterDocsError):
    """The input is wrong. `fields` maps each bad field (dotted path) to what is wrong with it; may be empty."""

    def __init__(
        self, message: str, fields: Mapping[str, str] | None = None, **details: Any
    ) -> None:
        super().__init__(message, **details)
        self.fields: Mapping[str, str] = fields or {}


class NotFound(DatacenterDocsError):
    """Nothing has that name."""


class Refused(DatacenterDocsError):
    """Policy or state says no. A person may change the policy or the state; repeating the call changes nothing."""


class Conflict(Refused):
    """The thing exists already and differs. `differences` maps a field to (stored, sent)."""

    def __init__(
        self, message: str, differences: Mapping[str, tuple[Any, Any]], **details: Any
    ) -> None:
        super().__init__(message, **details)
        self.differences = differences


class Unauthenticated(Refused):
    """Nobody knows who asks. `presented`: something was shown, and it does not hold; False: nothing was."""

    def __init__(self, message: str, *, presented: bool) -> None:
        super().__init__(message)
        self.presented = presented


class Forbidden(Refused):
    """Who asks is known, and may not do this. The details name the permission and the role that it needs, where a role would do."""


class Unavailable(DatacenterDocsError):
    """Nobody answered in time. `retry_after_seconds` is a guess when a retry makes sense; None: not known."""

    def __init__(
        self, message: str, retry_after_seconds: float | None = None, **details: Any
    ) -> None:
        super().__init__(message, **details)
        self.retry_after_seconds = retry_after_seconds


class Throttled(Unavailable):
    """Too much was asked; `retry_after_seconds` is known."""


class Superseded(DatacenterDocsError):
    """Another worker, or another run of the ticket, has taken over. Whoever meets this acts no more and records nothing."""


class Unsupported(DatacenterDocsError):
    """The platform cannot do this; a typed refusal, not a failure."""


class Broken(DatacenterDocsError):
    """It answered, and the answer makes no sense. Never taken for success."""
