"""What stands between a caller and the world: a platform that is away, slow, busy, or lets nobody write. Faults set it.

The platform's own attributes hang on the key `<platform>:platform:self`, which no listing shows.
"""

from collections.abc import Sequence

from datacenter_mcp.contract.errors import Conflict, Refused, Unavailable
from datacenter_mcp.contract.reading import Failure
from datacenter_mcp.demo.view import View

BUSY_RETRY_SECONDS = 5.0


def of_platform(platform: str) -> str:
    """The key of a platform itself."""
    return f"{platform}:platform:self"


def must_answer(view: View, platform: str) -> None:
    """Raises `Unavailable` while the platform is away."""
    if view.own(of_platform(platform), "_away"):
        raise Unavailable(
            f"The {platform} platform does not answer.", retry_after_seconds=5, sent=False
        )


def must_take_writes(view: View, platform: str) -> None:
    """Raises `Refused` or `Conflict` while the platform takes no changes."""
    own = of_platform(platform)
    if view.own(own, "_read_only"):
        raise Refused(f"The account may only read the {platform} platform.", sent=False)
    if view.own(own, "_busy"):
        raise Conflict(
            f"The {platform} platform is busy.", retry_after_seconds=BUSY_RETRY_SECONDS, sent=False
        )


def silent_part(view: View, key: str) -> str | None:
    """The name of the part that a thing belongs to and that does not answer; None: it answers."""
    at: str | None = key
    while at is not None:
        thing = view.thing(at)
        if view.own(at, "_unreachable"):
            return thing.name if thing else at
        at = thing.parent if thing else None
    return None


def must_be_heard(view: View, key: str) -> None:
    """Raises `Unavailable` for a thing of a part that does not answer."""
    part = silent_part(view, key)
    if part is not None:
        raise Unavailable(f"{part} does not answer.", sent=False)


def failures(parts: Sequence[str]) -> Sequence[Failure]:
    """What is missing of a listing."""
    return [
        Failure(part=part, kind="unavailable", message=f"{part} does not answer.")
        for part in parts
    ]
