"""Each of the eight steps, one fact at a time; the invariants over all inputs are in `test_decision_invariants.py`."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter
from tests.unit.domain.samples import (
    NOW,
    action,
    checks,
    gates,
    look,
    match,
    pattern,
    plan,
    policy,
    score,
    situation,
)

from datacenter_docs.domain.decision import Decision, Gates, SafetyChecks, Verdict, decide
from datacenter_docs.domain.operations import ActionClass, RiskLevel
from datacenter_docs.domain.patterns import Match, Standing
from datacenter_docs.domain.plans import Plan

SKIPPED, REFUSED, ASK, AUTO = Verdict


def decided(**changes):
    return decide(**situation(**changes))


def test_a_sound_case_is_auto_approved_with_the_words_of_the_seed():
    decision = decided()

    assert decision.verdict is AUTO
    assert decision.allowed
    assert not decision.requires_approval
    assert decision.reasoning == ("All checks passed", "Auto-approved: reliability 95.0% >= 90%")
    assert decision.action_type is ActionClass.SAFE_WRITE
    assert decision.risk_level is RiskLevel.MEDIUM
    assert decision.safety_checks.model_dump() == {
        "time_window_ok": True,
        "rate_limit_ok": True,
        "backup_available": True,
        "system_healthy": True,
        "all_passed": True,
    }


def test_the_certificate_names_what_was_decided_by_what():
    subject = situation()
    certificate = decide(**subject).certificate

    assert certificate.rule == "auto.threshold"
    assert certificate.plan_hash == subject["plan"].content_hash
    assert certificate.state_hash == subject["plan"].state_hash
    assert certificate.policy_name == "network-auto-remediation"
    assert certificate.policy_hash == subject["policy"].content_hash
    assert certificate.pattern_id == "p1"
    assert certificate.overall_score == certificate.threshold_score == 95.0
    assert certificate.decided_at == NOW


def test_a_decision_survives_json():
    decision = decided()

    assert TypeAdapter(Decision).validate_json(decision.model_dump_json()) == decision


@pytest.mark.parametrize(
    ("changes", "verdict", "rule", "sentence"),
    [
        ({"gates": gates(opted_in=False)}, SKIPPED, "off.ticket", "not enabled for this ticket"),
        ({"gates": gates(automation_enabled=False)}, SKIPPED, "off.global", "globally"),
        ({"gates": gates(kill_switch_on=True)}, SKIPPED, "off.kill_switch", "kill switch"),
        ({"gates": Gates()}, SKIPPED, "off.ticket", "kill switch"),
        ({"policy": None}, ASK, "policy.none", "no enabled policy"),
        ({"policy": policy(enabled=False)}, ASK, "policy.none", "no enabled policy"),
        ({"plan": Plan()}, REFUSED, "plan", "nothing to execute"),
        ({"plan": plan(action("format_disk"))}, REFUSED, "plan", "not an operation"),
        ({"score": None}, REFUSED, "threshold.confidence", "AI confidence 0% < 85%"),
        ({"score": score(ai=84)}, REFUSED, "threshold.confidence", "AI confidence 84% < 85%"),
        (
            {"score": score(feedback=40, history=40)},
            REFUSED,
            "threshold.reliability",
            "reliability 64.8% < 80%",
        ),
        (
            {"policy": policy(min_reliability_score=None), "gates": gates(min_reliability=99)},
            REFUSED,
            "threshold.reliability",
            "reliability 95.0% < 99%",
        ),
        ({"policy": policy(allowed_action_types=())}, REFUSED, "policy.class", "safe_write"),
        ({"policy": policy(allowed_systems=())}, REFUSED, "policy.system", "allowed systems"),
        (
            {"policy": policy(forbidden_commands=("Port",))},
            REFUSED,
            "policy.forbidden",
            "the policy forbids 'port'",
        ),
        ({"checks": checks(rate_limit_ok=None)}, REFUSED, "safety", "rate limit"),
        ({"checks": checks(system_healthy=False)}, REFUSED, "safety", "healthy"),
        ({"checks": None}, REFUSED, "safety", "healthy"),
        ({"policy": policy(allowed_days=("sunday",))}, REFUSED, "safety", "hours and days"),
        ({"policy": policy(max_actions_per_hour=0)}, REFUSED, "safety", "rate limit"),
        ({"match": None}, ASK, "pattern.unknown", "no known pattern"),
        ({"match": Match(pattern=None, similarity=0.3)}, ASK, "pattern.unknown", "no known"),
        ({"match": match(uncertain=True)}, ASK, "pattern.uncertain", "uncertain"),
        ({"match": match(similarity=float("nan"))}, ASK, "pattern.uncertain", "uncertain"),
        (
            {"match": match(pattern=pattern(category="storage"))},
            ASK,
            "pattern.category",
            "of category storage",
        ),
        ({"standing": None}, ASK, "pattern.not_eligible", "its standing is not known"),
        (
            {"standing": Standing(eligible=False, autonomous=False, missing=("seen 2 times",))},
            ASK,
            "pattern.not_eligible",
            "seen 2 times",
        ),
        (
            {"match": match(pattern=pattern(automation_forbidden=True))},
            ASK,
            "pattern.not_eligible",
            "not eligible",
        ),
        (
            {"match": match(pattern=pattern(resolved=4))},
            ASK,
            "pattern.too_few",
            "4 similar tickets resolved, the policy wants 5",
        ),
        (
            {"match": match(pattern=pattern(positive=0, negative=0))},
            ASK,
            "pattern.feedback",
            "positive feedback 0% < 80%",
        ),
        (
            {"match": match(pattern=pattern(executions=19, executions_succeeded=19))},
            ASK,
            "supervised",
            "19 executions seen, the first 20 are supervised",
        ),
        (
            {"policy": policy(auto_approve_threshold=None, requires_approval=False)},
            ASK,
            "policy.never",
            "never",
        ),
        (
            {"policy": policy(auto_approve_threshold=96.0)},
            ASK,
            "policy.approval",
            "reliability 95.0% < 96%",
        ),
        (
            {"score": score(ai=100, feedback=89, history=89, match=89)},
            ASK,
            "policy.approval",
            "without the AI factor 89.0% < 90%",
        ),
    ],
)
def test_each_rule_says_no_by_name(changes, verdict, rule, sentence):
    decision = decided(**changes)

    assert decision.verdict is verdict
    assert decision.certificate.rule == rule
    assert any(sentence in reason for reason in decision.reasoning), decision.reasoning
    assert decision.requires_approval
    assert decision.allowed is (verdict is ASK)


def test_a_critical_action_asks_a_person_however_good_the_score_is():
    decision = decided(
        plan=plan(action("expand_volume")),
        policy=policy(
            category="network",
            allowed_systems=("storage",),
            allowed_action_types=(ActionClass.CRITICAL_WRITE,),
            requires_approval=False,
            auto_approve_threshold=0.0,
            supervised_occurrences=0,
        ),
        score=score(100, 100, 100, 100),
    )

    assert decision.verdict is ASK
    assert decision.certificate.rule == "critical"
    assert decision.risk_level is RiskLevel.HIGH


def test_a_raised_class_says_what_raised_it():
    subject = plan(action("restart_interface", look=look(hazards=("management_path",))))
    decision = decided(plan=subject, policy=policy(allowed_action_types=tuple(ActionClass)))

    assert decision.verdict is ASK
    assert decision.action_type is ActionClass.CRITICAL_WRITE
    assert any("raised by management_path" in reason for reason in decision.reasoning)


def test_all_reasons_are_listed_and_the_strictest_decides():
    decision = decided(
        gates=gates(opted_in=False), score=None, checks=None, match=None, plan=Plan()
    )
    text = "\n".join(decision.reasoning)

    assert decision.verdict is SKIPPED
    for part in ("not enabled", "confidence", "reliability", "healthy", "pattern", "empty"):
        assert part in text
    assert "Auto-approved" not in text


def test_a_policy_without_approval_runs_below_its_threshold_but_above_its_minimum():
    subject = {
        "policy": policy(requires_approval=False, auto_approve_threshold=99.0),
        "gates": gates(require_approval=False),
    }

    assert decided(**subject).certificate.rule == "auto.policy"
    assert decided(**subject | {"gates": gates()}).verdict is ASK


def test_the_model_does_not_earn_the_policys_freedom_either():
    subject = {
        "policy": policy(requires_approval=False, auto_approve_threshold=99.0),
        "gates": gates(require_approval=False),
        "score": score(ai=100, feedback=79, history=79, match=79),
    }
    decision = decided(**subject)

    assert decision.verdict is ASK
    assert decision.certificate.rule == "veto_only"
    loose = policy(requires_approval=False, auto_approve_threshold=99.0, ai_may_only_veto=False)
    assert decided(**subject | {"policy": loose}).verdict is AUTO


def test_the_lower_bound_is_compared_where_the_policy_asks_for_it():
    wide = score().replaced(low=85.0)
    bounded = policy(use_lower_bound=True)

    assert decided(score=wide).verdict is AUTO
    assert decided(score=wide, policy=bounded).verdict is ASK
    assert decided(score=wide, policy=bounded).certificate.threshold_score == 85.0
    assert decided(score=score(), policy=bounded).verdict is AUTO


def test_a_plan_that_cannot_be_undone_is_refused_where_the_policy_requires_a_rollback_plan():
    blind = plan(action(look=look(state={})))
    every = tuple(ActionClass)

    strict = decided(plan=blind, policy=policy(allowed_action_types=every))
    loose = decided(
        plan=blind, policy=policy(allowed_action_types=every, requires_rollback_plan=False)
    )

    assert strict.certificate.rule == "policy.rollback"
    assert loose.verdict is ASK
    assert loose.action_type is ActionClass.CRITICAL_WRITE


@pytest.mark.parametrize(
    "stale",
    [
        checks(observed_at=None),
        checks(observed_at=NOW - timedelta(seconds=301)),
        checks(observed_at=NOW + timedelta(seconds=6)),
        checks(observed_at=NOW.replace(tzinfo=None)),
        checks(max_age_seconds=float("nan")),
        SafetyChecks(),
    ],
)
def test_stale_checks_count_as_failed(stale):
    assert decided(checks=stale).verdict is REFUSED


def test_a_backup_is_asked_for_by_the_policy_or_by_the_operation_only():
    without = checks(backup_available=None)

    assert decided(checks=without).safety_checks.backup_available
    assert not decided(
        checks=without, policy=policy(requires_backup=True)
    ).safety_checks.backup_available
    assert not decided(
        checks=without, plan=plan(action("clear_snapshots"))
    ).safety_checks.backup_available


def test_a_time_without_zone_is_not_a_known_moment():
    decision = decided(now=NOW.replace(tzinfo=None))

    assert decision.verdict is REFUSED
    assert not decision.safety_checks.time_window_ok


def test_the_last_moment_of_the_calendar_is_survived():
    end = datetime.max.replace(tzinfo=UTC)

    assert decided(now=end, policy=policy(time_zone="Asia/Tokyo")).verdict is REFUSED


def test_a_plan_with_a_number_that_is_not_finite_is_refused_without_a_hash():
    subject = plan(action(parameters={"x": float("inf")}))
    decision = decided(plan=subject)

    assert decision.verdict is REFUSED
    assert decision.certificate.plan_hash == ""
    assert any("not finite" in reason for reason in decision.reasoning)
