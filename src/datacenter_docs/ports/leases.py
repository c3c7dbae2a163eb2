"""Who works: a worker holds a lease while it is alive, and what one leaves behind goes to another.

A lease is for getting on: it tells when a worker counts as gone. Safety is the fence's business (`fence.py`): a worker
whose tenure was ended may wake up at any moment, and must not act then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Tenure:
    """A worker's time under its name. `generation` rises with every start and every take-over, over all workers."""

    name: str
    generation: int


class Leases(Protocol):
    """Tenures of all workers of an installation. Time is the database's, so that no two clocks are compared."""

    async def join(self, name: str) -> Tenure | None:
        """A new tenure under this name, which ends any earlier one. None: somebody is just taking over what the name left; ask
        again. Raises `Unavailable`.
        """
        ...

    async def renew(self, tenure: Tenure) -> Sequence[str]:
        """Stay. Answers the names of those that did not for the length of a lease: their tenures are ended, and what they hold
        is for the caller to take over now. Who was away itself, or has just come, judges nobody for as long.

        Raises `Superseded` when this tenure was ended, `Unavailable` when nobody can tell.
        """
        ...

    async def settle(self, tenure: Tenure, names: Sequence[str]) -> None:
        """What these left has been taken over. Until it is said, and when a lease has passed, somebody else does it again; and
        after it is said too, once in a lease, because one that wakes up may take up work before it finds out.
        """
        ...

    async def leave(self, tenure: Tenure) -> None:
        """Go in order: others need not wait for the end of the lease. Fine when the tenure was ended already."""
        ...
