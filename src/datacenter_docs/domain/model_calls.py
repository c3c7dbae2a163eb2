"""What was asked of a language model, what came back, and what it cost. Kept so that every answer can be played again."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from datacenter_docs.domain.values import Value

Count = Annotated[int, Field(ge=0)]


class CallOutcome(StrEnum):
    """`answered`: an answer that was taken. `refused`: it answered, and not within the rules. `failed`: it did not answer.
    `not_asked`: the budget was spent.
    """

    ANSWERED = "answered"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_ASKED = "not_asked"


class ModelCall(Value):
    """One conversation with a model. `subject`: the ticket or document that it was about; `messages`: all of it as JSON,
    without secrets; `usd` None: nobody knows the price. `error`: why there is no answer, in a sentence.
    """

    call_id: str
    at: datetime
    purpose: str
    subject: str
    model: str
    outcome: CallOutcome
    error: str | None = None
    messages: str = "[]"
    requests: Count = 0
    input_tokens: Count = 0
    output_tokens: Count = 0
    usd: float | None = None
    seconds: float = 0.0


class Spent(Value):
    """What was spent in some time; calls without a known price count nothing in `usd`."""

    tokens: int = 0
    usd: float = 0.0


class Budget(Value):
    """What may be spent: on one subject, and by the whole installation in any 24 hours. `max_usd` and `max_usd_a_day` bind
    where the price is known, tokens bind always.
    """

    max_seconds: float
    max_requests: int
    max_tokens: int
    max_usd: float
    max_tokens_a_day: int
    max_usd_a_day: float

    def spent_up(self, today: Spent) -> str | None:
        """Why nothing more may be asked today, in a sentence; None: it may."""
        if today.tokens >= self.max_tokens_a_day:
            return f"the budget of {self.max_tokens_a_day:,} tokens a day is spent."
        if today.usd >= self.max_usd_a_day:
            return f"the budget of {self.max_usd_a_day:g} US dollars a day is spent."
        return None
