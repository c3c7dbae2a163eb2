"""The fake of `ports/model_calls.py`."""

from collections.abc import Sequence
from datetime import datetime

from datacenter_docs.domain.model_calls import ModelCall, Spent


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

    async def about(self, subject: str, limit: int) -> Sequence[ModelCall]:
        found = [call for call in self.calls if call.subject == subject]
        found.sort(key=lambda call: call.call_id)
        found.sort(key=lambda call: call.at, reverse=True)
        return found[:limit]
