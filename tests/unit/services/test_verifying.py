"""Wanted against seen: healed, not healed, unreadable; in bounded time."""

import pytest
from tests.fakes.platforms import CALL_TIMEOUT_SECONDS, ETH1, ETH2, R1, Fault
from tests.fakes.services import Bench, bench, enable, restart

from datacenter_docs.domain.conditions import Condition
from datacenter_docs.domain.estate import Health, HealthStatus
from datacenter_docs.domain.plans import Plan
from datacenter_docs.services.verifying import heal_time

LINK_UP = Condition(
    attribute="oper_state", equals="up", says="the link is up", otherwise="it is down"
)


PATIENCE = heal_time(Plan(actions=(enable(),)))


async def after_run(b: Bench, **fields) -> None:
    await b.planned(enable(), **fields)
    await b.stops.executing.run("T-1", 0, by_a_person=True)


async def test_effect_system_and_service_are_looked_at():
    b = bench()
    b.platform.things[ETH1].facts["oper_state"] = "up"
    await after_run(b, healed_when=(LINK_UP,))
    verification = await b.stops.verifying.verify("T-1")

    assert verification.passed
    assert len(verification.checks) == 3
    assert (await b.case()).verification == verification
    assert (await b.kinds())[-1] == "plan.verified"


async def test_a_service_that_does_not_come_back_is_not_healed_and_waited_for_once():
    b = bench()
    b.platform.things[ETH1].facts["oper_state"] = "down"
    await after_run(b, healed_when=(LINK_UP,))
    started = b.clock.now()
    verification = await b.stops.verifying.verify("T-1")

    assert not verification.passed
    assert verification.checks[-1].seen == "oper_state is down"
    assert b.clock.now() - started == PATIENCE


@pytest.mark.parametrize("call", ["look", "system_health", "describe"])
async def test_what_cannot_be_read_is_no_pass_and_takes_bounded_time(call):
    b = bench()
    b.platform.things[ETH1].facts["oper_state"] = "up"
    await after_run(b, healed_when=(LINK_UP,))
    started = b.clock.now()
    b.platform.break_for_good(call, Fault.HANG)
    verification = await b.stops.verifying.verify("T-1")

    assert [check.passed for check in verification.checks].count(None) == 1
    assert not verification.passed
    assert (
        b.clock.now() - started
    ).total_seconds() <= PATIENCE.total_seconds() + CALL_TIMEOUT_SECONDS


async def test_a_system_that_fell_ill_is_not_well():
    b = bench()
    await after_run(b)
    b.platform.things[R1].health = Health(status=HealthStatus.FAILED, reasons=("no answer",))

    assert not (await b.stops.verifying.verify("T-1")).passed


async def test_a_restart_is_judged_by_its_outcome():
    b = bench()
    await b.planned(restart())
    assert not (await b.stops.verifying.verify("T-1")).passed  # not run
    await b.stops.executing.run("T-1", 0, by_a_person=True)

    assert (await b.stops.verifying.verify("T-1")).passed


async def test_a_restart_that_leaves_its_target_sick_was_in_vain():
    b = bench()
    await b.planned(restart())
    await b.stops.executing.run("T-1", 0, by_a_person=True)
    b.platform.things[ETH1].health = Health(status=HealthStatus.FAILED, reasons=("it is dead",))
    verification = await b.stops.verifying.verify("T-1")

    assert not verification.passed
    assert verification.checks[0].seen == "changed; it is dead"


async def test_what_stands_in_for_a_replaced_target_is_what_has_to_be_healed():
    b = bench()
    await b.planned(restart(), healed_when=(LINK_UP,))
    await b.stops.executing.run("T-1", 0, by_a_person=True)
    b.platform.things[ETH1].successor = ETH2
    b.platform.things[ETH2].facts["oper_state"] = "up"
    verification = await b.stops.verifying.verify("T-1")

    assert verification.passed
    assert [check.name for check in verification.checks[1:]] == [
        f"system of {ETH2}",
        f"service of {ETH2}",
    ]


async def test_a_change_that_does_not_last_is_seen():
    b = bench()
    await after_run(b)
    b.platform.things[ETH1].state["admin_state"] = "down"

    assert not (await b.stops.verifying.verify("T-1")).passed
