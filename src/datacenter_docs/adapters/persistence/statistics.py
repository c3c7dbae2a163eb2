"""Numbers for the statistics pages, aggregated by the database."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, RowMapping, and_, false, func, or_, select, true

from datacenter_docs.adapters.persistence.counting import RESOLVED, times
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.patterns import pattern_of
from datacenter_docs.adapters.persistence.tables import feedback, outcomes, patterns, tickets
from datacenter_docs.domain.calibration import Hindsight, came_true
from datacenter_docs.domain.feedback import FeedbackType
from datacenter_docs.domain.outcomes import OutcomeKind
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.domain.tickets import CLOSED
from datacenter_docs.ports.statistics import ReliabilityStatistics, RemediationStatistics

_SUCCEEDED = (OutcomeKind.CHANGED, OutcomeKind.UNCHANGED)
_TRIED = (*_SUCCEEDED, OutcomeKind.FAILED, OutcomeKind.AMBIGUOUS)
_SUMMARY = (
    func.count().label("tickets"),
    func.avg(tickets.c.overall_score).label("avg_reliability_score"),
    func.avg(tickets.c.ai_confidence).label("avg_confidence_score"),
    times(RESOLVED).label("resolved"),
)
_SAID = (
    select(
        feedback.c.ticket_id,
        times(feedback.c.effective_type == FeedbackType.POSITIVE).label("favour"),
        times(feedback.c.effective_type == FeedbackType.NEGATIVE).label("against"),
    )
    .group_by(feedback.c.ticket_id)
    .subquery()
)
_JUDGED = (
    select(
        tickets.c.decision,
        tickets.c.executed,
        tickets.c.verification_passed,
        _SAID.c.favour,
        _SAID.c.against,
    )
    .select_from(tickets.outerjoin(_SAID, _SAID.c.ticket_id == tickets.c.id))
    .where(
        tickets.c.decision.is_not(None),
        or_(
            and_(tickets.c.executed == true(), tickets.c.state.in_(sorted(CLOSED))),
            and_(tickets.c.executed == false(), _SAID.c.favour + _SAID.c.against > 0),
        ),
    )
    .order_by(tickets.c.received_at.desc(), tickets.c.id.desc())
)
"""Tickets whose end says something of their score: executed and ended, or spoken of."""
_ENABLED = tickets.c.enable_auto_remediation == true()


class SqlStatisticsStore:
    """Aggregates. `is_eligible` says which patterns may be automated: a rule of the domain, not of the database."""

    def __init__(self, database: Database, is_eligible: Callable[[Pattern], bool]) -> None:
        self._database = database
        self._is_eligible = is_eligible

    async def reliability(self, since: datetime) -> ReliabilityStatistics:
        return await self._database.scan(lambda connection: _reliability(connection, since))

    async def hindsights(self, most: int) -> Sequence[Hindsight]:
        return await self._database.scan(lambda connection: _hindsights(connection, most))

    async def remediation(self, since: datetime) -> RemediationStatistics:
        return await self._database.scan(
            lambda connection: _remediation(connection, since, self._is_eligible)
        )


def _hindsights(connection: Connection, most: int) -> Sequence[Hindsight]:
    rows = connection.execute(_JUDGED.limit(most)).all()
    found = []
    for row in reversed(rows):
        kinds = (FeedbackType.NEGATIVE, row.against), (FeedbackType.POSITIVE, row.favour)
        true = came_true(
            repaired=row.verification_passed is True if row.executed else None,
            said=[kind for kind, number in kinds if number],
        )
        if true is not None:
            score = from_json(row.decision)["certificate"]["overall_score"]
            found.append(Hindsight(float(score), true))
    return found


def _reliability(connection: Connection, since: datetime) -> ReliabilityStatistics:
    recent = tickets.c.received_at >= since
    total = connection.execute(select(*_SUMMARY).where(recent)).mappings().one()
    by_category = select(tickets.c.category, *_SUMMARY).where(recent).group_by(tickets.c.category)
    by_level = (
        select(tickets.c.confidence_level, func.count().label("tickets"))
        .where(recent, tickets.c.confidence_level.is_not(None))
        .group_by(tickets.c.confidence_level)
    )
    words = connection.execute(
        select(
            func.count().label("total"),
            func.avg(feedback.c.rating).label("rating"),
            *(times(feedback.c.effective_type == kind).label(kind.value) for kind in FeedbackType),
        )
        .select_from(feedback.join(tickets))
        .where(recent)
    ).one()
    return ReliabilityStatistics(
        since=since,
        **_summary(total),
        by_category={
            row["category"]: _summary(row) for row in connection.execute(by_category).mappings()
        },
        by_level={row.confidence_level: row.tickets for row in connection.execute(by_level)},
        feedback_total=words.total,
        positive_feedback_rate=_rate(words.positive, words.total),
        negative_feedback_rate=_rate(words.negative, words.total),
        neutral_feedback_rate=_rate(words.neutral, words.total),
        avg_rating=None if words.rating is None else float(words.rating),
    )


def _summary(row: RowMapping) -> dict[str, Any]:
    summary = {
        name: row[name] for name in ("tickets", "avg_reliability_score", "avg_confidence_score")
    }
    return {**summary, "resolution_rate": _rate(row["resolved"], row["tickets"])}


def _remediation(
    connection: Connection, since: datetime, is_eligible: Callable[[Pattern], bool]
) -> RemediationStatistics:
    recent = tickets.c.received_at >= since
    cases = connection.execute(
        select(
            times(_ENABLED).label("enabled"),
            times(and_(_ENABLED, tickets.c.executed == true())).label("executed"),
            func.count(tickets.c.requires_approval).label("decisions"),
            times(tickets.c.requires_approval == true()).label("approvals"),
        ).where(recent)
    ).one()
    by_operation = {
        row.operation: {"actions": row.actions, "succeeded": row.succeeded}
        for row in connection.execute(
            select(
                outcomes.c.operation,
                func.count().label("actions"),
                times(outcomes.c.kind.in_(_SUCCEEDED)).label("succeeded"),
            )
            .select_from(outcomes.join(tickets))
            .where(recent, outcomes.c.kind.in_(_TRIED))
            .group_by(outcomes.c.operation)
        )
    }
    actions = sum(row["actions"] for row in by_operation.values())
    succeeded = sum(row["succeeded"] for row in by_operation.values())
    learned = [pattern_of(row) for row in connection.execute(select(patterns)).mappings()]
    return RemediationStatistics(
        since=since,
        enabled_tickets=cases.enabled,
        executed_tickets=cases.executed,
        execution_rate=_rate(cases.executed, cases.enabled),
        actions=actions,
        actions_succeeded=succeeded,
        success_rate=_rate(succeeded, actions),
        approvals_required=cases.approvals,
        decisions=cases.decisions,
        approval_rate=_rate(cases.approvals, cases.decisions),
        by_operation=by_operation,
        eligible_patterns=sum(is_eligible(pattern) for pattern in learned),
        pattern_success_rate=_rate(
            sum(pattern.executions_succeeded for pattern in learned),
            sum(pattern.executions for pattern in learned),
        ),
    )


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
