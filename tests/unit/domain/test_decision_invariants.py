"""What holds for every input, searched for by hypothesis: the promises that automation rests on."""

import math
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.domain.samples import (
    NOW,
    PORT,
    action,
    checks,
    factor,
    gates,
    look,
    match,
    pattern,
    policy,
    situation,
)

from datacenter_docs.domain.catalogue import CATALOGUE
from datacenter_docs.domain.decision import Decision, Gates, Verdict, decide, may_person_run
from datacenter_docs.domain.operations import ActionClass
from datacenter_docs.domain.patterns import Match, Standing
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.policy import WEEK
from datacenter_docs.domain.reliability import combined

FREEDOM = {
    Verdict.SKIPPED: 0,
    Verdict.REFUSED: 1,
    Verdict.APPROVAL_REQUIRED: 2,
    Verdict.AUTO_APPROVED: 3,
}
NAN = math.nan

percentages = st.sampled_from([0.0, 60.0, 79.9, 80.0, 85.0, 89.9, 90.0, 95.0, 100.0])
shares = percentages.map(lambda value: value / 100)
hazards = st.sampled_from([(), ("management_path",), ("system_namespace",), ("bare_pod",), None])
maybe = st.sampled_from([True, True, True, False, None])
names = st.sampled_from([name for name, entry in CATALOGUE.items() if entry.plannable])
class_lists = st.lists(st.sampled_from(ActionClass), unique=True).map(tuple)

actions = st.builds(
    lambda name, seen, sound: action(
        name, look=action(name).look.replaced(hazards=seen) if sound else None
    ),
    names,
    hazards,
    st.sampled_from([True, True, True, False]),
) | st.builds(
    lambda count: action("scale_deployment", parameters={"replicas": count}), st.integers(0, 5)
)
plans = st.lists(actions, min_size=1, max_size=3).map(lambda found: Plan(actions=tuple(found)))
factors = st.builds(factor, percentages, st.sampled_from([0.0, 2.0, 20.0]))
scores = st.builds(
    combined,
    ai_confidence=factors,
    human_feedback=factors,
    success_history=factors,
    pattern_match=factors,
)
policies = st.builds(
    policy,
    min_confidence_score=shares,
    min_reliability_score=percentages,
    min_similar_tickets=st.integers(0, 40),
    min_positive_feedback_rate=shares,
    allowed_action_types=class_lists | st.just(tuple(ActionClass)),
    allowed_systems=st.sampled_from(
        [(), ("network",), ("network", "kubernetes", "storage", "vmware", "openstack")]
    ),
    forbidden_commands=st.sampled_from([(), ("restart",), ("delete",)]),
    allowed_hours_start=st.sampled_from([0, 10]),
    allowed_hours_end=st.sampled_from([11, 14, 24]),
    requires_approval=st.booleans(),
    auto_approve_threshold=st.none() | percentages,
    max_actions_per_hour=st.integers(0, 5),
    requires_rollback_plan=st.booleans(),
    requires_backup=st.booleans(),
    use_lower_bound=st.booleans(),
    supervised_occurrences=st.integers(0, 30),
)
matches = st.none() | st.builds(
    match,
    similarity=st.sampled_from([0.3, 0.7, 1.0]),
    uncertain=st.booleans(),
    pattern=st.none()
    | st.builds(pattern, resolved=st.integers(0, 40), executions=st.integers(0, 40)),
)
situations = st.fixed_dictionaries(
    {
        "plan": plans,
        "score": st.none() | scores,
        "policy": policies,
        "match": matches | st.just(match()),
        "standing": st.none()
        | st.builds(Standing, eligible=st.booleans(), autonomous=st.booleans())
        | st.just(Standing(eligible=True, autonomous=True)),
        "checks": st.builds(
            checks, rate_limit_ok=maybe, backup_available=maybe, system_healthy=maybe
        ),
        "gates": st.builds(
            Gates,
            opted_in=maybe.map(bool),
            automation_enabled=maybe.map(bool),
            kill_switch_on=maybe.map(lambda on: not on),
            require_approval=st.booleans(),
            min_reliability=percentages,
        ),
        "now": st.just(NOW),
    }
)
open_policies = st.builds(
    policy,
    min_reliability_score=st.sampled_from([75.0, 80.0, 90.0]),
    allowed_action_types=class_lists | st.just(tuple(ActionClass)),
    allowed_systems=st.just(("network", "kubernetes", "storage", "vmware", "openstack")),
    requires_approval=st.booleans(),
    auto_approve_threshold=st.none() | st.sampled_from([80.0, 90.0, 95.0]),
    requires_rollback_plan=st.booleans(),
    use_lower_bound=st.booleans(),
    supervised_occurrences=st.sampled_from([0, 25, 26]),
)
good_factors = st.builds(factor, st.sampled_from([85.0, 90.0, 95.0, 100.0]))
nearly_free = st.fixed_dictionaries(
    {
        "plan": st.lists(actions, min_size=1, max_size=2).map(lambda a: Plan(actions=tuple(a)))
        | st.just(Plan(actions=(action(),))),
        "policy": open_policies,
        "score": st.builds(
            combined,
            ai_confidence=good_factors,
            human_feedback=good_factors,
            success_history=good_factors,
            pattern_match=good_factors,
        ),
        "gates": st.builds(gates, require_approval=st.booleans()),
    }
).map(lambda drawn: situation(**drawn))
"""Situations in which only plan, score and policy may stand in the way: most verdicts near the edge are here."""
any_situation = situations | nearly_free


