"""Which snapshots are old enough to go. Pure; the same rule for every kind of volume."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from datacenter_mcp.contract.reading import Scalar
from datacenter_mcp.storage.operations import ClearParameters


class Dated(Protocol):
    """What the rule needs of a snapshot. `label`: what a person calls it; `origin`: what it was taken of; `number`: grows
    with each new one.
    """

    @property
    def label(self) -> str: ...

    @property
    def origin(self) -> str: ...

    @property
    def number(self) -> int: ...

    @property
    def created_at(self) -> datetime: ...


S = TypeVar("S", bound=Dated)


@dataclass(frozen=True, slots=True)
class Choice(Generic[S]):
    """Which snapshots would go and which would stay, oldest first."""

    delete: Sequence[S]
    keep: Sequence[S]

    def state(self) -> dict[str, Scalar | list[Scalar]]:
        """The labels of both."""
        return {
            "would_delete": [one.label for one in self.delete],
            "would_keep": [one.label for one in self.keep],
        }


def age_seconds(snapshot: Dated, now: datetime) -> int:
    """Whole seconds; 0 for one from the future."""
    return max(0, int((now - snapshot.created_at).total_seconds()))


def choose(snapshots: Sequence[S], wanted: ClearParameters, now: datetime) -> Choice[S]:
    """The choice at a time. The newest snapshot of each origin is kept whatever its age."""
    ordered = sorted(snapshots, key=lambda one: (one.created_at, one.number))
    last = {one.origin: one.number for one in ordered}
    delete = [
        one
        for one in ordered
        if age_seconds(one, now) > wanted.older_than_seconds and one.number != last[one.origin]
    ]
    chosen = {one.number for one in delete}
    return Choice(delete, [one for one in ordered if one.number not in chosen])
