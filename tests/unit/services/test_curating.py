"""People put patterns right, and the next ticket is judged by it."""

import json

import pytest
from tests.fakes.services import Bench, bench

from datacenter_docs.domain.errors import Invalid, NotFound, Refused
from datacenter_docs.domain.tickets import TicketRequest

DOWN, DARK = "The link of the uplink is down.", "No light on the fibre to the hall."


async def told(b: Bench, ticket_id: str, text: str, category: str = "network") -> str:
    """The pattern of a ticket that was decided."""
    await b.receiving.receive(
        TicketRequest(ticket_id=ticket_id, description=text, category=category)
    )
    await b.stops.deciding.decide(ticket_id, None, await b.stops.resolving.resolve(ticket_id))
    return str((await b.case(ticket_id)).ticket.pattern_id)


async def test_two_patterns_that_were_merged_are_one_for_either_wording():
    b = bench()
    down, dark = await told(b, "T-1", DOWN), await told(b, "T-2", DARK)
    kept = await b.curating.merge(dark, down, "ada")

    assert kept.occurrences == 2
    assert await told(b, "T-3", DARK) == down
    assert await told(b, "T-4", DOWN) == down


async def test_what_was_split_off_does_not_go_back():
    b = bench()
    down, dark = await told(b, "T-1", DOWN), await told(b, "T-2", DARK)
    await b.curating.merge(dark, down, "ada")
    new = await b.curating.split(down, ["T-2"], "ada")

    assert new.pattern_id not in (down, dark)
    assert (await b.case("T-2")).ticket.pattern_id == new.pattern_id
    assert await told(b, "T-3", DARK) == new.pattern_id
    assert await told(b, "T-4", DOWN) == down


async def test_a_split_of_a_forbidden_pattern_is_forbidden():
    b = bench()
    down = await told(b, "T-1", DOWN)
    await told(b, "T-2", DOWN)
    await b.governing.forbid_pattern(down, "ada", forbidden=True)

    assert (await b.curating.split(down, ["T-2"], "ada")).automation_forbidden


async def test_each_change_is_journaled_with_who_made_it():
    b = bench()
    down, dark = await told(b, "T-1", DOWN), await told(b, "T-2", DARK)
    await b.curating.rename(down, "Uplinks", "ada")
    await b.curating.merge(dark, down, "eve")
    await b.curating.split(down, ["T-2"], "ada")
    page = await b.storage.journal.page(kinds=["pattern.changed"])

    assert [record.actor for record in page.items] == ["ada", "eve", "ada"]
    assert json.loads(page.items[1].body) == {"pattern_id": dark, "merged_into": down}


async def test_what_makes_no_sense_is_refused():
    b = bench()
    down, dark = await told(b, "T-1", DOWN), await told(b, "T-2", DARK)
    other = await told(b, "T-3", DOWN, "storage")

    with pytest.raises(Invalid, match="itself"):
        await b.curating.merge(down, down, "ada")
    with pytest.raises(Invalid, match="storage"):
        await b.curating.merge(down, other, "ada")
    with pytest.raises(Invalid, match="nothing would be left"):
        await b.curating.split(down, ["T-1"], "ada")
    with pytest.raises(Invalid, match="T-2"):
        await b.curating.split(down, ["T-1", "T-2"], "ada")
    with pytest.raises(Invalid, match="Name 1"):
        await b.curating.split(down, [], "ada")
    with pytest.raises(NotFound):
        await b.curating.merge(down, "pat-unknown", "ada")
    await b.curating.merge(dark, down, "ada")
    with pytest.raises(Refused, match="was merged"):
        await b.curating.merge(dark, down, "ada")
    with pytest.raises(Refused, match="was merged"):
        await b.curating.split(dark, ["T-2"], "ada")


async def test_two_processes_see_what_the_other_learned():
    first = bench()
    second = bench(storage=first.storage)
    down = await told(first, "T-1", DOWN)
    assert await told(second, "T-2", DOWN) == down
    dark = await told(second, "T-3", DARK)

    assert await told(first, "T-4", DARK) == dark
    await first.curating.merge(dark, down, "ada")
    assert await told(second, "T-5", DARK) == down


async def test_a_ticket_that_says_nothing_is_uncertain_the_second_time():
    b = bench()
    assert await told(b, "T-1", "srv1") == await told(b, "T-2", "10.0.0.2")
    records = (await b.storage.journal.page(ticket_id="T-2")).items
    inputs = next(json.loads(r.body)["inputs"] for r in records if r.kind == "ticket.decided")

    assert inputs["match"]["uncertain"]
