"""The record of what was asked of a model."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.model_calls import ModelCall, Spent


class ModelCalls(Protocol):
    """Keeps calls. Nothing in them is a secret: whoever records has blotted them out."""

    async def add(self, call: ModelCall) -> None:
        """Store one; durable when this returns."""
        ...

    async def spent(self, since: datetime) -> Spent:
        """What all calls since then have cost."""
        ...

    async def about(self, subject: str, limit: int) -> Sequence[ModelCall]:
        """The calls about a ticket or a document, the latest first."""
        ...
