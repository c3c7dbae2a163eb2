"""Several workers on one PostgreSQL: what one leaves that is killed or frozen goes on elsewhere, and a frozen one that
wakes up acts no more. The device counts effects.
"""

import time

import pytest
from tests.fakes.room import Port
from tests.integration.spine.place import Place, ended, reach, report
from tests.integration.spine.test_crash import STUCK, approve

from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.settings import Settings

pytestmark = [pytest.mark.crash, pytest.mark.timeout(180)]
S = TicketState
LEASE_SECONDS = 1.5
PROMISED_SECONDS = 30


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def hasty(place: Place) -> Place:
    """The same place with a short lease, so that nobody has to wait long for its end."""
    return Place(place.settings.model_copy(update={"lease_seconds": LEASE_SECONDS}), place.room)


async def test_a_killed_workers_ticket_goes_on_elsewhere_in_time(place: Place):
    async with place.house() as house:
        with place.worker("after action.started") as first:
            await report(house)
            await approve(house)
            first.reaches_its_point()
            with place.worker(name="w2") as second:
                second.works()
                first.die()
                died = time.monotonic()
                state = await ended(house)
                seconds = time.monotonic() - died

    assert state is S.RESOLVED
    assert place.room.effects == ["enable_port"]
    assert seconds < PROMISED_SECONDS


@pytest.mark.parametrize(
    "point",
    [
        "before acquire",
        "after action.intended",
        "before action.started",
        "inside action.started",  # with the one write lane of the installation in its hands
        "after action.started",
        "after check",  # nothing stands between here and the device
        "after act",
        "before action.finished",
        "after change:outcomes",
        "after change:verification",
    ],
)
async def test_a_frozen_worker_that_wakes_up_acts_no_more(hasty: Place, point: str):
    async with hasty.house() as house:
        with hasty.worker(f"freeze {point}") as first:
            first.works()
            await report(house)
            await approve(house)
            first.reaches_its_point()
            with hasty.worker(name="w2"):
                state = await ended(house)
                first.wakes()
                first.finds_itself_superseded()
        again = await ended(house)
        locked = await _locked(hasty.settings)

    assert state is again is S.RESOLVED
    assert hasty.room.effects == ["enable_port"]
    assert locked == []


@pytest.mark.parametrize(
    ("counts", "end"), [(True, S.RESOLVED), (False, S.AMBIGUOUS)], ids=["marker", "no-marker"]
)
async def test_a_restart_that_slept_before_the_device_is_not_done_twice(
    hasty: Place, counts: bool, end: TicketState
):
    hasty.room.write(Port(admin="up", counts_restarts=counts))
    async with hasty.house() as house:
        with hasty.worker("freeze after check") as first:
            first.works()
            await report(house, STUCK)
            await approve(house)
            first.reaches_its_point()
            with hasty.worker(name="w2"):
                state = await ended(house)
                first.wakes()
                first.finds_itself_superseded()

    assert state is end
    # Without a marker nobody can tell: nothing was done, or the call that slept was.
    assert len(hasty.room.effects) in ({1} if counts else {0, 1})


async def test_a_question_to_a_person_outlives_who_asked_it(hasty: Place):
    async with hasty.house() as house:
        with hasty.worker() as first, hasty.worker(name="w2") as second:
            first.works()
            second.works()
            await report(house)
            await reach(house, S.AWAITING_APPROVAL)
            first.die()
            await approve(house)
            state = await ended(house)

    assert state is S.RESOLVED
    assert hasty.room.effects == ["enable_port"]


async def _locked(settings: Settings) -> list[str]:
    from sqlalchemy import select
    from tests.peers.databases import opened

    from datacenter_docs.adapters.persistence.tables import resource_locks

    with opened(settings.url) as database:
        return await database.read(lambda c: list(c.scalars(select(resource_locks.c.resource))))
