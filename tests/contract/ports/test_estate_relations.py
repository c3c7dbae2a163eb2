"""What every estate store finds to belong together, with the facts that prove it."""

from itertools import pairwise

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.estate_samples import LAB, Estate, seen, vm
from tests.fakes.storage import Storage

from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.relations import CROWD, Relation

UUID = "4c4c4544-0038-4d10-8051-b7c04f4b3232"
WEB, HOST = vm("web"), f"vmware:{LAB}:host:esx1"
NODE = "kubernetes:cluster:node:worker-1"


@pytest.fixture
def estate(storage: Storage, clock: FakeClock) -> Estate:
    return Estate(storage.estate, storage.recorder, clock)


async def every(estate: Estate, at=None) -> list[Relation]:
    return [one async for bunch in estate.reader.walk_relations(at) for one in bunch]


async def test_a_pointer_relates_to_what_it_names(estate: Estate):
    await estate.surveyed(seen(WEB, parent=HOST, host_id=HOST), seen(HOST))

    from_web, from_host = [await estate.reader.relations(one) for one in (WEB, HOST)]

    assert from_web == [
        Relation("part_of", WEB, HOST, (f"{WEB}#_parent@1",)),
        Relation("runs_on", WEB, HOST, (f"{WEB}#host_id@1",)),
    ]
    assert from_host == from_web


async def test_relations_by_some_rules_are_walked_alone(estate: Estate):
    await estate.surveyed(seen(WEB, parent=HOST, host_id=HOST), seen(HOST))
    walked = estate.reader.walk_relations(rules=["runs_on"])

    assert [one.rule async for bunch in walked for one in bunch] == ["runs_on"]
    assert len(await every(estate)) == 2


async def test_a_pointer_to_nothing_relates_nothing(estate: Estate):
    await estate.surveyed(seen(WEB, parent=HOST, host_id=WEB))

    assert await estate.reader.relations(WEB) == []
    assert await every(estate) == []


async def test_platforms_are_joined_by_what_both_say(estate: Estate):
    await estate.surveyed(
        seen(WEB, bios_uuid=UUID),
        seen(NODE, system_uuid=UUID.upper(), provider_id=f"vsphere://{UUID}"),
    )

    relation = Relation("node_machine", NODE, WEB, (f"{NODE}#system_uuid@1", f"{WEB}#bios_uuid@1"))

    assert await estate.reader.relations(NODE) == [relation]
    assert await estate.reader.relations(WEB) == [relation]
    assert await every(estate) == [relation]


async def test_a_relation_follows_its_facts(estate: Estate):
    await estate.surveyed(seen(WEB, host_id=HOST), seen(HOST))
    await estate.surveyed(seen(WEB, host_id=None), seen(HOST))
    await estate.surveyed(seen(WEB, host_id=HOST), seen(HOST))
    found = [await estate.reader.relations(HOST, estate.started_at(n)) for n in (1, 2, 3)]

    assert [[one.proofs for one in some] for some in found] == [
        [(f"{WEB}#host_id@1",)],
        [],
        [(f"{WEB}#host_id@3",)],
    ]
    assert [await every(estate, estate.started_at(n)) for n in (1, 2, 3)] == found


async def test_what_is_gone_is_related_no_more(estate: Estate):
    await estate.surveyed(seen(WEB, host_id=HOST), seen(HOST))
    await estate.surveyed(seen(WEB, host_id=HOST), vanished=[HOST])

    assert await estate.reader.relations(WEB) == []
    assert len(await estate.reader.relations(WEB, estate.started_at(1))) == 1
    with pytest.raises(NotFound, match="No survey has seen"):
        await estate.reader.relations(vm("nobody"))


async def test_a_link_joins_the_ports_at_its_ends(estate: Estate):
    ours, theirs = (f"network:fabric:interface:{port}" for port in ("sw1/eth7", "R1/Ethernet2"))
    heard = "network:fabric:neighbour:sw1/lldp/eth7"
    await estate.surveyed(
        seen(ours),
        seen(theirs),
        seen(heard, interface="eth7", system_name="r1.example.net", port_name="eth2"),
    )

    assert await estate.reader.relations(theirs) == [
        Relation("linked", ours, theirs, (f"{heard}#system_name@1", f"{theirs}#_name@1"))
    ]


async def test_the_same_thing_over_two_connections_is_told_to_be_the_same(estate: Estate):
    here, there = vm("a", "one"), vm("b", "two")
    twin = vm("c", "one")
    await estate.surveyed(*(seen(each, instance_uuid=UUID) for each in (here, there, twin)))

    assert [(one.left, one.right) for one in await every(estate)] == [(here, there), (twin, there)]


async def test_a_key_that_many_share_proves_nothing_and_is_told(estate: Estate):
    mac = "02:00:00:00:00:01"
    heard = "network:fabric:neighbour:sw1/arp/10.0.0.1"
    card = "network:fabric:interface:sw1/eth1"
    crowd = [seen(vm(f"vm-{n}"), mac_addresses=[mac]) for n in range(CROWD + 1)]
    await estate.surveyed(*crowd, seen(card), seen(heard, interface="eth1", mac=mac))
    crowds = [(one.rule, one.key, one.members) for one in await estate.reader.crowds()]

    assert crowds == [("hears_card", mac, CROWD + 1), ("same_card", mac, CROWD + 1)]
    assert await estate.reader.relations(card) == []


async def test_parents_in_a_circle_harm_nobody(estate: Estate):
    ring = [vm(name) for name in ("a", "b", "c", "a")]
    await estate.surveyed(*(seen(one, parent=other) for one, other in pairwise(ring)))

    assert len(await every(estate)) == 3


async def test_the_relations_of_several_are_each_told_once(estate: Estate):
    await estate.surveyed(seen(WEB, parent=HOST, host_id=HOST), seen(HOST), seen(vm("alone")))

    both = await estate.reader.related([HOST, WEB, vm("alone"), vm("nobody")])

    assert [one.rule for one in both] == ["part_of", "runs_on"]
    assert await estate.reader.related([]) == []


async def test_only_the_relations_of_some_rules_are_told_at_a_time(estate: Estate):
    await estate.surveyed(seen(WEB, parent=HOST, host_id=HOST), seen(HOST))
    before = estate.clock.now()
    await estate.surveyed(seen(WEB, parent=HOST), seen(HOST))

    assert await estate.reader.related([WEB], {"runs_on"}) == []
    assert [r.rule for r in await estate.reader.related([WEB], {"runs_on"}, before)] == ["runs_on"]
    assert await estate.reader.related([WEB], set()) == []
