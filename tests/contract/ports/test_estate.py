"""What every estate store remembers: facts with their first observation, what is gone, what is only not seen, at any time."""

from datetime import timedelta

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.estate_samples import LAB, Estate, seen, vm
from tests.fakes.storage import Storage

from datacenter_docs.domain.errors import Invalid, NotFound
from datacenter_docs.domain.observed import NAME, PARENT, FactId
from datacenter_docs.domain.surveys import CoverageState
from datacenter_docs.ports.estate import KeptPayload, ResourceFilter, Retention

WEB, DB, MAIL = vm("web"), vm("db"), vm("mail")
ALL = ResourceFilter()
FAR = timedelta(days=3_650)


@pytest.fixture
def estate(storage: Storage, clock: FakeClock) -> Estate:
    return Estate(storage.estate, storage.recorder, clock)


async def ids(estate: Estate, wanted: ResourceFilter = ALL) -> list[str]:
    return [one.id for one in (await estate.reader.find(wanted, None, 100)).items]


async def test_a_fact_carries_the_call_and_the_survey_that_first_saw_it(estate: Estate):
    await estate.surveyed(seen(WEB, power_state="on"))

    fact = (await estate.reader.get(WEB)).fact("power_state")

    assert fact is not None
    assert (fact.id, fact.value, fact.measured) == (f"{WEB}#power_state@1", "on", False)
    assert fact.source.tool == "list_vms"
    assert fact.since == fact.confirmed_at == estate.started_at(1)


async def test_an_unchanged_fact_keeps_its_id_and_is_confirmed(estate: Estate):
    await estate.surveyed(seen(WEB, power_state="on"))
    await estate.surveyed(seen(WEB, power_state="on"))

    fact = (await estate.reader.get(WEB)).fact("power_state")

    assert fact is not None
    assert fact.id == f"{WEB}#power_state@1"
    assert (fact.since, fact.confirmed_at) == (estate.started_at(1), estate.started_at(2))


async def test_a_change_touches_the_facts_that_changed_only(estate: Estate):
    await estate.surveyed(seen(WEB, power_state="on", cpu_count=2))
    await estate.surveyed(seen(WEB, power_state="off", cpu_count=2))

    facts = (await estate.reader.get(WEB)).facts()

    assert [fact.id for fact in facts] == [f"{WEB}#cpu_count@1", f"{WEB}#power_state@2"]


@pytest.mark.parametrize(("before", "after"), [(True, 1), (1, 1.0), ([1], [True]), (None, False)])
async def test_values_of_another_type_are_other_values(estate: Estate, before, after):
    await estate.surveyed(seen(WEB, ready=before))
    await estate.surveyed(seen(WEB, ready=after))

    fact = (await estate.reader.get(WEB)).fact("ready")

    assert fact is not None
    assert fact.origin.survey == 2
    assert repr(fact.value) == repr(after)


async def test_name_and_parent_are_facts_beside_the_attributes(estate: Estate):
    await estate.surveyed(seen(WEB, name="Web 1", parent=DB, cpu_count=2))

    resource = await estate.reader.get(WEB)

    assert (resource.name, resource.parent) == ("Web 1", DB)
    assert [str(fact and fact.id) for fact in (resource.fact(NAME), resource.fact(PARENT))] == [
        f"{WEB}#_name@1",
        f"{WEB}#_parent@1",
    ]
    assert [fact.attribute for fact in resource.facts()] == ["cpu_count"]


async def test_what_is_measured_is_no_change_and_keeps_the_last_of_a_day(estate: Estate):
    await estate.surveyed(seen(WEB, {"cpu_usage_ratio": 0.1, "errors": 0}, cpu_count=2))
    await estate.surveyed(seen(WEB, {"cpu_usage_ratio": 0.2, "errors": 0}, cpu_count=2))

    resource = await estate.reader.get(WEB)
    facts = {fact.attribute: fact for fact in resource.facts()}

    assert facts["cpu_usage_ratio"].id == f"{WEB}#cpu_usage_ratio@2"
    assert facts["errors"].id == f"{WEB}#errors@1"
    assert facts["errors"].measured
    assert (await estate.reader.touched(1)).stated == frozenset()
    assert (await estate.reader.touched(1)).measured == {WEB}


