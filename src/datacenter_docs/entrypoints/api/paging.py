"""Pages of the short lists that are read whole (policies, versions, connections), with the same cursors as the long ones."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.entrypoints.api.schemas import Items

Item = TypeVar("Item")


def page(
    listing: str,
    items: Sequence[Item],
    key: Callable[[Item], str],
    cursor: str | None,
    limit: int,
) -> Items[Item]:
    """The items after the cursor, in the order of `key`, which is unique. Raises `Invalid` for another list's cursor."""
    ordered = sorted(items, key=key)
    if cursor is not None:
        last = _decoded(listing, cursor)
        ordered = [item for item in ordered if key(item) > last]
    shown = ordered[:limit]
    more = len(ordered) > limit
    return Items(items=shown, next_cursor=_encoded(listing, key(shown[-1])) if more else None)


def _encoded(listing: str, key: str) -> str:
    return base64.urlsafe_b64encode(f"{listing}\n{key}".encode()).decode().rstrip("=")


def _decoded(listing: str, cursor: str) -> str:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    of, _, key = text.partition("\n")
    if of != listing or not key:
        raise Invalid(
            "The cursor was not given by this list: start again without one.",
            {"cursor": "is not a cursor of this list"},
        )
    return key