def freedom(subject) -> int:
    return FREEDOM[decide(**subject).verdict]


def test_the_searched_situations_include_every_verdict():
    """A property over situations that are all refused would prove nothing."""
    met = set()

    @settings(max_examples=150, database=None, derandomize=True)
    @given(any_situation)
    def search(subject):
        met.add(decide(**subject).verdict)

    search()

    assert met == set(Verdict)


critical_alone = st.builds(
    lambda name, earned: situation(
        plan=Plan(actions=(action(name, look=action(name).look.replaced(hazards=())),)),
        policy=policy(
            allowed_action_types=tuple(ActionClass),
            allowed_systems=("network", "kubernetes", "storage", "vmware", "openstack"),
            requires_approval=False,
            requires_rollback_plan=False,
        ),
        score=combined(
            ai_confidence=earned,
            human_feedback=earned,
            success_history=earned,
            pattern_match=earned,
        ),
    ),
    st.sampled_from(
        [n for n, e in CATALOGUE.items() if e.plannable and e.base_class == "critical_write"]
    ),
    st.builds(factor, st.sampled_from([95.0, 100.0])),
)
"""Everything is earned and allowed: only its class stands between the plan and freedom."""


@given(any_situation | critical_alone)
def test_critical_never_runs_without_a_person(subject):
    decision = decide(**subject)

    if subject["plan"].action_class is ActionClass.CRITICAL_WRITE:
        assert decision.verdict is not Verdict.AUTO_APPROVED
    assert decision.requires_approval == (decision.verdict is not Verdict.AUTO_APPROVED)


@given(
    any_situation,
    st.sampled_from(
        [{"opted_in": False}, {"automation_enabled": False}, {"kill_switch_on": True}]
    ),
)
def test_off_means_nothing_runs(subject, off):
    subject["gates"] = subject["gates"].replaced(**off)
    decision = decide(**subject)

    assert decision.verdict is Verdict.SKIPPED
    assert not decision.allowed


def spoiled_look(subject, **changes):
    first, *rest = subject["plan"].actions
    seen = first.look.replaced(**changes) if first.look and changes else None
    return {"plan": Plan(actions=(first.replaced(look=seen), *rest))}


def spoiled_score(subject, **changes):
    return {"score": subject["score"].replaced(**changes) if subject["score"] else None}


def spoiled_match(subject, **changes):
    return {"match": subject["match"].replaced(**changes) if subject["match"] else None}


SPOILERS = [
    lambda s: {"score": None},
    lambda s: spoiled_score(s, overall_score=NAN),
    lambda s: spoiled_score(s, overall_score=math.inf),
    lambda s: spoiled_score(s, without_ai=NAN),
    lambda s: spoiled_score(s, low=NAN),
    lambda s: spoiled_score(s, without_ai_low=NAN),
    lambda s: spoiled_score(s, ai_confidence=factor(0).replaced(value=NAN)),
    lambda s: {"match": None},
    lambda s: spoiled_match(s, pattern=None),
    lambda s: spoiled_match(s, similarity=NAN),
    lambda s: spoiled_match(s, uncertain=True),
    lambda s: spoiled_match(
        s, pattern=pattern(automation_forbidden=True, executions=0, resolved=0, positive=0)
    ),
    lambda s: {"standing": None},
    lambda s: {"standing": Standing(eligible=False, autonomous=False)},
    lambda s: {"checks": None},
    *(
        lambda s, name=name, value=value: {"checks": s["checks"].replaced(**{name: value})}
        for name in ("rate_limit_ok", "backup_available", "system_healthy")
        for value in (None, False)
    ),
    lambda s: {"checks": s["checks"].replaced(observed_at=None)},
    lambda s: {"checks": s["checks"].replaced(observed_at=NOW - timedelta(days=1))},
    lambda s: {"checks": s["checks"].replaced(max_age_seconds=NAN)},
    lambda s: {"now": NOW.replace(tzinfo=None)},
    lambda s: {"gates": s["gates"].replaced(min_reliability=NAN)},
    lambda s: spoiled_look(s),
    lambda s: spoiled_look(s, hazards=None),
    lambda s: spoiled_look(s, state={}),
    lambda s: spoiled_look(s, exists=False),
    lambda s: spoiled_look(s, state={"admin_state": NAN}),
]


