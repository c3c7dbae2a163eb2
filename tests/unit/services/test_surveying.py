"""Surveys over platforms that are sick, odd, or suddenly empty."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from math import inf, nan
from typing import Any

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.estate import FakeEstateReader, FakeEstateRecorder
from tests.fakes.estate_memory import EstateMemory
from tests.fakes.notices import FakeMeter
from tests.fakes.platforms import FakePlatformLister, Fault

from datacenter_docs.domain.errors import Invalid, NotFound, Unavailable
from datacenter_docs.domain.estate import Fact, Resource, Source
from datacenter_docs.domain.surveys import Coverage, CoverageState, MissingPart, Survey
from datacenter_docs.ports.estate import ChangeFilter, ResourceFilter
from datacenter_docs.ports.platforms import ListedPage
from datacenter_docs.services.surveying import Limits, Surveying

HOUR = 3_600
SHA = "a" * 64


class Place:
    """A surveyed estate of one or more connections."""

    def __init__(self, **limits: float) -> None:
        self.clock = FakeClock()
        self.lister = FakePlatformLister()
        memory = EstateMemory()
        self.estate = FakeEstateReader(memory)
        self.memory = memory
        self.meter = FakeMeter()
        self.surveying = Surveying(
            self.lister,  # type: ignore[arg-type]
            self.lister,
            self.estate,
            FakeEstateRecorder(memory),
            self.meter,
            self.clock,
            Limits(**limits),  # type: ignore[arg-type]
        )

    def vm(self, name: str, connection: str = "lab", **facts: Any) -> Resource:
        """A machine as its platform lists it."""
        return Resource(
            id=f"vmware:{connection}:vm:{name}",
            kind="vm",
            name=name,
            parent=facts.pop("parent", None),
            facts=tuple(Fact(attribute=key, value=value) for key, value in facts.items()),
            source=Source(
                connection=connection,
                tool="list_vms",
                arguments={},
                observed_at=self.clock.now() + timedelta(seconds=HOUR),
                payload_sha256=SHA,
            ),
        )

    async def survey(self) -> Survey:
        """A whole survey, an hour after the one before."""
        self.clock.advance(HOUR)
        number = (await self.surveying.begin("schedule")).survey.number
        names = [info.name for info in self.lister.connections()]
        await asyncio.gather(*(self.surveying.read(number, name) for name in names))
        return await self.surveying.finish(number)

    async def names(self) -> list[str]:
        """What is there."""
        found = await self.estate.find(ResourceFilter(), None, 1_000)
        return [one.name for one in found.items]


@pytest.fixture
def place() -> Place:
    return Place()


async def only(place: Place) -> Coverage:
    return (await place.survey()).coverage[0]


def whats(coverage: Coverage) -> Sequence[str]:
    return [oddity.what for oddity in coverage.oddities]


async def test_what_is_gone_gets_a_tombstone(place: Place):
    place.lister.lists("lab", place.vm("a"), place.vm("b"))
    await place.survey()
    place.lister.lists("lab", place.vm("b"))
    coverage = await only(place)

    assert (coverage.state, coverage.counts.vanished) == (CoverageState.COMPLETE, 1)
    assert await place.names() == ["b"]


async def test_a_connection_that_does_not_answer_takes_nothing_away(place: Place):
    place.lister.lists("lab", place.vm("a"))
    await place.survey()
    place.lister.listings["lab"] = [Unavailable("lab did not answer.")]
    coverage = await only(place)

    assert coverage.state is CoverageState.UNREADABLE
    assert coverage.gaps == (MissingPart(part="", reason="lab did not answer."),)
    assert coverage.read_at is not None
    assert await place.names() == ["a"]


async def test_a_listing_that_breaks_off_keeps_what_it_brought(place: Place):
    place.lister.lists("lab", place.vm("a"), place.vm("b"), place.vm("c"))
    await place.survey()
    place.lister.listings["lab"] = [
        ListedPage([place.vm("a", cpu_count=2)]),
        Unavailable("lab was lost."),
    ]
    coverage = await only(place)
    b = await place.estate.get("vmware:lab:vm:b")

    assert (coverage.state, coverage.counts.changed) == (CoverageState.PARTIAL, 1)
    assert coverage.counts.unseen == 2
    assert (b.unseen, b.vanished_at) == (True, None)


async def test_a_gap_spares_its_own_part_only(place: Place):
    r1, r2 = place.vm("r1"), place.vm("r2")
    children = [place.vm(f"{owner.name}/eth1", parent=owner.id) for owner in (r1, r2)]
    place.lister.lists("lab", r1, r2, *children)
    await place.survey()
    gap = MissingPart(part="r1", reason="no answer")
    place.lister.lists("lab", r2, gaps=[gap])
    await place.survey()

    assert await place.names() == ["r1", "r1/eth1", "r2"]


async def test_a_gap_that_nobody_can_place_spares_all(place: Place):
    place.lister.lists("lab", place.vm("a"), place.vm("b"))
    await place.survey()
    place.lister.lists("lab", place.vm("a"), gaps=[MissingPart(part="rack 7", reason="dark")])
    await place.survey()

    assert await place.names() == ["a", "b"]


async def test_an_empty_answer_after_many_is_suspicious_until_a_person_says_so(place: Place):
    place.lister.lists("lab", *(place.vm(f"vm{n:03}") for n in range(500)))
    await place.survey()
    place.lister.lists("lab")
    coverage = await only(place)
    before = len(await place.names())
    accepted = await place.surveying.accept_vanished("lab", "alice")
    [entry] = place.memory.journal.records

    assert coverage.state is CoverageState.SUSPICIOUS
    assert [(s.kind, s.before, s.seen) for s in coverage.suspicions] == [("vm", 500, 0)]
    assert coverage.counts.vanished == 0
    assert (before, accepted) == (500, 500)
    assert await place.names() == []
    assert (entry.kind, entry.actor) == ("estate.vanished_accepted", "alice")


async def test_what_comes_back_after_a_suspicion_was_never_gone(place: Place):
    many = [place.vm(f"vm{n:03}") for n in range(20)]
    place.lister.lists("lab", *many)
    await place.survey()
    place.lister.lists("lab", *many[:3])
    await place.survey()
    place.lister.lists("lab", *many)
    coverage = await only(place)
    changes = await place.estate.changes(ChangeFilter(), None, 100)

    assert (coverage.state, coverage.counts.returned) == (CoverageState.COMPLETE, 0)
    assert {one.survey for one in changes.items} == {1}


async def test_what_comes_and_goes_by_itself_is_never_suspicious(place: Place):
    place.lister.lists("lab", *(place.vm(f"vm{n:03}") for n in range(20)))
    await place.survey()
    place.lister.listings["lab"] = [ListedPage([place.vm("vm000")], passing=frozenset({"vm"}))]

    assert (await only(place)).counts.vanished == 19


async def test_happenings_are_no_things(place: Place):
    place.lister.listings["lab"] = [ListedPage([place.vm("a")], happening=frozenset({"vm"}))]

    assert (await only(place)).counts.seen == 0


async def test_measured_values_are_kept_apart(place: Place):
    for used in (1, 2):
        page = ListedPage(
            [place.vm("a", used_bytes=used)], measured={"vm": frozenset({"used_bytes"})}
        )
        place.lister.listings["lab"] = [page]
        coverage = await only(place)

    assert coverage.counts.changed == 0
    assert (await place.estate.get("vmware:lab:vm:a")).value("used_bytes") == 2


async def test_one_that_hangs_ends_at_its_time_limit():
    place = Place(time_limit_seconds=0.05)
    place.lister.listings["lab"] = [ListedPage([place.vm("a")]), Fault.HANG]
    coverage = await only(place)

    assert coverage.state is CoverageState.PARTIAL
    assert coverage.gaps[0].reason == "It was not read to its end within 0.05 s."
    assert await place.names() == ["a"]


async def test_one_that_hangs_holds_up_nobody_else():
    place = Place(time_limit_seconds=0.5)
    for name in "bcde":
        place.lister.lists(name, *(place.vm(f"{name}{n}", name) for n in range(200)))
    loop = asyncio.get_running_loop()
    place.clock.advance(HOUR)

    async def read_all() -> float:
        survey = (await place.surveying.begin("schedule")).survey
        took: list[float] = []

        async def read(name: str) -> None:
            began = loop.time()
            await place.surveying.read(survey.number, name)
            if name != "a":
                took.append(loop.time() - began)

        await asyncio.gather(*(read(info.name) for info in place.lister.connections()))
        await place.surveying.finish(survey.number)
        return max(took)

    await read_all()
    alone = min([await read_all() for _ in range(5)])
    place.lister.listings["a"] = [Fault.HANG]
    together = min([await read_all() for _ in range(3)])

    assert together < alone * 1.1 + 0.2  # far less than the half second for which the fifth hangs
    assert together < 0.5


async def test_raw_answers_are_fetched_once(place: Place):
    place.lister.raw = {SHA: "raw"}
    place.lister.lists("lab", place.vm("a"))
    await place.survey()
    place.lister.lists("lab", place.vm("a", cpu_count=2))
    await place.survey()

    assert place.lister.asked == [SHA]
    assert (await place.estate.payload(SHA)).body == "raw"


async def test_without_raw_answers_the_survey_goes_on(place: Place):
    place.lister.raw = None
    place.lister.listings["lab"] = [ListedPage([place.vm(name)]) for name in "abc"]
    coverage = await only(place)

    assert coverage.counts.seen == 3
    assert whats(coverage) == [
        "its raw answers cannot be had: lab: there is no tool get_payloads."
    ]
    assert (await place.estate.payload(SHA)).gone_because


async def test_garbage_is_left_out_and_told(place: Place):
    good = place.vm("good", size=1)
    twice = good.replaced(facts=(Fact(attribute="x", value=1), Fact(attribute="x", value=2)))
    place.lister.lists(
        "lab",
        good,
        good,
        good.replaced(id="nonsense"),
        good.replaced(id="vmware:other:vm:1"),
        good.replaced(id="vmware:lab:host:1"),
        good.replaced(id="vmware:lab:vm:nul\0"),
        twice.replaced(id="vmware:lab:vm:twice"),
        place.vm("words", **{"Not A Word": 1, "_name": "spoof", "a#b@1": 2}),
        place.vm("numbers", ratio=nan, size=inf, many=[1.0, nan], huge=2**70),
        place.vm("texts", note="half \ud800 and nul \0").replaced(name="n\0"),
    )
    coverage = await only(place)
    numbers = await place.estate.get("vmware:lab:vm:numbers")
    texts = await place.estate.get("vmware:lab:vm:texts")

    assert coverage.counts.seen == 5
    assert len(coverage.oddities) == 15
    assert (numbers.value("ratio"), numbers.value("size")) == (None, None)
    assert (numbers.value("many"), numbers.value("huge")) == ([1.0, None], str(2**70))
    assert texts.value("note") == "half ? and nul \ufffd"
    assert (await place.estate.get("vmware:lab:vm:twice")).value("x") == 1
    assert list((await place.estate.get("vmware:lab:vm:words")).facts()) == []


async def test_parents_that_are_not_there_and_circles_are_told(place: Place):
    ring = [f"vmware:lab:vm:{name}" for name in "abc"]
    place.lister.lists(
        "lab",
        *(place.vm(name, parent=ring[(n + 1) % 3]) for n, name in enumerate("abc")),
        place.vm("own", parent="vmware:lab:vm:own"),
        place.vm("orphan", parent="vmware:lab:vm:nobody"),
        place.vm("odd", parent="nonsense"),
    )
    coverage = await only(place)

    assert sorted(whats(coverage)) == [
        "it contains itself, by way of what contains it",
        "it contains itself: taken for contained in nothing",
        "what contains it is no id: taken for contained in nothing",
        "what contains it is not there: vmware:lab:vm:nobody",
    ]


async def test_a_long_note_is_kept_whole(place: Place):
    place.lister.lists("lab", place.vm("a", notes="x" * 50_000))
    await place.survey()

    assert (await place.estate.get("vmware:lab:vm:a")).value("notes") == "x" * 50_000


async def test_a_clock_that_is_wrong_is_told_and_does_not_turn_time_round(place: Place):
    late = place.clock.now() - timedelta(days=2)
    for state in ("on", "off"):
        vm = place.vm("a", power_state=state)
        vm = vm.replaced(source=vm.source.replaced(observed_at=late))
        place.lister.lists("lab", vm)
        coverage = await only(place)
        late -= timedelta(days=1)
    fact = (await place.estate.get("vmware:lab:vm:a")).fact("power_state")

    assert len(coverage.oddities) == 1
    assert "behind ours" in coverage.oddities[0].what
    assert fact is not None
    assert (fact.value, fact.since) == ("off", coverage.started_at)


async def test_oddities_are_counted_beyond_a_hundred(place: Place):
    place.lister.lists("lab", *(place.vm("a").replaced(id=f"nonsense {n}") for n in range(250)))
    coverage = await only(place)

    assert (len(coverage.oddities), coverage.oddities_left_out) == (100, 150)


async def test_the_same_platform_twice_is_kept_twice_and_told_to_be_the_same(place: Place):
    uuid = "4c4c4544-0038-4d10-8051-b7c04f4b3232"
    for name in ("one", "two"):
        place.lister.lists(name, place.vm("vm-42", name, instance_uuid=uuid))
    await place.survey()
    relations = await place.estate.relations("vmware:one:vm:vm-42")

    assert await place.names() == ["vm-42", "vm-42"]
    assert [(one.rule, one.right) for one in relations] == [("same_as", "vmware:two:vm:vm-42")]


async def test_a_connection_that_was_taken_away_meanwhile_is_unreadable(place: Place):
    place.lister.lists("lab", place.vm("a"))
    survey = (await place.surveying.begin("alice")).survey
    del place.lister.listings["lab"]

    assert (await place.surveying.read(survey.number, "lab")).state is CoverageState.UNREADABLE


async def test_only_configured_connections_can_be_asked_for(place: Place):
    with pytest.raises(Invalid, match="no connection nowhere"):
        await place.surveying.begin("alice", ["nowhere"])
    with pytest.raises(NotFound, match="no survey 7"):
        await place.surveying.read(7, "lab")


async def test_the_first_survey_of_a_day_forgets(place: Place):
    place.lister.lists("lab", place.vm("a"))
    first, second = await place.survey(), await place.survey()
    place.clock.advance(24 * HOUR)
    third = await place.survey()
    swept = [await place.surveying.sweep(one.number) for one in (first, second, third)]

    assert [one is None for one in swept] == [False, True, False]


async def test_a_survey_is_followed_to_its_end(place: Place):
    place.lister.lists("lab", place.vm("a"))
    number = (await place.survey()).number
    told = [one async for one in place.surveying.progress(number, stopping=lambda: False)]

    assert [one.connection for one in told] == ["lab"]
    assert place.meter.counts["resources vmware"] == 1
