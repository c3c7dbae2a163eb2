"""Every fault, by its own oracle: injected, healed by its cure, and what a wrong hand does to it."""

from collections import Counter

import pytest
from tests.fakes.world import KNOWN, Paper

from datacenter_mcp.contract.errors import RoomError
from datacenter_mcp.demo.faults.fault import Fault
from datacenter_mcp.demo.faults.oracle import Verdict, judge, target_of
from datacenter_mcp.demo.faults.table import FAULTS

ALL = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
INVERSES = {"disable_port", "shrink_volume", "delete_snapshot", "decrease_memory", "decrease_cpu", "revert_resize",
            "confirm_resize"}  # fmt: skip


class Broken:
    """A world in which one fault happened."""

    def __init__(self, fault: Fault) -> None:
        self.fault, self.paper = fault, Paper()
        self.target = target_of(fault, self.paper.view())
        self.before = self.verdict()
        steps = fault.breaks(self.paper.view(), self.target)
        self.paper.happen(fault.cause, self.target, steps)
        self.paper.now += 5

    def verdict(self) -> Verdict:
        return judge(self.fault, self.target, self.paper.view(), self.paper.events[1:])


@ALL
def test_it_is_there_once_it_is_injected_and_not_before(fault: Fault):
    broken = Broken(fault)

    assert not broken.before.injected
    assert broken.verdict().injected
    assert not broken.verdict().worse


@pytest.mark.parametrize("fault", [f for f in FAULTS.values() if f.cure], ids=lambda f: f.name)
def test_its_cure_heals_it(fault: Fault):
    broken = Broken(fault)
    assert not broken.verdict().healed
    broken.paper.apply(fault.cure, broken.target)

    assert broken.verdict() == Verdict(injected=False, healed=True, worse=False)


@pytest.mark.parametrize("fault", [f for f in FAULTS.values() if f.wrong], ids=lambda f: f.name)
def test_what_only_looks_right_heals_nothing(fault: Fault):
    """It is refused, or changes nothing, or makes it worse."""
    broken = Broken(fault)
    try:
        broken.paper.apply(fault.wrong, broken.target)
    except RoomError:
        assert broken.verdict().injected
        return
    after = broken.verdict()

    assert after.worse or (after.injected and not after.healed)


@pytest.mark.parametrize(
    "name",
    ["bad-release", "port-in-maintenance", "pod-recovered", "link-recovered", "vm-was-slow"],
)
def test_a_wrong_hand_makes_these_worse(name: str):
    broken = Broken(FAULTS[name])
    broken.paper.apply(FAULTS[name].wrong, broken.target)

    assert broken.verdict().worse
    assert not broken.verdict().healed


@pytest.mark.parametrize("name", ["disk-lost", "node-catching-up", "service-late"])
def test_these_pass_by_themselves(name: str):
    broken = Broken(FAULTS[name])
    assert not broken.verdict().healed
    broken.paper.now += 3_600

    assert broken.verdict() == Verdict(injected=False, healed=True, worse=False)


def test_there_are_enough_of_each_sort():
    faults = list(FAULTS.values())
    cured = Counter(fault.cure.operation for fault in faults if fault.cure)

    assert len(faults) >= 30
    assert cured.keys() == KNOWN.keys() - INVERSES
    assert sum(fault.hands_off for fault in faults) >= 5
    assert sum(fault.elsewhere for fault in faults) >= 3
    assert len({fault.category for fault in faults}) == 5


def test_what_looks_alike_needs_different_cures():
    pairs = [(fault, FAULTS[fault.looks_like]) for fault in FAULTS.values() if fault.looks_like]
    cures = [
        tuple(f.cure and (f.cure.operation, f.cure.on, dict(f.cure.parameters)) for f in pair)
        for pair in pairs
    ]

    assert len(pairs) >= 5
    assert all(one != other for one, other in cures)


@ALL
def test_what_people_write_names_the_target(fault: Fault):
    view = Paper().view()
    target = target_of(fault, view)

    assert len(fault.tells) >= 2
    for way in range(len(fault.tells)):
        assert view.base.things[target].name in fault.told(view, target, way)
