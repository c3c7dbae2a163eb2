"""The fake of `ports/reasoning.py`: precedents that a test writes down."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.remedies import Remedy
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.domain.values import Scalar
from datacenter_docs.ports.reasoning import Failure


@dataclass
class FakePrecedents:
    """`operations`: what helped; `failures`: by target, what failed there; `changes`: by resource, what changed."""

    operations: dict[str, int] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    remedies: list[Remedy] = field(default_factory=list)
    changes: dict[str, list[str]] = field(default_factory=dict)

    async def helped(self, request: TicketRequest) -> Mapping[str, int]:
        return self.operations

    async def told(self, request: TicketRequest) -> Sequence[Remedy]:
        return self.remedies

    async def failed(
        self, action: Action, seen: Mapping[str, Scalar | list[Scalar]]
    ) -> Failure | None:
        found = self.failures.get(action.target)
        return found if found and found.operation == action.operation else None

    async def lately(self, resource_ids: Collection[str]) -> Sequence[str]:
        return [told for one in sorted(resource_ids) for told in self.changes.get(one, ())]
