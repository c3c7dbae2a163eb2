"""The demo's past as it is written: the same for the same seed, in order, and of many kinds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from datacenter_docs.entrypoints.demo.clock import PATIENCE_SECONDS, SetClock
from datacenter_docs.entrypoints.demo.policies import POLICIES
from datacenter_docs.entrypoints.demo.story import DAYS, SERIES, incidents
from datacenter_mcp.demo.faults.table import FAULTS

END = datetime(2026, 6, 30, 12, tzinfo=UTC)


def test_the_same_seed_tells_the_same_story_and_another_seed_another():
    assert incidents(1, END) == incidents(1, END)
    assert incidents(1, END) != incidents(2, END)


def test_it_is_told_in_order_over_six_months():
    story = incidents(1, END)
    times = [incident.at for incident in story]

    assert times == sorted(times)
    assert END - timedelta(days=DAYS) <= times[0]
    assert times[-1] < END
    assert times[-1] - times[0] > timedelta(days=150)
    assert [incident.number for incident in story] == list(range(1, len(story) + 1))


def test_there_is_something_of_everything():
    story = incidents(1, END)
    happened = {incident.fault for incident in story}

    assert len(story) > 120
    assert None in happened
    assert len(happened) > 20
    assert {FAULTS[name].category for name in happened if name} == {p.category for p in POLICIES}
    assert any(not incident.approves for incident in story if incident.fault)
    assert any(not incident.content for incident in story if incident.fault)


def test_every_series_is_of_a_fault_that_there_is():
    assert {series.fault for series in SERIES} <= FAULTS.keys()


async def test_a_set_clock_goes_on_when_told_to_and_takes_the_world_along():
    followed = []
    clock = SetClock(END, 1, followed.append)
    await clock.sleep(0.5)
    clock.pass_by(60)
    clock.reach(END)
    later = END + timedelta(seconds=PATIENCE_SECONDS + 60)

    assert clock.now() == later
    assert followed == [END, END + timedelta(seconds=PATIENCE_SECONDS), later]


def test_ids_of_a_set_clock_are_unique_in_order_and_the_same_each_time():
    ids = [
        [clock.new_id() for _ in range(500)]
        for clock in (SetClock(END, 1, print), SetClock(END, 1, print))
    ]

    assert ids[0] == ids[1] == sorted(set(ids[0]))
    assert SetClock(END, 2, print).new_id() != ids[0][0]
    assert UUID(ids[0][0]).int >> 80 == END.timestamp() * 1_000
