"""The demo's past is lived, not written: the same services, on a clock that is set."""

from dataclasses import replace
from datetime import timedelta

from tests.integration.demo.conftest import BEGIN, Living

from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.entrypoints.demo.story import Incident


def incident(number: int, fault: str | None, on: str | None = None, **changes: bool) -> Incident:
    """One incident per day; people approve, answer, and are content, unless told otherwise."""
    usual = Incident(
        at=BEGIN + timedelta(days=number), requester="help-desk", number=number, fault=fault, on=on,
        opts_in=True, approves=True, answers=True, content=True,
    )  # fmt: skip
    return replace(usual, **changes)


async def test_the_same_story_ends_in_the_same_journal(live: Living):
    story = [incident(1, "port-shut", "r1 eth1"), incident(2, "volume-full"), incident(3, None)]
    first = await live(story, "one")
    second = await live(story, "two")

    assert first == second


async def test_repairs_are_earned_as_in_earnest(live: Living):
    """The first tickets score too low for the policy, so a person repairs by hand; then trust grows."""
    story = [incident(n, "port-shut", "r1 eth1") for n in range(1, 9)]
    lived, patterns, _ = await live(story)
    ports = max(patterns, key=lambda pattern: pattern.occurrences)

    assert {one.state for one in lived} == {TicketState.RESOLVED}
    assert [one.healed for one in lived][-3:] == [True, True, True]
    assert ports.occurrences == 8
    assert 0 < ports.executions == ports.executions_succeeded
    assert ports.positive + ports.set_aside == ports.executions


async def test_a_person_says_no_and_nothing_is_done(live: Living):
    warm = [incident(n, "vm-service-hung", "mail-01") for n in range(1, 6)]
    lived, _, _ = await live([*warm, incident(6, "vm-service-hung", "mail-01", approves=False)])

    assert (lived[-1].state, lived[-1].healed) == (TicketState.REJECTED, False)


async def test_a_repair_that_does_not_heal_ends_as_such_and_costs_trust(live: Living):
    warm = [incident(n, "port-stuck", "sw2 eth6") for n in range(1, 6)]
    lived, patterns, _ = await live([*warm, incident(6, "cable-cut", "sw1 eth8")])
    stuck = max(patterns, key=lambda pattern: pattern.occurrences)

    assert (lived[-1].state, lived[-1].healed) == (TicketState.PARTIALLY_REMEDIATED, False)
    assert stuck.last_verification_failed
    assert stuck.negative == 1
