"""Numbers for the two statistics pages of the seed, and for the calibration of scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.calibration import Hindsight


@dataclass(frozen=True, slots=True)
class ReliabilityStatistics:
    """Over tickets received since `since`. Averages are None while there is nothing to average; rates are 0..1."""

    since: datetime
    tickets: int
    avg_reliability_score: float | None
    avg_confidence_score: float | None
    resolution_rate: float | None
    by_category: Mapping[str, Mapping[str, float | int | None]] = field(default_factory=dict)
    by_level: Mapping[str, int] = field(default_factory=dict)
    feedback_total: int = 0
    positive_feedback_rate: float | None = None
    negative_feedback_rate: float | None = None
    neutral_feedback_rate: float | None = None
    avg_rating: float | None = None


@dataclass(frozen=True, slots=True)
class RemediationStatistics:
    """Over tickets received since `since`. `execution_rate`: of the enabled tickets, those that were executed.

    `approvals_required`: decisions that asked a person; one that refused or skipped asked nobody.
    """

    since: datetime
    enabled_tickets: int
    executed_tickets: int
    execution_rate: float | None
    actions: int
    actions_succeeded: int
    success_rate: float | None
    approvals_required: int
    decisions: int
    approval_rate: float | None
    by_operation: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    eligible_patterns: int = 0
    pattern_success_rate: float | None = None


class StatisticsStore(Protocol):
    """Aggregates over what is stored."""

    async def reliability(self, since: datetime) -> ReliabilityStatistics:
        """Scores, confidence, resolution and feedback."""
        ...

    async def hindsights(self, most: int) -> Sequence[Hindsight]:
        """Scores of decisions whose truth is known by now (`calibration.came_true`), the latest so many, in the order in which
        their tickets came.
        """
        ...

    async def remediation(self, since: datetime) -> RemediationStatistics:
        """Executions, successes, approvals, patterns."""
        ...
