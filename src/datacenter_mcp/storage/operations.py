"""What the room can do to a volume, whatever holds it; the words of its parameters, and what their sizes mean."""

from typing import Annotated

from pydantic import Field

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.room import OperationSpec

GRAIN_BYTES = 1024 * 1024
"""Sizes are rounded up to this, so that no rounding of a platform ends below what was asked for."""

CANNOT_SHRINK = "cannot_shrink"
"""The hazard of the catalogue with which an expansion has no inverse."""


class ExpandParameters(Wire):
    """`size_bytes`: how large the volume shall be at least; absolute, so that doing it twice is doing it once."""

    size_bytes: Annotated[int, Field(gt=0, le=2**60)]


class ClearParameters(Wire):
    """`older_than_seconds`: snapshots of this age or younger are kept."""

    older_than_seconds: Annotated[int, Field(ge=0, le=10**10)]


EXPAND = OperationSpec(
    "expand_volume",
    "Make a volume at least size_bytes large. It cannot be made smaller again.",
    ExpandParameters,
)
CLEAR = OperationSpec(
    "clear_snapshots",
    "Delete the read-only snapshots of a volume that are older than an age; the newest one is always kept.",
    ClearParameters,
    destructive=True,
)


def size_to_reach(wanted: ExpandParameters, size_bytes: int, volume: str) -> int | None:
    """The size in whole MiB that a volume of `size_bytes` shall get; None: it is large enough. Raises `InvalidRequest` for
    a smaller one.
    """
    size = -(-wanted.size_bytes // GRAIN_BYTES) * GRAIN_BYTES
    if size < size_bytes:
        raise InvalidRequest(
            f"{volume} has {size_bytes} bytes already; volumes are never made smaller.",
            sent=False,
        )
    return None if wanted.size_bytes <= size_bytes else size
