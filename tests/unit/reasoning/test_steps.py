"""From a thing to what is related to it, among what was read live."""

from datetime import UTC, datetime

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.platforms import FakePlatform

from datacenter_docs.adapters.reasoning.live_reads import LiveReads
from datacenter_docs.adapters.reasoning.steps import Steps
from datacenter_docs.domain.estate import Fact, Resource, Source
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.ports.platforms import Inventory

SOURCE = Source(connection="lab", tool="none", arguments={}, payload_sha256="0" * 64,
                observed_at=datetime(2026, 1, 1, tzinfo=UTC))  # fmt: skip


def thing(
    resource_id: str, name: str | None = None, parent: str | None = None, **facts: object
) -> Resource:
    _, _, kind, native = resource_id.split(":", 3)
    said = tuple(Fact(attribute=key, value=value) for key, value in facts.items())
    return Resource(id=resource_id, kind=kind, name=name or native.replace("/", " "), parent=parent,
                    facts=said, source=SOURCE)  # fmt: skip


def port(native: str, **facts: object) -> Resource:
    device = native.partition("/")[0]
    return thing(f"network:lab:interface:{native}", parent=f"network:lab:device:{device}", **facts)


class Listing(FakePlatform):
    """An estate of a few things."""

    def __init__(self, *things: Resource) -> None:
        super().__init__(FakeClock())
        self.listed = things

    async def inventory(
        self, platform: str, *, kind: str | None = None, parent: str | None = None
    ) -> Inventory:
        return Inventory(
            tuple(
                one
                for one in self.listed
                if one.id.startswith(f"{platform}:") and one.kind == kind
            )
        )


async def related(
    start: Resource, *others: Resource, steps: list[dict[str, object]]
) -> dict[str, list[str]]:
    book = Runbook.model_validate({
        "name": "x", "summary": "x", "why": "x", "trigger": {"all_of": [["x"]]},
        "platform": start.id.split(":")[0], "target_kind": start.kind, "related": steps,
        "conditions": [{"attribute": "x", "equals": 1, "says": "a", "otherwise": "b"}],
    })  # fmt: skip
    found = await Steps(LiveReads(Listing(start, *others))).others(book, start)
    return {name: [one.id.split(":", 3)[3] for one in things] for name, things in found.items()}


def step(
    by: str, platform: str, kind: str, name: str = "far", **more: object
) -> dict[str, object]:
    return {"name": name, "by": [by], "platform": platform, "kind": kind, **more}


async def test_ids_that_are_pointed_to_are_followed_in_both_directions():
    pod = thing("kubernetes:lab:pod:a/p", node_id="kubernetes:lab:node:n1")
    node, other = thing("kubernetes:lab:node:n1"), thing("kubernetes:lab:node:n2")

    assert await related(pod, node, other, steps=[step("runs_on", "kubernetes", "node")]) == {
        "far": ["n1"]
    }
    assert await related(node, pod, other, steps=[step("runs_on", "kubernetes", "pod")]) == {
        "far": ["a/p"]
    }


async def test_a_step_may_start_from_another_one_and_cross_platforms():
    uuid = "0a8287f9-8cca-4b8f-84ea-7a4c4ece3480"
    pod = thing("kubernetes:lab:pod:a/p", node_id="kubernetes:lab:node:n1")
    node = thing("kubernetes:lab:node:n1", system_uuid=uuid)
    vm, stranger = (
        thing("vmware:vc:vm:vm-1", bios_uuid=uuid),
        thing("vmware:vc:vm:vm-2", bios_uuid=uuid[::-1]),
    )
    found = await related(pod, node, vm, stranger, steps=[
        step("node_machine", "vmware", "vm", "machine", of="node"), step("runs_on", "kubernetes", "node", "node")])  # fmt: skip

    assert found == {"node": ["n1"], "machine": ["vm-1"]}


async def test_the_other_end_of_a_link_is_told_by_a_neighbour():
    here, there = port("sw1/eth1"), port("r1/eth2")
    heard = thing("network:lab:neighbour:sw1/lldp/eth1", parent="network:lab:device:sw1", interface="eth1",
                  system_name="r1", port_name="eth2")  # fmt: skip

    assert await related(
        here, there, heard, port("r1/eth3"), steps=[step("linked", "network", "interface")]
    ) == {"far": ["r1/eth2"]}


@pytest.mark.parametrize(
    ("here", "there", "is_meant"),
    [
        ({"description": "to r1 eth2"}, {}, True),
        ({}, {"description": "to sw1 eth1"}, True),
        ({"description": "to r1 eth3"}, {}, False),
        ({"description": "link-to-r1"}, {"description": "link-to-sw1"}, True),
        ({"description": "link-to-r1"}, {}, False),
        ({"description": "to r11 eth2"}, {}, False),
        ({"description": None}, {"description": "the printer"}, False),
    ],
)
async def test_a_description_names_the_other_end(here, there, is_meant):
    found = await related(
        port("sw1/eth1", **here),
        port("r1/eth2", **there),
        steps=[step("described", "network", "interface")],
    )

    assert found == {"far": ["r1/eth2"] if is_meant else []}


async def test_a_description_names_a_machine_by_its_short_name():
    host = thing("vmware:vc:host:host-1", "esx3.example.org")
    found = await related(host, port("sw1/eth3", description="to esx3 vmnic0"), port("sw1/eth4", description="to esx30"),
                          steps=[step("described", "network", "interface")])  # fmt: skip

    assert found == {"far": ["sw1/eth3"]}


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        (["10.1.0.1/30"], ["10.1.0.2/30"], True),
        (["10.1.0.1/31"], ["10.1.0.0/31"], True),
        (["10.1.0.1/24"], ["10.1.0.2/24"], False),
        (["10.1.0.1/32"], ["10.1.0.1/32"], False),
        (["nonsense"], ["10.1.0.2/30"], False),
        (None, None, False),
    ],
)
async def test_two_ports_share_a_network_that_has_room_for_two(one, other, joined):
    found = await related(
        port("r1/eth1", addresses=one),
        port("r2/eth1", addresses=other),
        steps=[step("same_network", "network", "interface")],
    )

    assert found == {"far": ["r2/eth1"] if joined else []}


async def test_a_neighbour_leads_to_its_interface_and_a_service_to_its_hypervisor():
    neighbour = thing(
        "network:lab:neighbour:r1/bgp/1", parent="network:lab:device:r1", interface="eth1"
    )
    service = thing("openstack:lab:service:nova@c1", host="c1")

    assert await related(
        neighbour,
        port("r1/eth1"),
        port("r2/eth1"),
        steps=[step("heard_on", "network", "interface")],
    ) == {"far": ["r1/eth1"]}
    assert await related(service, thing("openstack:lab:hypervisor:c1"), thing("openstack:lab:hypervisor:c2"),
                         steps=[step("same_host", "openstack", "hypervisor")]) == {"far": ["c1"]}  # fmt: skip


async def test_the_first_rule_that_finds_anything_decides():
    here = port("r1/eth1", description="to r2 eth9", addresses=["10.1.0.1/30"])
    named, addressed = port("r2/eth9"), port("r3/eth1", addresses=["10.1.0.2/30"])
    both = [{**step("described", "network", "interface"), "by": ["described", "same_network"]}]

    assert await related(here, named, addressed, steps=both) == {"far": ["r2/eth9"]}
    assert await related(here, addressed, steps=both) == {"far": ["r3/eth1"]}
