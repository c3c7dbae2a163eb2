"""What a runbook wants to look at beside its target: related things, by steps along declared relations. Pure.

Where a step leads, the resolver finds out from what it reads live; here is only what may be written.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, field_validator

from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.domain.values import Value

DESCRIBED, SAME_NETWORK, HEARD_ON, SAME_HOST = "described", "same_network", "heard_on", "same_host"
OWN_STEPS = (DESCRIBED, SAME_NETWORK, HEARD_ON, SAME_HOST)
"""Steps beside the rules of relations: a port's description names it; the two share a network that has room for two; the
interface that a neighbour is heard on; a service and the hypervisor of the host that it names.
"""


class Related(Value):
    """Things of one kind that have to do with the target, or with another related thing (`of`).

    `by`: rules of relations, at either end; the first that finds anything decides. `beneath`: what it is may be felt
    by the target: where a runbook finds a trouble of such a thing, that is the cause.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    by: Annotated[tuple[str, ...], Field(min_length=1)]
    platform: str
    kind: str
    of: str = ""
    beneath: bool = False

    @field_validator("by")
    @classmethod
    def _are_rules(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for rule in value:
            if rule not in RULES and rule not in OWN_STEPS:
                known = ", ".join((*RULES, *OWN_STEPS))
                raise ValueError(f"{rule!r} is no relation; there are: {known}")
        return value


def in_order(steps: Sequence[Related]) -> Sequence[Related]:
    """The steps, each after the one that it starts from. Raises `ValueError` for a name that is taken or missing, and for a
    circle.
    """
    by_name: dict[str, Related] = {}
    for step in steps:
        if step.name in by_name:
            raise ValueError(f"related: the name {step.name!r} is taken")
        by_name[step.name] = step
    ordered: list[Related] = []
    for step in steps:
        _place(step, by_name, ordered, ())
    return ordered


def _place(
    step: Related,
    by_name: Mapping[str, Related],
    ordered: list[Related],
    on_the_way: Sequence[str],
) -> None:
    if step in ordered:
        return
    if step.name in on_the_way:
        circle = " -> ".join((*on_the_way, step.name))
        raise ValueError(f"related: {circle} is a circle")
    if step.of:
        if step.of not in by_name:
            raise ValueError(f"related: {step.name} is of {step.of!r}, which is not declared")
        _place(by_name[step.of], by_name, ordered, (*on_the_way, step.name))
    ordered.append(step)
