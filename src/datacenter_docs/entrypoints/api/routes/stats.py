"""The two statistics of the seed."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from datacenter_docs.entrypoints.api.dependencies import TheHouse

router = APIRouter(prefix="/stats", tags=["stats"])
Days = Annotated[int, Query(ge=1, le=3_650, description="How many days back.")]


@router.get("/reliability")
async def reliability(house: TheHouse, days: Days = 30) -> dict[str, Any]:
    """Scores, confidence, resolution rate and feedback over tickets of the last days; rates are 0..1, null without data."""
    return {
        "days": days,
        **asdict(await house.statistics.reliability(house.clock.now() - timedelta(days=days))),
    }


@router.get("/auto-remediation")
async def auto_remediation(house: TheHouse, days: Days = 30) -> dict[str, Any]:
    """Executions, successes, approvals and patterns over tickets of the last days; rates are 0..1, null without data."""
    return {
        "days": days,
        **asdict(await house.statistics.remediation(house.clock.now() - timedelta(days=days))),
    }
