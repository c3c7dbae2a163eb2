"""Cursors of lists: the sort key of the last item, opaque to the reader and useless in another list."""

import base64
import binascii
import json

from datacenter_docs.domain.errors import Invalid

_FURTHEST = 10**16
"""Beyond any count or time in microseconds that a list is sorted by."""


def encode(listing: str, number: int, name: str) -> str:
    """The cursor after the item with this sort key."""
    text = json.dumps([listing, number, name], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(listing: str, cursor: str) -> tuple[int, str]:
    """The sort key. Raises `Invalid` for anything that `encode` did not give for this listing."""
    try:
        data = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        data = None
    match data:
        case [str(of), int(number), str(name)] if of == listing and abs(number) <= _FURTHEST:
            return number, name
        case _:
            raise Invalid(
                "The cursor was not given by this list: start again without one.",
                {"cursor": "is not a cursor of this list"},
            )
