"""The owner's rules for a category: every field of the seed, plus time zone and what the spec adds. Default: strict."""

from typing import Annotated, Literal

from pydantic import Field

from datacenter_docs.domain.operations import ActionClass
from datacenter_docs.domain.tickets import Category, Text
from datacenter_docs.domain.values import Value

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Percentage = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Hour = Annotated[int, Field(ge=0, le=24)]


class Policy(Value):
    """What automation may do in one category.

    `min_reliability_score` None: AUTO_REMEDIATION_MIN_RELIABILITY stands in. `auto_approve_threshold` None: never.
    `allowed_hours_start == allowed_hours_end` means all day; start > end wraps midnight, and the night belongs to the
    day on which it starts. `supervised_occurrences`: executions seen before anything is approved without a person.
    `approvers` empty: anybody with the approver role.
    """

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    category: Category
    min_confidence_score: Fraction = 0.85
    min_reliability_score: Percentage | None = None
    min_similar_tickets: Annotated[int, Field(ge=0)] = 5
    min_positive_feedback_rate: Fraction = 0.8
    allowed_action_types: tuple[ActionClass, ...] = (ActionClass.SAFE_WRITE,)
    allowed_systems: tuple[str, ...] = ()
    forbidden_commands: tuple[str, ...] = ()
    allowed_hours_start: Hour = 0
    allowed_hours_end: Hour = 24
    allowed_days: tuple[Weekday, ...] = (
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    )
    time_zone: str = "UTC"
    requires_approval: bool = True
    auto_approve_threshold: Percentage | None = None
    approvers: tuple[str, ...] = ()
    max_actions_per_hour: Annotated[int, Field(ge=0)] = 10
    requires_rollback_plan: bool = True
    requires_backup: bool = True
    enabled: bool = True
    use_lower_bound: bool = False
    ai_may_only_veto: bool = True
    supervised_occurrences: Annotated[int, Field(ge=0)] = 20
    approval_timeout_seconds: Annotated[float, Field(gt=0, le=31_536_000)] = 86_400.0
    restart_may_reset: bool = False
    """Whether `restart_vm` may fall back from a guest restart to a reset."""
