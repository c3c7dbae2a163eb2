"""The fake of `ports/model_calls.py`."""

from datetime import datetime

from tests.fakes.memory import page

from datacenter_docs.domain.model_calls import ModelCall, Spent
from datacenter_docs.ports.pages import Page


class FakeModelCalls:
    """Calls in memory."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []

    async def add(self, call: ModelCall) -> None:
        self.calls.append(call)

    async def spent(self, since: datetime) -> Spent:
        late = [call for call in self.calls if call.at >= since]
        return Spent(
            tokens=sum(call.input_tokens + call.output_tokens for call in late),
            usd=sum(call.usd or 0.0 for call in late),
        )

    async def about(self, subject: str, cursor: str | None, limit: int) -> Page[ModelCall]:
        found = [call for call in self.calls if call.subject == subject]
        found.sort(key=lambda call: call.call_id)
        found.sort(key=lambda call: call.at, reverse=True)
        return page("model-calls", found, lambda call: call.call_id, cursor, limit)
