"""The closed catalogue, the class of an action, and its inverse."""

import pytest
from tests.unit.domain.samples import STATES, action, look, plan

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.catalogue import CATALOGUE, operation, validate_parameters
from datacenter_docs.domain.classification import (
    classify,
    highest,
    inverse_action,
    risk_of,
    why_final,
)
from datacenter_docs.domain.operations import ActionClass, RiskLevel
from datacenter_docs.domain.parameters import MODELS

SAFE, CRITICAL = ActionClass.SAFE_WRITE, ActionClass.CRITICAL_WRITE
PLANNED = {
    "restart_vm": SAFE,
    "snapshot_vm": SAFE,
    "increase_memory": CRITICAL,
    "increase_cpu": CRITICAL,
    "restart_pod": SAFE,
    "scale_deployment": SAFE,
    "rollback_deployment": CRITICAL,
    "clear_interface_errors": SAFE,
    "enable_port": SAFE,
    "restart_interface": SAFE,
    "expand_volume": CRITICAL,
    "clear_snapshots": CRITICAL,
    "reboot_instance": SAFE,
    "resize_instance": CRITICAL,
}
INVERSES = {
    "snapshot_vm": ("delete_snapshot", {"snapshot_name": "before-fix"}),
    "increase_memory": ("decrease_memory", {"memory_mib": 4096}),
    "increase_cpu": ("decrease_cpu", {"cpu_count": 2}),
    "scale_deployment": ("scale_deployment", {"replicas": 2}),
    "rollback_deployment": ("rollback_deployment", {"revision": 5}),
    "enable_port": ("disable_port", {}),
    "expand_volume": ("shrink_volume", {"size_bytes": 100}),
    "resize_instance": ("revert_resize", {"flavor": "small"}),
}


def test_what_can_be_planned_is_the_table_of_the_spec():
    planned = {name: entry.base_class for name, entry in CATALOGUE.items() if entry.plannable}

    assert planned == PLANNED


def test_every_operation_has_a_closed_schema_and_its_model():
    assert CATALOGUE.keys() == MODELS.keys()
    assert all(entry.parameters["additionalProperties"] is False for entry in CATALOGUE.values())
    assert all(entry.parameters["type"] == "object" for entry in CATALOGUE.values())


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.name)
def test_an_operation_has_an_inverse_or_says_why_not(entry):
    assert (entry.inverse is None) == (entry.no_inverse_because is not None)
    assert entry.inverse is None or operation(entry.inverse).target_kind == entry.target_kind
    assert not (entry.restart_like and entry.changes)


def test_an_unknown_operation_is_none_and_has_no_class():
    assert operation("rm_rf") is None
    assert classify(action("rm_rf")) is None
    assert inverse_action(action("rm_rf")) is None


@pytest.mark.parametrize(
    ("name", "parameters", "fields"),
    [
        ("restart_pod", {}, set()),
        ("restart_pod", {"force": True}, {"force"}),
        ("restart_vm", {}, set()),
        ("restart_vm", {"allow_reset": "yes"}, {"allow_reset"}),
        ("scale_deployment", {"replicas": 3}, set()),
        ("scale_deployment", {}, {"replicas"}),
        ("scale_deployment", {"replicas": "3", "by": 1}, {"replicas", "by"}),
        ("scale_deployment", {"replicas": True}, {"replicas"}),
        ("scale_deployment", {"replicas": -1}, {"replicas"}),
        ("increase_memory", {"memory_mib": 4098}, {"memory_mib"}),
        ("clear_snapshots", {"older_than_seconds": 0}, {"older_than_seconds"}),
        ("snapshot_vm", {"snapshot_name": "a; reboot"}, {"snapshot_name"}),
        ("snapshot_vm", {"snapshot_name": "a\n"}, {"snapshot_name"}),
        ("expand_volume", {"size_bytes": [1]}, {"size_bytes"}),
    ],
)
def test_parameters_are_checked_all_at_once(name, parameters, fields):
    problems = validate_parameters(operation(name), parameters)

    assert problems.keys() == fields
    assert all(problems.values())


