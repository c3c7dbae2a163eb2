"""The fake of `ports/statistics.py`."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from statistics import fmean

from tests.fakes.memory import Memory

from datacenter_docs.domain.calibration import Hindsight, came_true
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.feedback import FeedbackType
from datacenter_docs.domain.outcomes import OutcomeKind
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.domain.tickets import CLOSED, TicketState
from datacenter_docs.ports.statistics import ReliabilityStatistics, RemediationStatistics


class FakeStatisticsStore:
    """Aggregates over the memory."""

    def __init__(self, memory: Memory, is_eligible: Callable[[Pattern], bool]) -> None:
        self._memory = memory
        self._is_eligible = is_eligible

    async def reliability(self, since: datetime) -> ReliabilityStatistics:
        cases = self._since(since)
        known = {case.ticket.id for case in cases}
        words = [w for w in self._memory.feedback.values() if w.request.ticket_id in known]
        kinds = Counter(word.effective_type for word in words)
        categories = sorted({case.ticket.request.category for case in cases})
        return ReliabilityStatistics(
            since=since,
            **_summary(cases),
            by_category={
                name: _summary([c for c in cases if c.ticket.request.category == name])
                for name in categories
            },
            by_level=Counter(str(case.score.confidence_level) for case in cases if case.score),
            feedback_total=len(words),
            positive_feedback_rate=_rate(kinds[FeedbackType.POSITIVE], len(words)),
            negative_feedback_rate=_rate(kinds[FeedbackType.NEGATIVE], len(words)),
            neutral_feedback_rate=_rate(kinds[FeedbackType.NEUTRAL], len(words)),
            avg_rating=_mean([w.request.rating for w in words if w.request.rating is not None]),
        )

    async def hindsights(self, most: int) -> Sequence[Hindsight]:
        found = []
        cases = sorted(
            self._memory.cases.values(), key=lambda c: (c.ticket.received_at, c.ticket.id)
        )
        for case in cases:
            words = [
                word.effective_type
                for word in self._memory.feedback.values()
                if word.request.ticket_id == case.ticket.id
            ]
            repaired = (
                bool(case.verification and case.verification.passed) if case.executed else None
            )
            ended = not case.executed or case.ticket.state in CLOSED
            true = came_true(repaired=repaired, said=words) if case.decision and ended else None
            if case.decision and true is not None:
                found.append(Hindsight(case.decision.certificate.overall_score, true))
        return found[-most:]

    async def remediation(self, since: datetime) -> RemediationStatistics:
        cases = self._since(since)
        enabled = [case for case in cases if case.ticket.request.enable_auto_remediation]
        executed = [case for case in enabled if case.executed]
        decisions = [case.decision for case in cases if case.decision]
        asked = [d for d in decisions if d.allowed and d.requires_approval]
        tried = [
            outcome
            for case in cases
            for outcome in case.outcomes
            if outcome.kind not in (OutcomeKind.REFUSED, OutcomeKind.UNDONE)
        ]
        succeeded = [outcome for outcome in tried if outcome.succeeded]
        actions_by, succeeded_by = (
            Counter(outcome.operation for outcome in some) for some in (tried, succeeded)
        )
        patterns = self._memory.patterns.values()
        return RemediationStatistics(
            since=since,
            enabled_tickets=len(enabled),
            executed_tickets=len(executed),
            execution_rate=_rate(len(executed), len(enabled)),
            actions=len(tried),
            actions_succeeded=len(succeeded),
            success_rate=_rate(len(succeeded), len(tried)),
            approvals_required=len(asked),
            decisions=len(decisions),
            approval_rate=_rate(len(asked), len(decisions)),
            by_operation={
                name: {"actions": count, "succeeded": succeeded_by[name]}
                for name, count in actions_by.items()
            },
            eligible_patterns=sum(self._is_eligible(pattern) for pattern in patterns),
            pattern_success_rate=_rate(
                sum(pattern.executions_succeeded for pattern in patterns),
                sum(pattern.executions for pattern in patterns),
            ),
        )

    def _since(self, since: datetime) -> list[Case]:
        return [c for c in self._memory.cases.values() if c.ticket.received_at >= since]


def _summary(cases: Sequence[Case]) -> dict[str, float | int | None]:
    resolved = sum(case.ticket.state is TicketState.RESOLVED for case in cases)
    return {
        "tickets": len(cases),
        "avg_reliability_score": _mean([c.score.overall_score for c in cases if c.score]),
        "avg_confidence_score": _mean([c.diagnosis.confidence for c in cases if c.diagnosis]),
        "resolution_rate": _rate(resolved, len(cases)),
    }


def _mean(numbers: Sequence[float]) -> float | None:
    return fmean(numbers) if numbers else None


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
