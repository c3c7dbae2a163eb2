"""What people say about a resolution; the only teacher of the human-feedback factor."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from datacenter_docs.domain.tickets import PersonName, Text, TicketId
from datacenter_docs.domain.values import Value, canonical_json

MAX_DEPTH = 20


def _plain(data: list[Any]) -> list[Any]:
    """Any JSON that can be stored and hashed: finite numbers, whole characters, no deep nest."""
    if _depth(data) > MAX_DEPTH:
        raise ValueError(f"is nested deeper than {MAX_DEPTH} levels")
    try:
        canonical_json(data).encode()
    except ValueError as error:
        raise ValueError("holds a number or a character that JSON text cannot hold") from error
    return data


def _depth(data: Any, above: int = 0) -> int:
    """How many lists and objects stand around the innermost value; stops counting when it is too many."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    if above > MAX_DEPTH:
        return above
    return max((_depth(value, above + 1) for value in inner), default=above)


class FeedbackType(StrEnum):
    """The three kinds of the seed."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


class FeedbackRequest(Value):
    """One person's word on one ticket; a second one of the same `author` replaces the first. `rating`: 1..5 stars, None: none."""

    ticket_id: TicketId
    feedback_type: FeedbackType
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    was_helpful: bool | None = None
    resolution_accurate: bool | None = None
    actions_worked: bool | None = None
    comment: Annotated[Text, Field(max_length=20_000)] | None = None
    what_worked: Annotated[Text, Field(max_length=20_000)] | None = None
    what_didnt_work: Annotated[Text, Field(max_length=20_000)] | None = None
    suggestions: Annotated[Text, Field(max_length=20_000)] | None = None
    actual_resolution: Annotated[Text, Field(max_length=20_000)] | None = None
    actual_actions_taken: Annotated[list[Any], AfterValidator(_plain)] | None = None
    time_to_resolve: Annotated[float, Field(ge=0, le=5_256_000, allow_inf_nan=False)] | None = None
    """Minutes."""
    author: PersonName = "anonymous"


class Feedback(Value):
    """Stored feedback."""

    feedback_id: str
    request: FeedbackRequest
    given_at: datetime

    @property
    def effective_type(self) -> FeedbackType:
        """A positive that says the resolution was inaccurate or the actions did not work counts as neutral."""
        doubtful = (
            self.request.resolution_accurate is False or self.request.actions_worked is False
        )
        if self.request.feedback_type is FeedbackType.POSITIVE and doubtful:
            return FeedbackType.NEUTRAL
        return self.request.feedback_type
