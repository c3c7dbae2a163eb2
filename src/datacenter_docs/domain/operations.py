"""The kinds of operations: risk class, parameters, inverse, verification. The closed catalogue itself is `catalogue.py`."""

from enum import StrEnum
from typing import Any

from datacenter_docs.domain.values import Value


class ActionClass(StrEnum):
    """The seed's three classes."""

    READ_ONLY = "read_only"
    SAFE_WRITE = "safe_write"
    CRITICAL_WRITE = "critical_write"


class RiskLevel(StrEnum):
    """Risk as shown to people: read_only low, safe_write medium, critical_write high."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Operation(Value):
    """One entry of the catalogue.

    `parameters`: JSON Schema of the parameters object (closed). `inverse`: the operation that undoes it, or None with
    `no_inverse_because`. `inverse_from_state`: parameter of the inverse -> attribute of the pre-state that fills it.
    `backup`: the backup it needs first, in words; None: none. `verification`: how success is seen, in words.
    `already_done`: how to see that it is so already. `blast_radius`: who notices. `settle_seconds`: how long the effect
    may take to show, both for verification and before a look after a crash is believed.
    `raised_by`: hazards that raise it to critical. `restart_like`: it leaves the state as it was, so only a marker tells
    that it took effect.
    """

    name: str
    platform: str
    target_kind: str
    base_class: ActionClass
    summary: str
    parameters: dict[str, Any]
    inverse: str | None = None
    inverse_from_state: dict[str, str] = {}
    no_inverse_because: str | None = None
    pre_check: str
    backup: str | None = None
    already_done: str
    verification: str
    blast_radius: str
    settle_seconds: float = 10.0
    raised_by: frozenset[str] = frozenset()
    restart_like: bool = False


class Classified(Value):
    """The class of one action with the reasons that raised it; reasons are sentences."""

    action_class: ActionClass
    reasons: tuple[str, ...] = ()
