"""The rules of the estate as values: ids of facts, what differs, what is gone, what relates."""

import pytest

from datacenter_docs.domain.changes import compared, merged
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.observed import NAME, PARENT, FactId, Track
from datacenter_docs.domain.relation_keys import (
    addresses,
    firmware_uuids,
    macs,
    names,
    port,
    selectable,
    uuids,
    volume_names,
)
from datacenter_docs.domain.relation_rules import RULES, ends_of
from datacenter_docs.domain.relations import Side
from datacenter_docs.domain.sightings import circles
from datacenter_docs.domain.surveys import MissingPart, Present, judged
from datacenter_mcp.contract.vocabulary.platforms import VOCABULARIES

UUID = "4c4c4544-0038-4d10-8051-b7c04f4b3232"


class Mark:
    """An origin that knows its survey."""

    def __init__(self, survey: int) -> None:
        self.survey = survey


@pytest.mark.parametrize("resource_id", ["network:lab:interface:r1/eth1", "a:b:c:odd#name@7#x@y"])
def test_a_fact_id_is_read_as_it_was_written(resource_id: str):
    text = str(FactId(resource_id, "power_state", 17))

    assert FactId.parse(text) == (resource_id, "power_state", 17)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "a:b:c:d#x",
        "a:b:c:d@1",
        "a:b:c#x@1",
        "a:b:c:d#X y@1",
        "a:b:c:d#x@-1",
        "a:b:c:d#x@" + "9" * 30,
    ],
)
def test_what_is_no_fact_id_is_refused(text: str):
    with pytest.raises(Invalid):
        FactId.parse(text)


def test_a_value_keeps_its_origin_until_it_changes():
    first, second, third = Mark(1), Mark(2), Mark(3)
    one = merged(None, {"a": 1, "b": 1, "c": 1}, first)
    assert one is not None
    two = merged(one, {"a": 1, "b": 2, "d": 1}, second)
    assert two is not None
    three = merged(two, {"a": 1, "b": 2, "d": 2}, third)
    assert three is not None

    assert merged(two, {"d": 1, "b": 2, "a": 1}, third) is None
    assert {name: three.origins[at].survey for name, (_, at) in three.values.items()} == {
        "a": 1, "b": 2, "d": 3,
    }  # fmt: skip
    assert len(three.origins) == 3
    assert [change.attribute for change in compared("a:b:c:d", one, three)] == ["b", "c", "d"]
    assert merged(None, {}, first) is None


def test_nothing_is_compared_with_nothing():
    assert compared("a:b:c:d", Track({}, ()), Track({}, ())) == ()


def present(*names: str, kind: str = "vm") -> list[Present]:
    return [Present(f"vmware:lab:{kind}:{name}", name, None) for name in names]


@pytest.mark.parametrize(
    ("before", "seen", "suspicious"),
    [(9, 0, False), (10, 5, False), (10, 4, True), (500, 0, True)],
)
def test_suspicion_needs_ten_and_less_than_half(before: int, seen: int, suspicious: bool):
    there = present(*map(str, range(before)))
    judgement = judged(there, {one.id for one in there[:seen]}, [], 0.5)

    assert bool(judgement.suspicions) is suspicious
    assert len(judgement.doubted) == (before - seen if suspicious else 0)
    assert len(judgement.vanished) == (0 if suspicious else before - seen)


def test_what_a_gap_hides_is_not_suspicious():
    there = present(*map(str, range(20)))
    judgement = judged(there, set(), [MissingPart(part="vm", reason="refused")], 0.5)

    assert (len(judgement.unseen), judgement.suspicions, judgement.vanished) == (20, [], [])


def test_a_ratio_of_nothing_believes_everything():
    assert len(judged(present(*map(str, range(20))), set(), [], 0).vanished) == 20


def test_each_circle_is_told_once():
    parents = {"a": "b", "b": "c", "c": "a", "d": "a", "e": None, "f": "f", "g": "x"}

    assert list(circles(parents)) == ["a", "f"]


def test_keys_are_what_can_name_one_thing():
    said = [
        "02:00:00:00:00:0A",
        "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
        "01:00:5e:00:00:01",
        "no",
    ]

    assert list(macs(said)) == ["02:00:00:00:00:0a"]
    assert list(addresses(["10.0.0.1/24", "127.0.0.1", "::1", "0.0.0.0", "fe80::1", "client.4 10.0.0.2:0/7"])) == ["10.0.0.1", "10.0.0.2"]  # fmt: skip
    assert list(names(["", "None", "To Be Filled By O.E.M.", "ABC1"])) == ["abc1"]
    assert list(uuids(f"openstack:///{UUID.upper()}")) == [UUID]
    assert list(uuids("00000000-0000-0000-0000-000000000000")) == []
    assert list(firmware_uuids(UUID)) == [UUID, "44454c4c-3800-104d-8051-b7c04f4b3232"]
    assert list(volume_names(f"pool/csi-vol-{UUID}")) == [f"pool/csi-vol-{UUID}", UUID]
    assert macs(7) is not None
    assert list(macs(None)) == []


@pytest.mark.parametrize(
    ("long", "short"),
    [("GigabitEthernet1/0/1", "gi1/0/1"), ("Ethernet2", "eth2"), ("eth1", "et1"), ("lo", "lo")],
)
def test_a_port_is_the_same_by_its_short_name(long: str, short: str):
    assert port(long) == port(short)


def test_a_workload_can_be_selected_by_any_of_its_labels():
    keys = set(selectable("kubernetes:c:deployment:prod/web", ["app=web", "tier=front"]))

    assert keys == {"c|prod|app=web", "c|prod|tier=front", "c|prod|app=web,tier=front"}
    assert (
        list(selectable("kubernetes:c:deployment:prod/web", [f"l{n}=x" for n in range(6)])) == []
    )


def test_every_rule_speaks_of_words_that_there_are():
    for rule in RULES.values():
        for where in (*rule.pointers, *rule.left, *rule.right, *rule.either):
            if where.kind == "*":
                continue
            kind = VOCABULARIES[where.platform][where.kind]
            assert where.attribute in {NAME, PARENT, *kind.attributes}, (rule.name, where)
            assert where.attribute not in kind.measured, (rule.name, where)


def test_an_end_is_given_once():
    stated = {NAME: "n", PARENT: None, "system_uuid": UUID, "provider_id": f"vsphere://{UUID}"}
    ends = [end for end in ends_of("kubernetes:c:node:n", stated) if end.key == UUID]

    assert [(end.side, end.attribute) for end in ends] == [(Side.LEFT, "system_uuid")]


def test_measured_attributes_are_words():
    for words in VOCABULARIES.values():
        for kind in words.values():
            assert kind.measured <= kind.attributes.keys(), kind.name
