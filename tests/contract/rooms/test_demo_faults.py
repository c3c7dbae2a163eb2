"""Every fault of the demo world is healed by the cure that it declares, through the tools of the contract."""

from pathlib import Path

import pytest
from tests.contract.rooms.calling import calling
from tests.fakes.world import NAMES, Standing, make, room

from datacenter_mcp.demo.changes import Step
from datacenter_mcp.demo.faults.fault import Fault
from datacenter_mcp.demo.faults.oracle import heal, inject, injections, target_of, verdict
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.world import World


@pytest.mark.parametrize("fault", [f for f in FAULTS.values() if f.cure], ids=lambda f: f.name)
async def test_the_declared_cure_heals_it_over_the_contract(tmp_path: Path, fault: Fault):
    time = Standing()
    path = make(tmp_path, time)
    world = World.open(path, time)
    target = target_of(fault, world.view())
    inject(world, fault, target)
    time.now += 5
    key, parameters = fault.cure.order(world.view(), target)
    platform, kind, native = key.split(":", 2)
    async with calling(room(platform, path, time)) as call:
        done = await call(
            fault.cure.operation,
            target=f"{platform}:{NAMES[platform]}:{kind}:{native}",
            parameters=parameters,
            idempotency_key="1",
        )
    time.now += 60
    [standing] = injections(world)

    assert done["changed"] is True
    assert verdict(world, standing).healed
    assert not verdict(world, standing).worse
    world.close()


def test_a_heal_from_outside_is_as_if_it_had_never_been(tmp_path: Path):
    time = Standing()
    world = World.open(make(tmp_path, time), time)
    before = {key: world.view().facts(key) for key in world.view().base.things}
    for name in ("port-shut", "snapshots-pile-up", "bad-release"):
        inject(world, FAULTS[name], target_of(FAULTS[name], world.view()))
    one = heal(world, "port-shut")
    rest = heal(world)
    after = {key: world.view().facts(key) for key in world.view().base.things}

    assert [found.fault.name for found in one] == ["port-shut"]
    assert [found.fault.name for found in rest] == ["snapshots-pile-up", "bad-release"]
    assert injections(world) == []
    assert before == after
    world.close()


def test_the_oracle_sees_what_another_process_does(tmp_path: Path):
    time = Standing()
    path = make(tmp_path, time)
    one, other = World.open(path, time), World.open(path, time)
    fault = FAULTS["port-in-maintenance"]
    inject(one, fault, target_of(fault, one.view()))
    [standing] = injections(other)
    assert not verdict(other, standing).worse
    key, _ = fault.wrong.order(one.view(), standing.target)
    one.happen("operation:enable_port", key, lambda _: [Step(key, {"admin_state": "up"})])

    assert verdict(other, standing).worse
    one.close()
    other.close()
