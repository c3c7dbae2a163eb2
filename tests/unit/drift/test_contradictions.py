"""Contradictions: declared rules over both ends of a relation, that hold only where both facts are known."""

import re

import pytest
from tests.fakes.deeds import FakeDeeds
from tests.fakes.documents import FakeDocumentStore
from tests.fakes.estate_samples import Estate, seen
from tests.fakes.memory import Memory
from tests.fakes.walking import check
from tests.unit.documents.test_resource_pages import estate
from tests.unit.documents.test_risks import VOCABULARIES

from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.domain.contradiction_rules import CONTRADICTION_RULES
from datacenter_docs.domain.contradictions import ContradictionRule, about
from datacenter_docs.domain.observed import NAME
from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.services.composing import contradicting
from datacenter_docs.services.documenting import Documenting
from datacenter_docs.services.weaving import Weaving

LEAF, SPINE = "network:lan:device:leaf1", "network:lan:device:spine1"
ONE, OTHER = "network:lan:interface:leaf1/eth1", "network:lan:interface:spine1/eth9"
GIB = 1_073_741_824


def link(one: dict[str, object], other: dict[str, object]):
    """Two switches with a cable between them, and what each end says."""
    heard = {"protocol": "lldp", "interface": "eth1", "system_name": "spine1", "port_name": "eth9"}
    return (
        seen(LEAF),
        seen(SPINE),
        seen(ONE, name="eth1", parent=LEAF, **one),
        seen(OTHER, name="eth9", parent=SPINE, **other),
        seen("network:lan:neighbour:leaf1/lldp/eth1", parent=LEAF, **heard),
    )


async def broken(e: Estate) -> list[tuple[str, object, object]]:
    found = await contradicting.found_everywhere(e.reader)
    return [(one.rule.name, one.left.value, one.right.value) for one in found]


@pytest.mark.parametrize("rule", CONTRADICTION_RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_speaks_the_words_of_its_platforms(rule: ContradictionRule):
    for end in (rule.left, rule.right):
        words = VOCABULARIES[end.platform][end.kind]
        assert end.attribute in {*words.attributes, NAME}
        assert end.attribute not in words.measured
    assert rule.relation in RULES
    assert not re.search(r"\d", rule.says)


async def test_both_ends_of_a_link_are_compared():
    e = estate()
    await e.surveyed(
        *link(
            {"speed_mbps": 10_000, "mtu_bytes": 9_000, "vlan_id": 10, "oper_state": "up"},
            {"speed_mbps": 1_000, "mtu_bytes": 1_500, "vlan_id": 20, "oper_state": "down"},
        ),
        connections=["lan"],
    )

    assert sorted(await broken(e)) == [
        ("link-mtu", 9_000, 1_500),
        ("link-speed", 10_000, 1_000),
        ("link-state", "up", "down"),
        ("link-vlan", 10, 20),
    ]


async def test_what_is_not_known_contradicts_nobody():
    e = estate()
    await e.surveyed(*link({"speed_mbps": None, "mtu_bytes": 1_500}, {"speed_mbps": 1_000}))

    assert await broken(e) == []


async def test_a_node_and_its_machine_may_differ_by_what_the_kernel_keeps():
    e = estate()
    uuid = "42230000-0000-4000-8000-000000000001"
    node = {"system_uuid": uuid, "cpu_cores": 4, "ready": True}
    machine = {"bios_uuid": uuid, "memory_mib": 8_192, "power_state": "off"}
    await e.surveyed(
        seen("kubernetes:k:node:n1", memory_bytes=int(7.7 * GIB), **node),
        seen("vmware:lab:vm:vm-1", cpu_count=2, **machine),
        connections=["k", "lab"],
    )

    assert sorted(await broken(e)) == [("node-vm-cpus", 4, 2), ("node-vm-power", True, "off")]


async def test_the_same_thing_over_two_connections_is_compared():
    e = estate()
    uuid = "50300000-0000-4000-8000-000000000001"
    await e.surveyed(
        seen("vmware:a:vm:vm-1", name="web", instance_uuid=uuid, memory_mib=1),
        seen("vmware:b:vm:vm-9", name="shop", instance_uuid=uuid, memory_mib=2),
        connections=["a", "b"],
    )

    assert sorted(await broken(e)) == [
        ("same-vmware-vm-memory-mib", 1, 2),
        ("same-vmware-vm-name", "web", "shop"),
    ]


async def test_the_section_has_both_facts_of_each():
    e = estate()
    await e.surveyed(*link({"speed_mbps": 10_000}, {"speed_mbps": 1_000}), connections=["lan"])
    found = await contradicting.found_everywhere(e.reader)
    text = TemplateWriter().markdown(await contradicting.compose(e.reader, found))
    values = [value.text for value in await check(text, e.reader)]

    assert values[:4] == ["eth1", "10,000 Mbit/s", "eth9", "1,000 Mbit/s"]
    assert contradicting.members(found) == (ONE, OTHER)


async def test_what_was_touched_is_compared_anew_and_nothing_else():
    e = estate()
    await e.surveyed(*link({"speed_mbps": 10_000}, {"speed_mbps": 1_000}))
    weaving = Weaving(e.reader)
    await weaving.follow([], anew=True)
    assert [one.rule.name for one in weaving.contradictions()] == ["link-speed"]
    await e.surveyed(*link({"speed_mbps": 10_000}, {"speed_mbps": 10_000, "mtu_bytes": 1}))
    await weaving.follow([OTHER], anew=False)

    assert weaving.contradictions() == []


async def test_a_web_that_follows_is_the_same_as_a_new_one():
    e = estate()
    await e.surveyed(*link({"speed_mbps": 1}, {"speed_mbps": 1}))
    weaving, again = Weaving(e.reader), Weaving(e.reader)
    await weaving.follow([], anew=True)
    await e.surveyed(*link({"speed_mbps": 1}, {"speed_mbps": 2})[:4], vanished=["network:lan:neighbour:leaf1/lldp/eth1"])  # fmt: skip
    await weaving.follow((await e.reader.touched(1)).stated, anew=False)
    await again.follow([], anew=True)

    assert weaving.web.numbers() == again.web.numbers()
    assert weaving.web.most_needed(9) == again.web.most_needed(9)
    assert weaving.contradictions() == again.contradictions() == []


async def test_the_document_names_the_things_that_are_contested():
    e = estate()
    await e.surveyed(*link({"speed_mbps": 10_000}, {"speed_mbps": 1_000}), connections=["lan"])
    store = FakeDocumentStore()
    await Documenting(e.reader, store, TemplateWriter(), FakeDeeds(Memory())).refresh()

    assert (await store.get("contradictions")).members == (ONE, OTHER)


def test_a_tolerance_is_a_part_of_the_right_number():
    agrees = about(2, 0.1)

    assert [agrees(n, 10) for n in (17.9, 18, 20, 22, 22.1)] == [False, True, True, True, False]
    assert agrees("a", 10)
