"""What one ticket reads: once, bounded, and honest about what is missing."""

import asyncio

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.platforms import ETH1, FakePlatform, Fault

from datacenter_docs.adapters.reasoning import live_reads
from datacenter_docs.adapters.reasoning.live_reads import MOST_READS, SIDE_BY_SIDE, LiveReads
from datacenter_docs.domain.conditions import GROWTH
from datacenter_docs.domain.errors import Broken
from datacenter_docs.ports.platforms import Inventory


class Counting(FakePlatform):
    """Counts its reads, and how many run at a time; `hangs`: kinds that never answer, `breaks`: kinds that are nonsense."""

    def __init__(self) -> None:
        super().__init__(FakeClock())
        self.asked: list[str] = []
        self.hangs: set[str] = set()
        self.breaks: set[str] = set()
        self.running = self.most = 0

    async def inventory(
        self, platform: str, *, kind: str | None = None, parent: str | None = None
    ) -> Inventory:
        self.asked.append(str(kind))
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(0)
            if kind in self.hangs:
                await asyncio.Event().wait()
            if kind in self.breaks:
                raise Broken("lab talks nonsense.")
            return await super().inventory(platform, kind=kind, parent=parent)
        finally:
            self.running -= 1


async def test_a_kind_is_read_once_however_often_it_is_asked_for():
    platform = Counting()
    reads = LiveReads(platform)
    answers = await asyncio.gather(*(reads.of("network", "interface") for _ in range(5)))

    assert platform.asked == ["interface"]
    assert all([one.id for one in answer] == [one.id for one in answers[0]] for answer in answers)
    assert reads.calls == 1


async def test_only_a_few_run_at_a_time():
    platform = Counting()
    reads = LiveReads(platform)
    await asyncio.gather(*(reads.of("network", f"kind{number}") for number in range(12)))

    assert platform.most == SIDE_BY_SIDE


async def test_beyond_the_limit_nothing_is_read_and_that_is_a_gap():
    platform = Counting()
    reads = LiveReads(platform)
    for number in range(MOST_READS):
        await reads.of("network", f"kind{number}")
    found = await reads.of("network", "interface")

    assert found == ()
    assert len(platform.asked) == MOST_READS


async def test_what_hangs_is_a_gap_in_bounded_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live_reads, "SECONDS", 0.05)
    platform = Counting()
    platform.hangs = {"interface"}
    reads = LiveReads(platform)
    found = await reads.of("network", "interface")
    [gap] = await reads.gaps()

    assert found == ()
    assert (gap.connection, gap.part) == ("network", "interface")
    assert "took more than" in gap.reason


async def test_nonsense_is_a_gap_and_no_error():
    platform = Counting()
    platform.breaks = {"interface"}
    reads = LiveReads(platform)

    assert await reads.of("network", "interface") == ()
    assert [gap.reason for gap in await reads.gaps([("network", "interface")])] == [
        "lab talks nonsense."
    ]
    assert await reads.gaps([("network", "device")]) == []


async def watched(after: int | None, *, fails: bool = False) -> list[object]:
    platform = Counting()
    platform.things[ETH1].facts["rx_errors"] = 5
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if after is None:
            del platform.things[ETH1].facts["rx_errors"]
        else:
            platform.things[ETH1].facts["rx_errors"] = after
        if fails:
            platform.break_for_good("describe", Fault.GARBAGE)

    reads = LiveReads(platform, sleep)
    port = next(one for one in await reads.of("network", "interface") if one.id == ETH1)
    first = await reads.watched(port, {"rx_errors"})
    await reads.watched(port, {"rx_errors"})

    assert len(slept) == 1
    return [fact.value for fact in first.facts if fact.attribute == "rx_errors" + GROWTH]


async def test_what_is_watched_is_read_once_more_and_its_growth_is_a_fact():
    assert await watched(9) == [4]
    assert await watched(5) == [0]


async def test_what_cannot_be_read_again_has_no_growth():
    assert await watched(None) == []
    assert await watched(9, fails=True) == []