async def test_measurements_of_different_days_can_all_be_asked(estate: Estate, clock: FakeClock):
    await estate.surveyed(seen(WEB, {"used_bytes": 1}))
    clock.advance(86_400)
    await estate.surveyed(seen(WEB, {"used_bytes": 2}))

    then = await estate.reader.get(WEB, estate.started_at(1))
    now = await estate.reader.get(WEB)

    assert (then.value("used_bytes"), now.value("used_bytes")) == (1, 2)


async def test_what_is_gone_keeps_its_last_values_under_a_tombstone(estate: Estate):
    await estate.surveyed(seen(WEB, cpu_count=2), seen(DB))
    await estate.surveyed(seen(DB), vanished=[WEB])

    gone = await estate.reader.get(WEB)

    assert gone.vanished_at == estate.started_at(2)
    assert gone.confirmed_at == estate.started_at(1)
    assert gone.value("cpu_count") == 2
    assert await ids(estate) == [DB]
    assert await ids(estate, ResourceFilter(vanished=True)) == [WEB]
    assert await ids(estate, ResourceFilter(vanished=None)) == [DB, WEB]


async def test_what_comes_back_begins_anew(estate: Estate):
    await estate.surveyed(seen(WEB, cpu_count=2))
    await estate.surveyed(vanished=[WEB])
    await estate.surveyed(seen(WEB, cpu_count=2))

    back = await estate.reader.get(WEB)
    fact = back.fact("cpu_count")

    assert fact is not None
    assert fact.id == f"{WEB}#cpu_count@3"
    assert (back.first_seen_at, back.vanished_at) == (estate.started_at(1), None)


async def test_what_was_not_seen_keeps_the_age_of_its_last_sight(estate: Estate):
    await estate.surveyed(seen(WEB, cpu_count=2), seen(DB))
    for _ in range(2):
        await estate.surveyed(seen(DB), unseen={WEB: False}, state=CoverageState.PARTIAL)

    missed, there = await estate.reader.get(WEB), await estate.reader.get(DB)

    assert (missed.unseen, missed.vanished_at) == (True, None)
    assert (missed.confirmed_at, there.confirmed_at) == (
        estate.started_at(1),
        estate.started_at(3),
    )


async def test_what_is_seen_again_is_missed_no_more(estate: Estate):
    await estate.surveyed(seen(WEB))
    await estate.surveyed(unseen={WEB: False}, state=CoverageState.PARTIAL)
    await estate.surveyed(seen(WEB))

    assert not (await estate.reader.get(WEB)).unseen
    assert (await estate.reader.get(WEB, estate.started_at(2))).unseen


async def test_a_connection_that_was_not_read_confirms_nothing(estate: Estate):
    await estate.surveyed(seen(WEB))
    await estate.surveyed(state=CoverageState.UNREADABLE)

    assert (await estate.reader.get(WEB)).confirmed_at == estate.started_at(1)


async def test_any_time_can_be_asked(estate: Estate):
    await estate.surveyed(seen(WEB, power_state="on"))
    await estate.surveyed(seen(WEB, power_state="off"), seen(DB))
    await estate.surveyed(seen(DB), vanished=[WEB])

    then = [await estate.reader.get(WEB, estate.started_at(n)) for n in (1, 2, 3)]
    there = [
        [one.id for one in (await estate.reader.find(ALL, None, 10, estate.started_at(n))).items]
        for n in (1, 2, 3)
    ]

    assert [one.value("power_state") for one in then] == ["on", "off", "off"]
    assert [one.vanished_at for one in then] == [None, None, estate.started_at(3)]
    assert there == [[WEB], [DB, WEB], [DB]]


