"""The kinds of operations: risk class, parameters, inverse, verification. The closed catalogue itself is `catalogue.py`."""

from enum import StrEnum
from typing import Any

from datacenter_docs.domain.values import Value


class ActionClass(StrEnum):
    """The seed's three classes."""

    READ_ONLY = "read_only"
    SAFE_WRITE = "safe_write"
    CRITICAL_WRITE = "critical_write"


SAFE = ActionClass.SAFE_WRITE
CRITICAL = ActionClass.CRITICAL_WRITE
UNCHANGED = "the state is the same before and after, so there is nothing to undo"
"""Why a restart-like operation has no inverse."""


class RiskLevel(StrEnum):
    """Risk as shown to people: read_only low, safe_write medium, critical_write high."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Operation(Value):
    """One entry of the catalogue.

    `parameters`: JSON Schema of the parameters object (closed). `changes`: attributes of `Look.state` that it changes;
    empty: it leaves the state as it was, so there is nothing to undo.
    `inverse`: the operation that undoes it, or None with `no_inverse_because`. `inverse_from_state`: parameter of the
    inverse -> attribute of the pre-state that fills it; `inverse_from_parameters`: the same from its own parameters.
    `no_inverse_with`: hazards of the target under which the inverse does not exist.
    `backup`: the backup it needs first, in words; None: none. `verification`: how success is seen, in words.
    `already_done`: how to see that it is so already. `blast_radius`: who notices. `settle_seconds`: how long the effect
    may take to show, both for verification and before a look after a crash is believed. `heal_seconds`: how long the
    service may take after that to come back (routing, mounts, a process that starts) before it counts as not healed.
    `raised_by`: hazards that raise it to critical; `refused_by`: hazards with which it never runs.
    `raised_when_lowered`, `refused_when_lowered`: a parameter that is compared with the attribute of the same name in
    the pre-state. `restart_like`: it leaves the state as it was, so only a marker tells that it took effect.
    `concluded_by`: what makes it final once the plan is verified, with the same parameters; until then its inverse
    undoes it. None: it is final at once.
    `plannable` False: a tool that exists for another (its inverse, its conclusion) and is never planned on its own.
    """

    name: str
    platform: str
    target_kind: str
    base_class: ActionClass
    summary: str
    parameters: dict[str, Any]
    changes: tuple[str, ...] = ()
    inverse: str | None = None
    inverse_from_state: dict[str, str] = {}
    inverse_from_parameters: dict[str, str] = {}
    no_inverse_because: str | None = None
    no_inverse_with: frozenset[str] = frozenset()
    pre_check: str
    backup: str | None = None
    already_done: str
    verification: str
    blast_radius: str
    settle_seconds: float = 10.0
    heal_seconds: float = 20.0
    raised_by: frozenset[str] = frozenset()
    refused_by: frozenset[str] = frozenset()
    concluded_by: str | None = None
    raised_when_lowered: str | None = None
    refused_when_lowered: str | None = None
    restart_like: bool = False
    plannable: bool = True


class Classified(Value):
    """The class of one action with the reasons that raised it; reasons are sentences.

    `base_class`: the catalogue's. `undoable`: the pre-state can be brought back, or there is nothing to bring back.
    """

    action_class: ActionClass
    base_class: ActionClass
    reasons: tuple[str, ...] = ()
    undoable: bool = True

    @property
    def classes(self) -> tuple[ActionClass, ...]:
        """The catalogue's class, and the one that it was raised to."""
        raised = self.action_class is not self.base_class
        return (self.base_class, self.action_class) if raised else (self.base_class,)
