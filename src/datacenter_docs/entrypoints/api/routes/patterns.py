"""Learned patterns, with statistics and standing."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.patterns import Pattern, Standing
from datacenter_docs.domain.remedies import Remedy
from datacenter_docs.domain.tickets import Category
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import (
    MAX_COUNT,
    Cursor,
    Limit,
    Name,
    TheCaller,
    TheHouse,
)
from datacenter_docs.entrypoints.api.schemas import (
    Items,
    PatternAutomationBody,
    PatternMergeBody,
    PatternNameBody,
    PatternSplitBody,
)
from datacenter_docs.ports.patterns import PatternFilter

router = APIRouter(prefix="/patterns", tags=["patterns"], route_class=Guarded)


class PatternShown(BaseModel):
    """A pattern with the seed's statistics. Rates are 0..1, null while there is nothing to divide by."""

    pattern_id: str
    name: str | None
    category: str
    key_terms: list[str]
    hash: str
    occurrence_count: int
    success_count: int
    failure_count: int
    feedback: dict[str, int]
    feedback_set_aside: int
    positive_feedback_rate: float | None
    avg_rating: float | None
    avg_confidence_score: float | None
    avg_reliability_score: float | None
    auto_remediation_count: int
    auto_remediation_success_rate: float | None
    eligible_for_auto_remediation: bool
    autonomous: bool
    missing_for_eligibility: list[str]
    automation_forbidden: bool
    merged_into: str | None
    first_seen_at: datetime
    last_seen_at: datetime

    @classmethod
    def of(cls, pattern: Pattern, standing: Standing) -> "PatternShown":
        """Draw it from a pattern and where it stands."""
        return cls(
            pattern_id=pattern.pattern_id,
            name=pattern.name,
            category=pattern.category,
            key_terms=list(pattern.key_terms),
            hash=pattern.signature,
            occurrence_count=pattern.occurrences,
            success_count=pattern.resolved,
            failure_count=pattern.failed,
            feedback={
                "positive": pattern.positive,
                "neutral": pattern.neutral,
                "negative": pattern.negative,
            },
            feedback_set_aside=pattern.set_aside,
            positive_feedback_rate=pattern.positive_feedback_rate,
            avg_rating=pattern.average_rating,
            avg_confidence_score=pattern.average_confidence,
            avg_reliability_score=pattern.average_reliability,
            auto_remediation_count=pattern.executions,
            auto_remediation_success_rate=pattern.execution_success_rate,
            eligible_for_auto_remediation=standing.eligible,
            autonomous=standing.autonomous,
            missing_for_eligibility=list(standing.missing),
            automation_forbidden=pattern.automation_forbidden,
            merged_into=pattern.merged_into,
            first_seen_at=pattern.first_seen_at,
            last_seen_at=pattern.last_seen_at,
        )


class RemedyShown(BaseModel):
    """What people say helped; `operations`: of the catalogue, where they named some."""

    text: str
    operations: list[str]
    people: int
    tickets: int
    confirmed: bool

    @classmethod
    def of(cls, remedy: Remedy) -> "RemedyShown":
        """As it is shown."""
        return cls(
            **{**dict(remedy), "operations": list(remedy.operations)}, confirmed=remedy.confirmed
        )


class PatternDetail(PatternShown):
    """One pattern in full."""

    remedies: list[RemedyShown]


@router.get("")
@needs(Permission.READ)
async def list_patterns(
    house: TheHouse,
    category: Annotated[
        Category | None, Query(description="Only patterns of this category.")
    ] = None,
    min_occurrences: Annotated[
        int, Query(ge=0, le=MAX_COUNT, description="Only patterns seen at least so often.")
    ] = 0,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Items[PatternShown]:
    """Patterns, the most frequent first."""
    page = await house.patterns.find(PatternFilter(category, min_occurrences), cursor, limit)
    shown = [PatternShown.of(pattern, house.learning.standing(pattern)) for pattern in page.items]
    return Items(items=shown, next_cursor=page.next_cursor)


@router.get("/{pattern_id}")
@needs(Permission.READ)
async def get_pattern(pattern_id: Name, house: TheHouse) -> PatternDetail:
    """One pattern, with what people say helped: a person's word, used once a second one on another ticket confirms it."""
    pattern = await house.patterns.get(pattern_id)
    shown = PatternShown.of(pattern, house.learning.standing(pattern))
    return PatternDetail(
        **dict(shown),
        remedies=[RemedyShown.of(one) for one in await house.learning.remedies(pattern)],
    )


@router.post("/{pattern_id}/automation")
@needs(Permission.CURATE)
async def set_automation(
    pattern_id: Name, body: PatternAutomationBody, house: TheHouse, caller: TheCaller
) -> PatternShown:
    """Say that a pattern must never (or may again) be automated."""
    pattern = await house.governing.forbid_pattern(
        pattern_id, caller.named(body.actor, "actor"), forbidden=body.forbidden
    )
    return PatternShown.of(pattern, house.learning.standing(pattern))


@router.post("/{pattern_id}/name")
@needs(Permission.CURATE)
async def set_name(
    pattern_id: Name, body: PatternNameBody, house: TheHouse, caller: TheCaller
) -> PatternShown:
    """Give a pattern a name, or take it away."""
    pattern = await house.curating.rename(pattern_id, body.name, caller.named(body.actor, "actor"))
    return PatternShown.of(pattern, house.learning.standing(pattern))


@router.post("/{pattern_id}/merge")
@needs(Permission.CURATE)
async def merge(
    pattern_id: Name, body: PatternMergeBody, house: TheHouse, caller: TheCaller
) -> PatternShown:
    """Give all tickets of a pattern to another one of its category, and show that one."""
    pattern = await house.curating.merge(pattern_id, body.into, caller.named(body.actor, "actor"))
    return PatternShown.of(pattern, house.learning.standing(pattern))


@router.post("/{pattern_id}/split")
@needs(Permission.CURATE)
async def split(
    pattern_id: Name, body: PatternSplitBody, house: TheHouse, caller: TheCaller
) -> PatternShown:
    """Make some tickets of a pattern a pattern of their own, and show that one."""
    pattern = await house.curating.split(
        pattern_id, body.ticket_ids, caller.named(body.actor, "actor")
    )
    return PatternShown.of(pattern, house.learning.standing(pattern))
