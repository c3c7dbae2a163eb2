"""What changed, told in prose, and what is different between two times."""

from datetime import timedelta

import pytest
from tests.fakes.deeds import FakeDeeds
from tests.fakes.estate_samples import Estate, seen, vm
from tests.fakes.memory import Memory
from tests.fakes.samples import a_ticket
from tests.fakes.walking import check
from tests.unit.documents.test_resource_pages import estate

from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.changes import ChangeKind
from datacenter_docs.domain.citing import ProofKind
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.outcomes import Outcome, OutcomeKind
from datacenter_docs.ports.estate import ChangeFilter
from datacenter_docs.services.composing import changing
from datacenter_docs.services.drifting import Drifting

WEB = vm("web-1")


def deeds(e: Estate, *kinds: OutcomeKind) -> FakeDeeds:
    """A ticket that acted upon `WEB` just now."""
    memory = Memory()
    outcomes = tuple(
        Outcome(
            action_id=str(n),
            operation="resize_vm",
            target=WEB,
            kind=kind,
            message="",
            finished_at=e.clock.now(),
        )
        for n, kind in enumerate(kinds)
    )
    memory.cases["INC-7"] = Case(ticket=a_ticket("INC-7"), outcomes=outcomes)
    return FakeDeeds(memory)


async def section(e: Estate, done: FakeDeeds) -> str:
    return TemplateWriter().markdown(await changing.compose(e.reader, done))


async def test_a_change_is_told_with_the_facts_before_and_after_and_the_ticket():
    e = estate()
    await e.surveyed(seen(WEB, memory_mib=4096))
    done = deeds(e, OutcomeKind.CHANGED)
    await e.surveyed(seen(WEB, memory_mib=8192))
    text = await section(e, done)
    values = await check(text, e.reader)
    proofs = {value.text: value.proof for value in values}

    assert "memory went from" in text
    assert proofs["4 GiB"].id == f"{WEB}#memory_mib@1"
    assert proofs["8 GiB"].id == f"{WEB}#memory_mib@2"
    assert proofs["INC-7"].kind is ProofKind.TICKET


async def test_a_refused_action_asked_for_nothing():
    e = estate()
    await e.surveyed(seen(WEB, memory_mib=4096))
    done = deeds(e, OutcomeKind.REFUSED)
    await e.surveyed(seen(WEB, memory_mib=8192))

    assert "INC-7" not in await section(e, done)


async def test_what_appears_in_masses_is_counted_by_the_survey():
    e = estate()
    many = [seen(vm(f"m-{n:03}")) for n in range(changing.MASS[ChangeKind.APPEARED] + 1)]
    await e.surveyed(*many)
    text = await section(e, deeds(e))
    values = await check(text, e.reader)
    counted = [v for v in values if v.text == str(len(many))]

    assert [v.proof.id for v in counted] == ["1/lab"]
    assert "m-001" not in text


async def test_the_week_ends_with_the_newest_change():
    e = estate()
    await e.surveyed(seen(WEB, memory_mib=1))
    e.clock.advance(timedelta(days=30).total_seconds())
    await e.surveyed(seen(WEB, memory_mib=2))
    told = await section(e, deeds(e))
    e.clock.advance(timedelta(days=30).total_seconds())
    await e.surveyed(seen(WEB, memory_mib=2))

    assert "appeared" not in told
    assert await section(e, deeds(e)) == told


async def test_values_that_begin_and_end_to_be_told_are_said_so():
    e = estate()
    await e.surveyed(seen(WEB, notes="a"))
    await e.surveyed(seen(WEB, folder="/"))
    text = await section(e, deeds(e))
    await check(text, e.reader)

    assert "was not told before" in text
    assert "is not told any more" in text


async def test_nothing_ever_changed_is_said():
    e = estate()

    assert "Nothing has changed yet" in await section(e, deeds(e))


async def different(e: Estate, since_survey: int, **wanted):
    since = e.started_at(since_survey)
    drifting = Drifting(e.reader, deeds(e, OutcomeKind.CHANGED), TemplateWriter())
    return await drifting.between(since, ChangeFilter(since=since, **wanted))


async def test_a_value_that_came_back_is_no_difference():
    e = estate()
    await e.surveyed(seen(WEB, memory_mib=1), seen(vm("b"), memory_mib=1))
    await e.surveyed(seen(WEB, memory_mib=2), seen(vm("b"), memory_mib=2))
    await e.surveyed(seen(WEB, memory_mib=3), seen(vm("b"), memory_mib=1))
    found = await different(e, 1)
    [change] = found.changes
    [value] = change.attributes

    assert (change.resource_id, change.kind) == (WEB, ChangeKind.CHANGED)
    assert (value.before, value.after) == (1, 3)
    assert "went from" in found.markdown
    await check(found.markdown, e.reader)


async def test_what_came_and_went_is_no_difference():
    e = estate()
    await e.surveyed(seen(WEB))
    await e.surveyed(seen(WEB), seen(vm("short")))
    await e.surveyed(seen(WEB), vanished=[vm("short")])
    found = await different(e, 1)

    assert found.changes == []
    assert "Nothing is different" in found.markdown


async def test_what_went_and_came_back_differs_by_its_values_alone():
    e = estate()
    await e.surveyed(seen(WEB, memory_mib=1), seen(vm("b"), memory_mib=1))
    await e.surveyed(vanished=[WEB, vm("b")])
    await e.surveyed(seen(WEB, memory_mib=1), seen(vm("b"), memory_mib=2))
    found = await different(e, 1)

    assert [(c.resource_id, c.kind) for c in found.changes] == [(vm("b"), ChangeKind.CHANGED)]


async def test_appeared_changed_and_gone_are_what_they_are_in_the_end():
    e = estate()
    await e.surveyed(seen(WEB, memory_mib=1))
    await e.surveyed(seen(WEB, memory_mib=2), seen(vm("new"), memory_mib=1))
    await e.surveyed(seen(vm("new"), memory_mib=2), vanished=[WEB])
    found = await different(e, 1)

    assert {c.resource_id: c.kind for c in found.changes} == {
        WEB: ChangeKind.VANISHED,
        vm("new"): ChangeKind.APPEARED,
    }


async def test_a_time_that_ends_before_it_begins_is_no_time():
    e = estate()
    await e.surveyed(seen(WEB))

    with pytest.raises(Invalid, match="ends before"):
        await different(e, 1, until=e.started_at(1) - timedelta(hours=1))
