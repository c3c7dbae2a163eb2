"""The owner's rules for a category: every field of the seed, plus time zone and what the spec adds. Default: strict.

Whatever a list does not name is not allowed: an empty `allowed_systems` allows nothing.
"""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from datacenter_docs.domain.operations import ActionClass
from datacenter_docs.domain.tickets import Category, PersonName, Text
from datacenter_docs.domain.values import Value, content_hash
from datacenter_docs.domain.words import phrase


def _lowered(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # not found, no path, a folder
        raise ValueError(
            "is not a time zone of the IANA database: write one such as Europe/Rome or UTC"
        ) from error
    return name


def _addressable(name: str) -> str:
    if "/" in name or not name.strip(". "):
        raise ValueError(
            "must hold more than dots and blanks, and no / (it becomes part of the URL)"
        )
    return name


def _with_a_word(text: str) -> str:
    if not phrase(text):
        raise ValueError("a forbidden command needs at least one letter or digit to be found by")
    return text


Weekday = Annotated[
    Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    BeforeValidator(_lowered),
]
WEEK: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
TimeZone = Annotated[str, AfterValidator(_known_zone)]
Command = Annotated[Text, Field(max_length=200), AfterValidator(_with_a_word)]
System = Annotated[Text, Field(min_length=1, max_length=300)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Percentage = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Hour = Annotated[int, Field(ge=0, le=24)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
PolicyName = Annotated[Text, Field(min_length=1, max_length=200), AfterValidator(_addressable)]


class Policy(Value):
    """What automation may do in one category.

    `min_reliability_score` None: AUTO_REMEDIATION_MIN_RELIABILITY stands in. `auto_approve_threshold` None: never.
    `allowed_systems`: platforms, connections or resources, each an id or the beginning of one up to a `:` or `/`, or
    the bare name of a connection. `forbidden_commands`: whole words, in operation names and free-text parameters.
    `allowed_hours_start == allowed_hours_end` means all day; start > end wraps midnight, and the night belongs to the
    day on which it starts. `supervised_occurrences`: executions seen before anything is approved without a person.
    `approvers` empty: anybody with the approver role.
    """

    name: PolicyName
    category: Category
    min_confidence_score: Fraction = 0.85
    min_reliability_score: Percentage | None = None
    min_similar_tickets: Count = 5
    min_positive_feedback_rate: Fraction = 0.8
    allowed_action_types: tuple[ActionClass, ...] = (ActionClass.SAFE_WRITE,)
    allowed_systems: tuple[System, ...] = ()
    forbidden_commands: tuple[Command, ...] = ()
    allowed_hours_start: Hour = 0
    allowed_hours_end: Hour = 24
    allowed_days: tuple[Weekday, ...] = WEEK
    time_zone: TimeZone = "UTC"
    requires_approval: bool = True
    auto_approve_threshold: Percentage | None = None
    approvers: tuple[PersonName, ...] = ()
    max_actions_per_hour: Count = 10
    requires_rollback_plan: bool = True
    requires_backup: bool = True
    enabled: bool = True
    use_lower_bound: bool = False
    ai_may_only_veto: bool = True
    supervised_occurrences: Count = 20
    approval_timeout_seconds: Annotated[float, Field(gt=0, le=31_536_000)] = 86_400.0
    restart_may_reset: bool = False
    """Whether `restart_vm` may fall back from a guest restart to a reset."""

    @cached_property
    def content_hash(self) -> str:
        """The sha256 of all fields, 64 hex digits."""
        return content_hash(self.model_dump(mode="json"))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which hours and days are meant."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def forbidden_phrases(self) -> tuple[str, ...]:
        """Each forbidden command as a phrase of `words.phrase`."""
        return tuple(phrase(command) for command in self.forbidden_commands)

    @cached_property
    def _systems(self) -> tuple[str, ...]:
        return tuple(system.casefold() for system in self.allowed_systems)

    def allows_system(self, target: str) -> bool:
        """Whether a resource id is in one of the allowed systems, whatever its case."""
        folded = target.casefold()
        for system in self._systems:
            if folded.startswith(system) and (
                system[-1] in ":/" or folded[len(system) : len(system) + 1] in ("", ":", "/")
            ):
                return True
        return folded.split(":", 2)[1:2] in [[system] for system in self._systems]


_DAY = timedelta(days=1)


def window_open(policy: Policy, now: datetime) -> bool:
    """Whether automation may act at `now`, by the wall clock of the policy's time zone.

    A window that wraps midnight belongs, to its end, to the day on which it starts. The hour that a change of the
    clocks repeats counts twice, the one that it skips never comes. A `now` without time zone is not a known moment:
    closed.
    """
    if now.utcoffset() is None:
        return False
    try:
        local = now.astimezone(policy.zone)
        night_of = local if local.hour >= policy.allowed_hours_start else local - _DAY
    except OverflowError:  # beyond the calendar's first or last day
        return False
    start, end = policy.allowed_hours_start, policy.allowed_hours_end
    if start == end:
        return WEEK[local.weekday()] in policy.allowed_days
    if start < end:
        return start <= local.hour < end and WEEK[local.weekday()] in policy.allowed_days
    return (local.hour >= start or local.hour < end) and (
        WEEK[night_of.weekday()] in policy.allowed_days
    )
