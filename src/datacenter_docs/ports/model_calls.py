"""The record of what was asked of a model."""

from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.model_calls import ModelCall, Spent
from datacenter_docs.ports.pages import Page


class ModelCalls(Protocol):
    """Keeps calls. Nothing in them is a secret: whoever records has blotted them out."""

    async def add(self, call: ModelCall) -> None:
        """Store one; durable when this returns."""
        ...

    async def spent(self, since: datetime) -> Spent:
        """What all calls since then have cost."""
        ...

    async def about(self, subject: str, cursor: str | None, limit: int) -> Page[ModelCall]:
        """The calls about a ticket or a document, the latest first. Raises `Invalid` for a foreign cursor."""
        ...
