"""A page of a list, with the cursor of the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items in a stable order. `next_cursor` is opaque; None: that was the last page."""

    items: Sequence[T]
    next_cursor: str | None = None
