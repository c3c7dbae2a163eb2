"""A person may act where automation may not, and may not everything either."""

from datetime import timedelta

import pytest
from tests.unit.domain.samples import NOW, action, checks, gates, plan, policy

from datacenter_docs.domain.decision import Gates, may_person_run
from datacenter_docs.domain.plans import Plan


def asked(subject=None, **changes):
    return may_person_run(
        subject or plan(),
        **{
            "policy": policy(),
            "checks": checks(),
            "gates": gates(),
            "approver": "ann@example.com",
            "requester": "bob@example.com",
            "now": NOW,
            **changes,
        },
    )


def test_a_person_may_run_a_sound_plan():
    assert asked() == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"gates": Gates(kill_switch_on=False)},
        {"policy": None},
        {"policy": policy(allowed_action_types=(), allowed_systems=())},
        {"policy": policy(min_reliability_score=100.0, auto_approve_threshold=None)},
    ],
    ids=["automation off", "no policy", "allow lists", "thresholds"],
)
def test_what_binds_automation_only_does_not_stop_a_person(changes):
    assert asked(**changes) == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gates": gates(kill_switch_on=True)}, "kill switch"),
        ({"subject": Plan()}, "nothing to execute"),
        ({"subject": plan(action("unknown"))}, "not an operation"),
        ({"policy": policy(forbidden_commands=("enable",))}, "forbids 'enable'"),
        ({"checks": None}, "rate limit"),
        ({"checks": checks(observed_at=NOW - timedelta(hours=1))}, "healthy"),
        ({"policy": policy(allowed_days=("sunday",))}, "hours and days"),
        ({"approver": " "}, "no name"),
        ({"policy": policy(approvers=("cleo@example.com",))}, "not among the approvers"),
    ],
)
def test_what_binds_a_person_too_is_named(changes, reason):
    reasons = asked(**changes)

    assert any(reason in sentence for sentence in reasons), reasons


def test_a_critical_action_needs_four_eyes():
    critical = plan(action("expand_volume"))

    assert asked(critical) == ()
    assert asked(critical, requester="Ann@Example.com ") == (
        "a critical action needs an approver other than the requester",
    )
    assert asked(requester="ann@example.com") == ()


def test_a_named_approver_is_known_in_any_case():
    assert asked(policy=policy(approvers=("ANN@example.com",))) == ()


def test_a_reset_needs_the_policys_word():
    reset = plan(action("restart_vm", parameters={"allow_reset": True}))

    assert asked(reset, policy=policy(restart_may_reset=True)) == ()
    assert any("does not allow a reset" in reason for reason in asked(reset))
