"""The two statistics of the seed, and how far scores mean what they say."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from datacenter_docs.bootstrap import House
from datacenter_docs.domain import calibration
from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.calibration import CalibrationReport
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import TheHouse
from datacenter_docs.ports.statistics import ReliabilityStatistics, RemediationStatistics

router = APIRouter(prefix="/stats", tags=["stats"], route_class=Guarded)
Days = Annotated[int, Query(ge=1, le=3_650, description="How many days back.")]


@dataclass(frozen=True, kw_only=True)
class ReliabilityShown(ReliabilityStatistics):
    """Over tickets of the last `days`; rates are 0..1, null without data."""

    days: int


@dataclass(frozen=True, kw_only=True)
class RemediationShown(RemediationStatistics):
    """Over tickets of the last `days`; rates are 0..1, null without data."""

    days: int


@router.get("/reliability")
@needs(Permission.READ)
async def reliability(house: TheHouse, days: Days = 30) -> ReliabilityShown:
    """Scores, confidence, resolution rate and feedback over tickets of the last days."""
    counted = await house.statistics.reliability(house.clock.now() - timedelta(days=days))
    return ReliabilityShown(days=days, **asdict(counted))


@router.get("/auto-remediation")
@needs(Permission.READ)
async def auto_remediation(house: TheHouse, days: Days = 30) -> RemediationShown:
    """Executions, successes, approvals and patterns over tickets of the last days."""
    counted = await house.statistics.remediation(house.clock.now() - timedelta(days=days))
    return RemediationShown(days=days, **asdict(counted))


@router.get("/calibration")
@needs(Permission.READ)
async def show_calibration(house: TheHouse) -> CalibrationReport:
    """Scores of decisions compared with what really happened, and the map from score to probability that follows."""
    return await _report(house)


@router.get(
    "/calibration.svg",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}, "description": "A reliability diagram"}},
)
@needs(Permission.READ)
async def draw_calibration(house: TheHouse) -> Response:
    """The same as a reliability diagram."""
    drawn = house.writer.reliability_diagram(await _report(house))
    return Response(drawn, media_type="image/svg+xml")


async def _report(house: House) -> CalibrationReport:
    known = await house.statistics.hindsights(calibration.MOST)
    return calibration.report(known, house.clock.now())