@pytest.mark.parametrize(("name", "expected"), PLANNED.items())
def test_a_sound_action_has_the_class_of_the_table(name, expected):
    found = classify(action(name))

    assert found.action_class is expected
    assert found.undoable is (name != "clear_snapshots")


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("restart_interface", {"look": look(hazards=("management_path",))}, "management_path"),
        ("restart_interface", {"look": look(hazards=None)}, "could not find out"),
        ("restart_interface", {"look": None}, "could not find out"),
        ("restart_pod", {"look": look(hazards=("system_namespace",))}, "system_namespace"),
        ("restart_vm", {"look": look(hazards=("no_guest_tools",))}, "no_guest_tools"),
        ("restart_vm", {"look": None}, "could not find out"),
        ("enable_port", {"look": look(hazards=("hands_off",))}, "hands_off"),
        ("scale_deployment", {"parameters": {"replicas": 1}}, "lowers replicas"),
        ("scale_deployment", {"parameters": {"replicas": 0}}, "to zero"),
        ("scale_deployment", {"parameters": {}}, "is not known"),
        ("scale_deployment", {"look": look(state={})}, "is not known"),
        ("scale_deployment", {"look": None}, "is not known"),
        ("enable_port", {"look": None}, "cannot be undone"),
        ("enable_port", {"look": look(state={})}, "cannot be undone"),
        ("enable_port", {"look": look(exists=False)}, "cannot be undone"),
        ("snapshot_vm", {"parameters": {}}, "cannot be undone"),
    ],
)
def test_what_raises_a_safe_action_is_named(name, changes, reason):
    changes.setdefault("look", look(state=STATES.get(name, {})))
    found = classify(action(name, **changes))

    assert found.action_class is CRITICAL
    assert any(reason in sentence for sentence in found.reasons)


@pytest.mark.parametrize("name", ["increase_memory", "increase_cpu"])
def test_an_approver_is_told_of_a_power_cycle(name):
    found = classify(action(name, look=look(state=STATES[name], hazards=("power_cycle",))))

    assert any("power_cycle" in sentence for sentence in found.reasons)


@pytest.mark.parametrize("name", ["restart_vm", "reboot_instance", "clear_interface_errors"])
def test_what_leaves_the_state_as_it_was_stays_safe_without_an_inverse(name):
    subject = action(name, look=look(state={}))

    assert classify(subject).action_class is SAFE
    assert classify(subject).undoable
    assert inverse_action(subject) is None


@pytest.mark.parametrize("name", PLANNED)
def test_the_inverse_restores_the_pre_state(name):
    inverse = inverse_action(action(name))

    if name not in INVERSES:
        assert inverse is None
    else:
        assert (inverse.operation, inverse.parameters) == INVERSES[name]
        assert inverse.target == action(name).target
        assert validate_parameters(operation(inverse.operation), inverse.parameters) == {}


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("expand_volume", {"look": look(hazards=("cannot_shrink",))}, "because of cannot_shrink"),
        ("enable_port", {"look": None}, "the pre-state to restore is not known here"),
        ("clear_snapshots", {}, "a removed snapshot cannot be brought back"),
        ("dance", {}, "it is not in the catalogue"),
    ],
)
def test_it_is_told_why_nothing_undoes_an_action(name, changes, reason):
    subject = Action(operation=name, target="storage:nas:volume:one", parameters={}, **changes)

    assert why_final(subject) == reason


@pytest.mark.parametrize("hazards", [("cannot_shrink",), None])
def test_a_volume_that_cannot_shrink_has_no_inverse(hazards):
    subject = action("expand_volume", look=look(state={"size_bytes": 100}, hazards=hazards))

    assert inverse_action(subject) is None
    assert not classify(subject).undoable


def test_the_class_of_a_plan_is_the_highest():
    assert plan(action("enable_port")).action_class is SAFE
    assert plan(action("enable_port"), action("expand_volume")).action_class is CRITICAL
    assert plan(action("enable_port"), action("unknown")).action_class is CRITICAL
    assert highest([]) is ActionClass.READ_ONLY


def test_risk_follows_the_class():
    assert [risk_of(each) for each in ActionClass] == [
        RiskLevel.LOW,
        RiskLevel.MEDIUM,
        RiskLevel.HIGH,
    ]