async def test_before_it_was_seen_there_was_nothing(estate: Estate):
    await estate.surveyed(seen(WEB))

    with pytest.raises(NotFound, match="No survey has seen"):
        await estate.reader.get(WEB, estate.started_at(1) - timedelta(seconds=1))
    with pytest.raises(NotFound, match="No survey has seen"):
        await estate.reader.get(DB)


async def test_lists_are_filtered_and_paged_in_the_order_of_ids(estate: Estate):
    switch = "network:fabric:device:sw1"
    await estate.surveyed(
        seen(WEB, name="Web_1", parent=DB), seen(DB), seen(switch), connections=(LAB, "fabric")
    )
    page = await estate.reader.find(ALL, None, 2)
    rest = await estate.reader.find(ALL, page.next_cursor, 2)
    wanted = {
        ResourceFilter(platform="network"): [switch],
        ResourceFilter(connection=LAB): [DB, WEB],
        ResourceFilter(kind="device"): [switch],
        ResourceFilter(name="eB_"): [WEB],
        ResourceFilter(name="%"): [],
        ResourceFilter(parent=DB): [WEB],
    }

    assert [one.id for one in (*page.items, *rest.items)] == [switch, DB, WEB]
    assert rest.next_cursor is None
    assert {each: await ids(estate, each) for each in wanted} == wanted


async def test_a_cursor_of_something_else_is_refused(estate: Estate):
    with pytest.raises(Invalid, match="cursor"):
        await estate.reader.find(ALL, "nonsense", 10)


async def test_a_walk_meets_everything_once(estate: Estate):
    many = [seen(vm(f"vm-{number:04}"), cpu_count=number) for number in range(1_200)]
    await estate.surveyed(*many)

    bunches = [bunch async for bunch in estate.reader.walk(ALL)]
    met = [one.id for bunch in bunches for one in bunch]

    assert met == [one.id for one in many]
    assert max(map(len, bunches)) <= 1_000
    assert await estate.reader.counts() == {("vmware", LAB, "vm"): 1_200}


async def test_several_are_read_at_once(estate: Estate):
    await estate.surveyed(seen(WEB), seen(DB))

    assert (await estate.reader.get_all([WEB, MAIL])).keys() == {WEB}


async def test_a_fact_is_found_by_its_id_long_after_it_changed(estate: Estate):
    await estate.surveyed(seen(WEB, power_state="on", cpu_count=2))
    await estate.surveyed(seen(WEB, power_state="off", cpu_count=2))
    await estate.surveyed(seen(WEB, power_state="off", cpu_count=2))

    old = await estate.reader.fact(FactId(WEB, "power_state", 1))
    new = await estate.reader.fact(FactId(WEB, "power_state", 2))

    assert (old.fact.value, old.until) == ("on", estate.started_at(2))
    assert old.fact.confirmed_at == estate.started_at(1)
    assert (new.fact.value, new.until) == ("off", None)
    assert new.fact.confirmed_at == estate.started_at(3)


async def test_a_fact_of_what_is_gone_stood_until_then(estate: Estate):
    await estate.surveyed(seen(WEB, {"used_bytes": 1}, cpu_count=2))
    await estate.surveyed(vanished=[WEB])

    until = [
        (await estate.reader.fact(FactId(WEB, name, 1))).until
        for name in ("cpu_count", "used_bytes")
    ]

    assert until == [estate.started_at(2)] * 2


async def test_a_fact_that_never_was_and_one_that_is_no_longer_kept_are_told_apart(estate: Estate):
    await estate.surveyed(seen(WEB, {"used_bytes": 1}))
    await estate.surveyed(seen(WEB, {"used_bytes": 2}))

    with pytest.raises(NotFound, match="no longer kept"):
        await estate.reader.fact(FactId(WEB, "used_bytes", 1))
    with pytest.raises(NotFound, match="There never was"):
        await estate.reader.fact(FactId(WEB, "colour", 1))
    with pytest.raises(NotFound, match="There never was"):
        await estate.reader.fact(FactId(DB, "colour", 1))


