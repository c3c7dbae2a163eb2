"""What speaks against a plan before any policy is asked, and what its hashes cover."""

import pytest
from tests.unit.domain.samples import PORT, action, look, plan

from datacenter_docs.domain.plans import Plan


@pytest.mark.parametrize(
    ("subject", "problem"),
    [
        (Plan(), "nothing to execute"),
        (plan(action("format_disk")), "not an operation of the catalogue"),
        (plan(action("disable_port")), "never planned on its own"),
        (plan(action(parameters={"speed": 1})), "parameter speed"),
        (plan(action(target="r1")), "is not a resource id"),
        (plan(action(target="storage:nas:volume:a")), "is for a network interface"),
        (plan(action(target="network:lab:device:r1")), "is for a network interface"),
        (plan(action(look=None)), "could not be read"),
        (plan(action(look=look(exists=False))), "does not exist"),
        (
            plan(action("restart_pod", look=look(hazards=("bare_pod",)))),
            "never done on a bare_pod",
        ),
        (plan(action("restart_pod", look=look(hazards=None))), "could not find out whether"),
        (plan(action("expand_volume", parameters={"size_bytes": 99})), "would not grow"),
        (plan(action("expand_volume", look=look(state={}))), "would not grow"),
        (plan(action("increase_cpu", look=look(state={"cpu_count": True}))), "would not grow"),
        (plan(action(look=look(state={"admin_state": float("nan")}))), "not finite"),
    ],
)
def test_each_problem_is_a_sentence(subject, problem):
    assert any(problem in sentence for sentence in subject.problems), subject.problems


@pytest.mark.parametrize(
    "name", ["enable_port", "restart_pod", "expand_volume", "scale_deployment", "restart_vm"]
)
def test_a_sound_plan_has_no_problem(name):
    assert plan(action(name)).problems == ()


def test_the_plan_hash_covers_operation_target_parameters_and_order():
    first, second = action(), action(target=PORT + "0")
    hashes = {
        subject.content_hash
        for subject in (
            plan(first),
            plan(second),
            plan(first, second),
            plan(second, first),
            plan(first.replaced(operation="restart_interface")),
            plan(first.replaced(parameters={"a": 1})),
        )
    }

    assert len(hashes) == 6
    assert plan(first).content_hash == plan(first.replaced(why="because")).content_hash


def test_the_state_hash_covers_the_pre_state_only():
    seen = plan(action())

    assert seen.state_hash == plan(action(look=look(marker="m"))).state_hash
    assert seen.state_hash != plan(action(look=look(state={"admin_state": "up"}))).state_hash


def test_a_plan_can_be_replaced_after_it_was_hashed():
    subject = plan(action())
    before = subject.content_hash

    assert subject.replaced(actions=()).content_hash != before


def test_the_idempotency_key_differs_for_another_plan_or_place():
    one, other = plan(action()), plan(action(target=PORT + "0"))
    keys = {one.action_id("T-1", 0), one.action_id("T-1", 1), other.action_id("T-1", 0)}

    assert len(keys) == 3
    assert one.action_id("T-1", 0) == plan(action()).action_id("T-1", 0)
