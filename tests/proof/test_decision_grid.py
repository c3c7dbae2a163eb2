"""Every point of a grid over what the specification tells apart, decided twice: by the code and by the table of truth.

Why the grid suffices: each input enters the decision only through a comparison (a score with a number, a name with a list)
or as a truth value, and the grid has a point on either side of every comparison and for every truth value. The first grid
is the full product of everything but step 4's limits and the kinds of failing checks; the second is the full product of
these with the classes, since nothing else of the first can undo a refusal, which the first shows.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from tests.proof.decision_table import Level, Situation, verdict
from tests.unit.domain.samples import NOW, action, checks, factor, look, match, pattern, policy

from datacenter_docs.domain.decision import Gates, SafetyChecks, decide
from datacenter_docs.domain.patterns import Match, Standing
from datacenter_docs.domain.plans import Plan
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.reliability import ConfidenceLevel, Score

pytestmark = pytest.mark.timeout(600)
BOTH = (False, True)
MINIMUM, THRESHOLD = 80.0, 90.0
POINTS = {Level.LOW: MINIMUM - 0.1, Level.MIDDLE: MINIMUM, Level.HIGH: THRESHOLD}
GOOD = Standing(eligible=True, autonomous=True)
AT_THE_EDGE = {"executions": 20, "executions_succeeded": 20, "resolved": 5, "positive": 24, "negative": 6}  # fmt: skip
"""Exactly what a policy wants at the least."""


def just_good(**changes: Any) -> Match:
    """A match with a pattern that is just good enough, but for the changes."""
    return match(pattern=pattern(**{**AT_THE_EDGE, **changes}))


PATTERNS: dict[str, tuple[Match | None, Standing | None]] = {
    "good": (just_good(), GOOD),
    "none": (None, None),
    "unknown": (Match(pattern=None, similarity=0.0), None),
    "uncertain": (just_good().replaced(uncertain=True), GOOD),
    "unlike": (just_good().replaced(similarity=0.1), GOOD),
    "not eligible": (just_good(), Standing(eligible=False, autonomous=False)),
    "forbidden": (just_good(automation_forbidden=True), GOOD),
    "of another category": (just_good(category="storage"), GOOD),
    "too few": (just_good(resolved=4), GOOD),
    "disliked": (just_good(positive=23, negative=6), GOOD),
}
CHECKS: dict[str, SafetyChecks | None] = {
    "pass": checks(),
    "none": None,
    "stale": checks(observed_at=NOW - timedelta(seconds=301)),
    "of the future": checks(observed_at=NOW + timedelta(seconds=60)),
    "rate": checks(rate_limit_ok=False),
    "rate not known": checks(rate_limit_ok=None),
    "sick": checks(system_healthy=False),
    "health not known": checks(system_healthy=None),
}
PLANS = {
    False: Plan(actions=(action("enable_port"),)),
    True: Plan(
        actions=(action("restart_interface", look=look(hazards=("management_path",), state={})),)
    ),
}
"""A safe one, and one that its target raises to critical."""


def scored(overall: Level, without_ai: Level, *, confident: bool, bounds: bool) -> Score:
    """`bounds` True: the lower bounds are what lies there, and the values themselves are high."""
    value = {True: 99.0, False: POINTS[overall]}[bounds]
    alone = {True: 99.0, False: POINTS[without_ai]}[bounds]
    part = factor(95.0)
    return Score(
        overall_score=value,
        low=POINTS[overall],
        high=100.0,
        without_ai=alone,
        without_ai_low=POINTS[without_ai],
        confidence_level=ConfidenceLevel.HIGH,
        ai_confidence=factor(90.0 if confident else 84.9),
        human_feedback=part,
        success_history=part,
        pattern_match=part,
    )


def switches() -> Iterator[tuple[bool, bool, bool]]:
    """Opted in, switched on, killed: all on, and each of them off."""
    yield from product(BOTH, BOTH, BOTH)


def first() -> Iterator[tuple[Situation, dict[str, Any]]]:
    """Switches, classes, scores, patterns, and what a policy says of approval."""
    scores = {
        (o, w, b): scored(o, w, confident=True, bounds=b)
        for o, w, b in product(Level, Level, BOTH)
    }
    policies: dict[tuple[bool, bool, bool, bool], Policy] = {
        (asks, threshold, veto, bounds): policy(
            requires_approval=asks, auto_approve_threshold=THRESHOLD if threshold else None,
            ai_may_only_veto=veto, use_lower_bound=bounds, requires_rollback_plan=False,
            allowed_action_types=("safe_write", "critical_write"),
        )
        for asks, threshold, veto, bounds in product(BOTH, BOTH, BOTH, BOTH)
    }  # fmt: skip
    plans = {(c, k): PLANS[c].replaced(confirmed=k) for c, k in product(BOTH, BOTH)}
    supervised = {name: _young(found) for name, (found, _) in PATTERNS.items()}
    for on, gate, (rules, known), (critical, confirmed), passing in product(
        switches(), BOTH, product((*policies, None), BOTH), plans, BOTH
    ):
        gates = Gates(opted_in=on[0], automation_enabled=on[1], kill_switch_on=on[2], require_approval=gate, min_reliability=MINIMUM)  # fmt: skip
        bounds = bool(rules and rules[3])
        for (overall, without_ai), name in product(product(Level, Level), PATTERNS):
            found, standing = PATTERNS[name]
            seen = found if known else supervised[name]
            told = Situation(
                *on, policy=rules is not None, critical=critical, confirmed=confirmed,
                checks_pass=passing, overall=overall, without_ai=without_ai,
                pattern_good=name == "good", supervised=not known,
                threshold=bool(rules and rules[1]), veto_only=bool(rules and rules[2]),
                approval_wanted=bool(rules and rules[0]) or gate,
            )  # fmt: skip
            yield (
                told,
                {
                    "plan": plans[critical, confirmed],
                    "score": scores[overall, without_ai, bounds],
                    "policy": policies[rules] if rules else None,
                    "match": seen,
                    "standing": standing,
                    "checks": CHECKS["pass" if passing else "sick"],
                    "gates": gates,
                    "now": NOW,
                },
            )


def _young(found: Match | None) -> Match | None:
    """The same pattern before twenty executions of it were seen."""
    if found is None or found.pattern is None:
        return found
    return found.replaced(pattern=found.pattern.replaced(executions=19, executions_succeeded=19))


def second() -> Iterator[tuple[Situation, dict[str, Any]]]:
    """The limits of step 4, every way in which checks fail, and plans that nobody may run."""
    gates = Gates(opted_in=True, automation_enabled=True, kill_switch_on=False, require_approval=False, min_reliability=MINIMUM)  # fmt: skip
    found, standing = PATTERNS["good"]
    unknown = Plan(actions=(action().replaced(operation="format_disk"),))
    unseen = Plan(actions=(action(look=None),))
    stuck = look(hazards=("cannot_shrink",), state={"size_bytes": 100})
    final = Plan(actions=(action("expand_volume", look=stuck),))
    plans = {"safe": PLANS[False], "critical": PLANS[True], "final": final, "unknown": unknown, "unseen": unseen, "empty": Plan()}  # fmt: skip
    limits = product(BOTH, BOTH, BOTH, BOTH, BOTH, Level)
    for (allows, system, forbids, undo, confident, overall), plan, check in product(limits, plans, CHECKS):  # fmt: skip
        critical = plan in ("critical", "final")
        executable = critical or plan == "safe"
        rules = policy(
            allowed_action_types=("safe_write", "critical_write") if allows else ("read_only",),
            allowed_systems=("network", "storage") if system else ("vmware",),
            forbidden_commands=("port", "interface", "expand") if forbids else (),
            requires_rollback_plan=not undo,
            requires_approval=False,
        )
        told = Situation(
            executable=executable, critical=critical, forbidden_word=forbids,
            confidence_enough=confident, class_allowed=allows, system_allowed=system,
            undo_as_wanted=undo or plan != "final", checks_pass=check == "pass", overall=overall,
        )  # fmt: skip
        yield (
            told,
            {
                "plan": plans[plan],
                "score": scored(overall, Level.HIGH, confident=confident, bounds=False),
                "policy": rules,
                "match": found,
                "standing": standing,
                "checks": CHECKS[check],
                "gates": gates,
                "now": NOW,
            },
        )


@pytest.mark.parametrize(("grid", "points"), [(first, 391_680), (second, 4_608)])
def test_every_point_of_the_grid_is_decided_as_the_table_says(grid: Any, points: int):
    met: Counter[str] = Counter()
    for told, inputs in grid():
        decided = decide(**inputs)
        wanted = verdict(told)
        assert decided.verdict == wanted, (told, decided.reasoning)
        assert decided.allowed == (wanted in ("approval_required", "auto_approved"))
        assert decided.requires_approval == (wanted != "auto_approved")
        assert not (told.critical and wanted == "auto_approved")
        met[wanted] += 1

    assert sum(met.values()) == points
    assert (
        set(met) == {"skipped", "refused", "approval_required", "auto_approved"} or grid is second
    )
