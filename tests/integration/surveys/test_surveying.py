"""Surveys of a whole house: begun by itself, by a person, by the clock; and going on after a crash."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from datacenter_docs.bootstrap import House, open_house
from datacenter_docs.domain.surveys import CoverageState, Survey
from datacenter_docs.settings import Settings

WORKER = Path(__file__).with_name("worker.py")
ALL = ("arrays", "cloud", "cluster", "fabric", "vcenter")
DEADLINE_SECONDS = 60


async def until(wanted: Callable[[], Awaitable[bool]]) -> None:
    """Wait for it. Fails after a minute."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not await wanted():
            await asyncio.sleep(0.05)


async def finished(house: House, number: int) -> Survey:
    """A survey once it is over."""

    async def over() -> bool:
        newest = (await house.estate.surveys(None, 1)).items
        return bool(newest) and newest[0].number >= number and newest[0].finished_at is not None

    await until(over)
    return await house.estate.survey(number)


async def test_the_first_start_surveys_by_itself_and_the_second_does_not(settings: Settings):
    async with open_house(settings, works=True) as house:
        first = await finished(house, 1)
    async with open_house(settings, works=True) as house:
        begun = await house.surveying.begin("alice", ["fabric"])
        second = await finished(house, 2)

    assert (first.requested_by, first.connections) == ("first start", ALL)
    assert {one.state for one in first.coverage} == {CoverageState.COMPLETE}
    assert begun.created
    assert [one.connection for one in second.coverage] == ["fabric"]
    assert second.coverage[0].counts.changed == 0


async def test_the_clock_begins_surveys(settings: Settings):
    every_second = settings.model_copy(update={"survey_schedule": "* * * * * *"})
    async with open_house(every_second, works=True) as house:
        survey = await finished(house, 2)

    assert survey.requested_by == "schedule"


async def test_a_survey_that_was_killed_goes_on_with_what_was_not_read(settings: Settings):
    async with open_house(settings, works=False) as house:
        command = [sys.executable, WORKER, str(settings.data_dir), "fabric"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            said = await asyncio.to_thread(worker.stdout.readline)

            async def others_are_done() -> bool:
                return len((await house.estate.survey(1)).coverage) == len(ALL) - 1

            await until(others_are_done)
            before = await house.estate.survey(1)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    async with open_house(settings, works=True) as house:
        after = await finished(house, 1)
        surveys = (await house.estate.surveys(None, 10)).items
    fabric = next(one for one in after.coverage if one.connection == "fabric")

    assert said == "reached\n"
    assert [one for one in after.coverage if one is not fabric] == list(before.coverage)
    assert fabric.counts.appeared == fabric.counts.seen > 0
    assert [one.number for one in surveys] == [1]
