"""What shall be done: an ordered list of actions, what they are by the catalogue, and the hashes that a grant is bound to."""

from functools import cached_property

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.classification import classify, highest
from datacenter_docs.domain.operations import ActionClass, Classified
from datacenter_docs.domain.scrutiny import problems_of_action
from datacenter_docs.domain.values import Value, content_hash

__all__ = ["Action", "Plan"]


class Plan(Value):
    """An ordered list of actions. An empty plan is allowed and means: nothing to do for a machine.

    `confirmed` False: a model alone proposes it, no runbook's reads confirmed it, so that a person has to approve it.
    """

    actions: tuple[Action, ...] = ()
    confirmed: bool = True

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

    @cached_property
    def classified(self) -> tuple[Classified | None, ...]:
        """The class of each action; None: not in the catalogue."""
        return tuple(classify(action) for action in self.actions)

    @cached_property
    def action_class(self) -> ActionClass:
        """The highest class of all actions; read-only for an empty plan."""
        return highest(self.classified)

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """Why nobody may run this plan, as sentences, before any policy is asked; empty: nothing speaks against it."""
        if not self.actions:
            return ("the plan is empty: there is nothing to execute",)
        found = [problem for action in self.actions for problem in problems_of_action(action)]
        if not self.has_hashes:
            found.append(
                "a number in the plan or in its pre-state is not finite: nothing can be bound to it"
            )
        return tuple(found)

    @cached_property
    def has_hashes(self) -> bool:
        """Whether plan and pre-state can be hashed; NaN and infinity have no JSON."""
        try:
            return bool(self.content_hash and self.state_hash)
        except ValueError:
            return False

    def action_id(self, ticket_id: str, index: int) -> str:
        """The idempotency key of one action: the same in every replay, different for another plan."""
        return f"{ticket_id}/{self.content_hash[:16]}/{index}"