@given(any_situation, st.sampled_from(SPOILERS))
def test_missing_broken_or_failing_input_only_gets_stricter(subject, spoil):
    assert freedom(subject | spoil(subject)) <= freedom(subject)


@given(any_situation, st.sampled_from([None, "disabled"]))
def test_without_a_policy_nothing_runs_alone(subject, how):
    subject["policy"] = subject["policy"].replaced(enabled=False) if how else None

    assert decide(**subject).verdict is not Verdict.AUTO_APPROVED


def more(value, most):
    return st.floats(value, most)


def stricter_fields(drawn):
    """One field of a policy, made stricter."""
    threshold = drawn.auto_approve_threshold
    return st.one_of(
        more(drawn.min_confidence_score, 1).map(lambda v: {"min_confidence_score": v}),
        more(drawn.min_reliability_score, 100).map(lambda v: {"min_reliability_score": v}),
        more(drawn.min_positive_feedback_rate, 1).map(lambda v: {"min_positive_feedback_rate": v}),
        st.integers(drawn.min_similar_tickets, 100).map(lambda v: {"min_similar_tickets": v}),
        st.integers(drawn.supervised_occurrences, 100).map(
            lambda v: {"supervised_occurrences": v}
        ),
        st.integers(0, drawn.max_actions_per_hour).map(lambda v: {"max_actions_per_hour": v}),
        st.just({"auto_approve_threshold": None}),
        more(100 if threshold is None else threshold, 100).map(
            lambda v: {"auto_approve_threshold": None if threshold is None else v}
        ),
        *(
            st.sets(st.sampled_from(getattr(drawn, name) or (None,))).map(
                lambda kept, name=name: {
                    name: tuple(each for each in getattr(drawn, name) if each in kept)
                }
            )
            for name in ("allowed_action_types", "allowed_systems", "allowed_days")
        ),
        st.sampled_from(["enable", "port", "restart", "web"]).map(
            lambda word: {"forbidden_commands": (*drawn.forbidden_commands, word)}
        ),
        st.integers(drawn.allowed_hours_start, drawn.allowed_hours_end - 1).map(
            lambda hour: {"allowed_hours_start": hour}
        ),
        st.integers(drawn.allowed_hours_start + 1, drawn.allowed_hours_end).map(
            lambda hour: {"allowed_hours_end": hour}
        ),
        st.sampled_from(
            [
                "requires_approval",
                "requires_rollback_plan",
                "requires_backup",
                "use_lower_bound",
                "ai_may_only_veto",
            ]
        ).map(lambda name: {name: True}),
        st.just({"restart_may_reset": False}),
    )


@given(any_situation, st.booleans(), st.booleans(), st.data())
def test_a_stricter_policy_never_allows_more(subject, veto_only, may_reset, data):
    looser = subject["policy"].replaced(ai_may_only_veto=veto_only, restart_may_reset=may_reset)
    stricter = looser.replaced(**data.draw(stricter_fields(looser)))

    assert freedom(subject | {"policy": stricter}) <= freedom(subject | {"policy": looser})


def with_confidence(subject, value):
    score = subject["score"]
    return subject | {
        "score": combined(
            ai_confidence=factor(value),
            human_feedback=score.human_feedback,
            success_history=score.success_history,
            pattern_match=score.pattern_match,
        )
    }


@given(nearly_free, percentages, percentages)
def test_a_less_confident_model_never_gains_freedom(subject, one, other):
    lower, higher = sorted((one, other))

    assert freedom(with_confidence(subject, lower)) <= freedom(with_confidence(subject, higher))


