"""What shall be done: an ordered list of actions, and the hashes that a grant is bound to."""

from functools import cached_property
from typing import Any

from datacenter_docs.domain.estate import Look
from datacenter_docs.domain.values import Scalar, Value, content_hash


class Action(Value):
    """One operation on one observed resource.

    `parameters` are absolute (a size, a count), never relative, so that doing it twice is doing it once.
    `look`: the target as it was seen when the plan was made; None: it could not be read, which can only make a
    decision stricter. `why` is a sentence for the approver.
    """

    operation: str
    target: str
    parameters: dict[str, Scalar | list[Scalar]] = {}
    look: Look | None = None
    why: str = ""

    @property
    def identity(self) -> dict[str, Any]:
        """What the plan's hash covers: operation, target and parameters, not what was seen."""
        return {"operation": self.operation, "target": self.target, "parameters": self.parameters}


class Plan(Value):
    """An ordered list of actions. An empty plan is allowed and means: nothing to do for a machine."""

    actions: tuple[Action, ...] = ()

    @cached_property
    def content_hash(self) -> str:
        """The sha256 of the actions, 64 hex digits; changes with any operation, target, parameter or their order."""
        return content_hash([action.identity for action in self.actions])

    @cached_property
    def state_hash(self) -> str:
        """The sha256 of the pre-states seen; a grant is void when it no longer holds."""
        return content_hash(
            [action.look.state if action.look else None for action in self.actions]
        )

    def action_id(self, ticket_id: str, index: int) -> str:
        """The idempotency key of one action: the same in every replay, different for another plan."""
        return f"{ticket_id}/{self.content_hash[:16]}/{index}"