async def test_a_page_may_be_recorded_again(estate: Estate):
    await estate.surveyed(seen(WEB, power_state="on"))
    survey = (await estate.recorder.begin([LAB], "schedule", estate.clock.now())).survey
    for state in ("off", "off", "suspended"):
        await estate.recorder.record(
            survey.number, [seen(WEB, power_state=state)], estate.clock.advance(1)
        )

    fact = (await estate.reader.get(WEB)).fact("power_state")
    changes = (await estate.reader.history(WEB, None, None, 10)).items

    assert fact is not None
    assert (fact.value, fact.id) == ("suspended", f"{WEB}#power_state@2")
    assert [change.survey for change in changes] == [2, 1]


async def test_a_payload_is_asked_for_until_it_is_kept(estate: Estate):
    sighting = seen(WEB, cpu_count=2)
    sha256 = sighting.reading.payload_sha256
    survey = (await estate.recorder.begin([LAB], "schedule", estate.clock.now())).survey
    answers = [
        await estate.recorder.record(survey.number, [sighting], estate.clock.now())
        for _ in range(2)
    ]
    before = await estate.reader.payload(sha256)
    kept = KeptPayload(sha256, "raw", size_bytes=2_000, cut=True, redactions=1)
    await estate.recorder.keep([kept], estate.clock.now())
    await estate.recorder.keep([kept], estate.clock.now())

    assert answers == [[sha256]] * 2
    assert (before.body, before.gone_because is None) == (None, False)
    assert await estate.reader.payload(sha256) == kept
    assert await estate.recorder.record(survey.number, [sighting], estate.clock.now()) == []
    with pytest.raises(NotFound, match="No reading has the payload"):
        await estate.reader.payload("f" * 64)


async def test_what_is_old_is_forgotten_and_what_is_true_is_not(estate: Estate, clock: FakeClock):
    for number in (1, 2, 3):
        await estate.surveyed(seen(WEB, {"used_bytes": number}, cpu_count=number, ram=1))
        clock.advance(86_400)
    now = clock.now()
    nothing = await estate.recorder.sweep(Retention(now - FAR, now - FAR, now - FAR))
    gone = await estate.recorder.sweep(Retention(now, now, now))
    resource = await estate.reader.get(WEB)

    assert (nothing.versions, nothing.measurements) == (0, 0)
    assert (gone.versions, gone.measurements) == (2, 2)
    assert [fact.id for fact in resource.facts()] == [
        f"{WEB}#cpu_count@3",
        f"{WEB}#ram@1",
        f"{WEB}#used_bytes@3",
    ]
    assert (await estate.reader.fact(FactId(WEB, "ram", 1))).fact.source.tool == "list_vms"
    with pytest.raises(NotFound, match="older than the retention"):
        await estate.reader.fact(FactId(WEB, "cpu_count", 1))
    assert (await estate.reader.history(WEB, None, None, 10)).items == []


async def test_payloads_of_what_is_true_outlive_every_retention(estate: Estate):
    old, new = seen(WEB, name="old", parent=DB), seen(WEB, name="new", parent=None)
    payloads = [KeptPayload(one.reading.payload_sha256, "raw", 3) for one in (old, new)]
    for sighting, payload in zip((old, new), payloads, strict=True):
        await estate.surveyed(sighting)
        await estate.recorder.keep([payload], estate.clock.now())
    now = estate.clock.advance(10)
    gone = await estate.recorder.sweep(Retention(now, now, now))

    assert gone.payloads == 1
    assert (await estate.reader.payload(payloads[1].sha256)).body == "raw"