@given(nearly_free, percentages)
def test_the_models_word_never_earns_what_the_other_factors_do_not(subject, confidence):
    subject = with_confidence(subject, confidence)
    decision = decide(**subject)
    rules, score = subject["policy"], subject["score"]
    alone = (
        min(score.without_ai, score.without_ai_low) if rules.use_lower_bound else score.without_ai
    )

    if decision.verdict is Verdict.AUTO_APPROVED:
        earned_by = decision.certificate.rule
        needed = (
            rules.auto_approve_threshold
            if earned_by == "auto.threshold"
            else rules.min_reliability_score
        )
        assert alone >= needed


@given(any_situation)
def test_a_plan_that_a_model_alone_proposes_never_runs_without_a_person(subject):
    alone = {**subject, "plan": subject["plan"].replaced(confirmed=False)}
    decision = decide(**alone)

    assert decision.verdict is not Verdict.AUTO_APPROVED
    assert freedom(alone) <= freedom(subject)
    if decision.verdict is Verdict.APPROVAL_REQUIRED:
        assert "a model alone proposes this plan: a person decides" in decision.reasoning


@given(any_situation, actions)
def test_one_more_action_never_gives_more_freedom(subject, added):
    longer = Plan(actions=(*subject["plan"].actions, added))

    assert freedom(subject | {"plan": longer}) <= freedom(subject)


@given(
    any_situation,
    st.sampled_from(["management_path", "system_namespace", "bare_pod", "cannot_shrink"]),
)
def test_one_more_hazard_never_gives_more_freedom(subject, hazard):
    first, *rest = subject["plan"].actions
    if first.look is None or first.look.hazards is None:
        return
    seen = first.look.replaced(hazards=(*first.look.hazards, hazard))
    riskier = Plan(actions=(first.replaced(look=seen), *rest))

    assert freedom(subject | {"plan": riskier}) <= freedom(subject)


wild_floats = st.floats(allow_nan=True, allow_infinity=True)
wild_values = st.none() | st.booleans() | st.integers() | wild_floats | st.text(max_size=8)
wild_actions = st.builds(
    Action,
    operation=st.sampled_from(list(CATALOGUE)) | st.text(max_size=8),
    target=st.sampled_from([PORT, "", ":::", "a:b:c:d"]) | st.text(max_size=8),
    parameters=st.dictionaries(
        st.sampled_from(["replicas", "size_bytes", "snapshot_name", "allow_reset"]) | st.text(),
        wild_values | st.lists(wild_values, max_size=2),
        max_size=2,
    ),
    look=st.none()
    | st.builds(
        look,
        exists=st.booleans(),
        state=st.dictionaries(
            st.sampled_from(["replicas", "size_bytes"]), wild_values, max_size=2
        ),
        hazards=st.none() | st.lists(st.text(max_size=4), max_size=2).map(tuple),
    ),
)
wild_times = (
    st.datetimes()
    | st.datetimes(timezones=st.just(UTC))
    | st.just(datetime.max.replace(tzinfo=UTC))
)


@given(
    st.lists(wild_actions, max_size=3).map(lambda found: Plan(actions=tuple(found))),
    st.none()
    | st.builds(
        lambda score, value: score.replaced(
            overall_score=value, low=value, without_ai=value, without_ai_low=value
        ),
        scores,
        wild_floats,
    ),
    st.none() | policies.map(lambda p: p.replaced(time_zone="Asia/Tokyo", allowed_days=WEEK)),
    st.none() | st.builds(Match, pattern=st.none() | st.just(pattern()), similarity=wild_floats),
    st.none() | st.builds(checks, observed_at=st.none() | wild_times, max_age_seconds=wild_floats),
    wild_times,
    st.text(max_size=5),
)
def test_nothing_well_typed_makes_it_raise(plan, score, policy, match, checks, now, name):
    decision = decide(
        plan,
        score=score,
        policy=policy,
        match=match,
        standing=None,
        checks=checks,
        gates=gates(min_reliability=NAN),
        now=now,
    )
    reasons = may_person_run(
        plan, policy=policy, checks=checks, gates=gates(), approver=name, requester=name, now=now
    )

    assert decision.verdict is not Verdict.AUTO_APPROVED
    assert decision.reasoning
    assert Decision.model_validate_json(decision.model_dump_json()) == decision
    assert all(isinstance(reason, str) for reason in reasons)


@given(any_situation)
def test_the_same_input_gives_the_same_decision(subject):
    again = {
        name: type(value).model_validate(value.model_dump())
        if hasattr(value, "model_dump")
        else value
        for name, value in subject.items()
    }

    assert decide(**subject) == decide(**again)
