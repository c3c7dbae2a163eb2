"""What every estate store tells of changes: what was, what is, and which survey found it."""

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.estate_samples import LAB, Estate, seen, vm
from tests.fakes.storage import Storage

from datacenter_docs.domain.changes import AttributeChange, ChangeKind
from datacenter_docs.domain.errors import Invalid, NotFound
from datacenter_docs.domain.surveys import CoverageState
from datacenter_docs.ports.estate import ChangeFilter

WEB, DB = vm("web"), vm("db")
EVERY = ChangeFilter()


@pytest.fixture
def estate(storage: Storage, clock: FakeClock) -> Estate:
    return Estate(storage.estate, storage.recorder, clock)


@pytest.fixture
async def lived(estate: Estate) -> Estate:
    """WEB appears, changes, goes and returns; DB appears with the change."""
    await estate.surveyed(seen(WEB, power_state="on", cpu_count=2))
    await estate.surveyed(seen(WEB, power_state="off", cpu_count=2), seen(DB))
    await estate.surveyed(seen(DB), vanished=[WEB])
    await estate.surveyed(seen(WEB, power_state="on"), seen(DB))
    return estate


async def test_the_feed_tells_what_each_survey_found(lived: Estate):
    changes = (await lived.reader.changes(EVERY, None, 10)).items

    assert [(one.survey, one.resource_id, one.kind) for one in changes] == [
        (4, WEB, ChangeKind.RETURNED),
        (3, WEB, ChangeKind.VANISHED),
        (2, DB, ChangeKind.APPEARED),
        (2, WEB, ChangeKind.CHANGED),
        (1, WEB, ChangeKind.APPEARED),
    ]
    assert [one.at for one in changes] == [lived.started_at(n) for n in (4, 3, 2, 2, 1)]
    assert {one.named_by for one in changes} == {
        f"{WEB}#_name@1",
        f"{WEB}#_name@4",
        f"{DB}#_name@2",
    }


async def test_a_change_has_both_values_with_their_facts(lived: Estate):
    changes = (await lived.reader.changes(EVERY, None, 10)).items

    assert changes[3].attributes == (
        AttributeChange(
            "power_state", "on", "off", f"{WEB}#power_state@1", f"{WEB}#power_state@2"
        ),
    )
    assert changes[0].attributes == (
        AttributeChange("cpu_count", 2, None, f"{WEB}#cpu_count@1", None),
        AttributeChange(
            "power_state", "off", "on", f"{WEB}#power_state@2", f"{WEB}#power_state@4"
        ),
    )
    assert changes[1].attributes == changes[2].attributes == ()


async def test_the_feed_is_paged_without_loss(lived: Estate):
    whole = (await lived.reader.changes(EVERY, None, 10)).items
    found, cursor = [], None
    for _ in range(6):
        page = await lived.reader.changes(EVERY, cursor, 1)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break

    assert found == whole
    with pytest.raises(Invalid, match="cursor"):
        await lived.reader.changes(EVERY, "nonsense", 1)


async def test_the_feed_is_filtered(lived: Estate):
    wanted = {
        ChangeFilter(since=lived.started_at(2)): [4, 3],
        ChangeFilter(until=lived.started_at(1)): [1],
        ChangeFilter(since=lived.started_at(1), until=lived.started_at(2)): [2, 2],
        ChangeFilter(resource_id=DB): [2],
        ChangeFilter(resource_ids=frozenset({DB, vm("nobody")})): [2],
        ChangeFilter(resource_ids=frozenset()): [],
        ChangeFilter(platform="network"): [],
        ChangeFilter(connection=LAB, kind=ChangeKind.CHANGED): [2],
        ChangeFilter(kind=ChangeKind.APPEARED): [2, 1],
        ChangeFilter(kind=ChangeKind.RETURNED): [4],
        ChangeFilter(kind=ChangeKind.VANISHED): [3],
    }
    found = {
        each: [one.survey for one in (await lived.reader.changes(each, None, 10)).items]
        for each in wanted
    }

    assert found == wanted


async def test_the_history_of_a_resource_can_be_of_one_attribute(lived: Estate):
    whole = await lived.reader.history(WEB, None, None, 10)
    cpu = await lived.reader.history(WEB, "cpu_count", None, 10)

    assert [one.survey for one in whole.items] == [4, 3, 2, 1]
    assert [one.survey for one in cpu.items] == [4, 3, 1]
    with pytest.raises(NotFound, match="No survey has seen"):
        await lived.reader.history(vm("nobody"), None, None, 10)


async def test_what_is_unseen_has_not_changed(estate: Estate):
    await estate.surveyed(seen(WEB))
    await estate.surveyed(unseen={WEB: False}, state=CoverageState.PARTIAL)
    await estate.surveyed(seen(WEB))

    assert [one.survey for one in (await estate.reader.changes(EVERY, None, 10)).items] == [1]


async def test_a_moved_resource_is_a_change_of_its_parent(estate: Estate):
    await estate.surveyed(seen(WEB, parent=DB))
    await estate.surveyed(seen(WEB, parent=None))

    change = (await estate.reader.changes(EVERY, None, 10)).items[0]

    assert [(one.attribute, one.before, one.after) for one in change.attributes] == [
        ("_parent", DB, None)
    ]


async def test_what_a_survey_touched(lived: Estate):
    touched = [await lived.reader.touched(number) for number in (0, 2, 3, 4)]

    assert [one.stated for one in touched] == [{WEB, DB}, {WEB}, {WEB}, frozenset()]
