"""How many decisions per second, on one core, with 100 policies loaded and the certificate included?

    python benchmarks/speed/decide.py [decisions]

Goal: 50,000 per second. Each decision takes the next of 100 policies and one of several cases (approved, asked, refused,
skipped), so that no single path is measured. Policies and plans are hashed before, as they are in the product: a policy
when it is loaded, a plan when it was made. The second line hashes a new plan for every decision.
"""

import itertools
import sys
import time
from datetime import UTC, datetime
from statistics import median

from datacenter_docs.domain.decision import Decision, Gates, SafetyChecks, Verdict, decide
from datacenter_docs.domain.estate import Look, Source
from datacenter_docs.domain.patterns import Match, Pattern, standing
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.reliability import Factor, Score, combined

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ROUNDS = 25
"""The best of them is the figure, since other processes can only slow a round down; the median stands beside it."""
ON = Gates(opted_in=True, automation_enabled=True, kill_switch_on=False)
CHECKS = SafetyChecks(
    rate_limit_ok=True, backup_available=True, system_healthy=True, observed_at=NOW
)


def policies(count: int) -> list[Policy]:
    """Policies of one category each, that differ in their windows, zones and thresholds."""
    zones = ("UTC", "Europe/Rome", "America/New_York", "Asia/Tokyo")
    loaded = [
        Policy(
            name=f"policy-{n}",
            category=f"category-{n}",
            min_reliability_score=80.0 + n % 10,
            auto_approve_threshold=90.0,
            allowed_systems=("storage:nas", "network"),
            forbidden_commands=("delete", "format", "shutdown"),
            allowed_hours_start=(22 + n) % 24,
            allowed_hours_end=(20 + n) % 24,
            time_zone=zones[n % len(zones)],
        )
        for n in range(count)
    ]
    for policy in loaded:
        decide_one(policy, PLAN, ON, GOOD, pattern(policy.category))
    return loaded


def pattern(category: str) -> Match:
    """A pattern that has earned its freedom."""
    known = Pattern(
        pattern_id=f"pattern-{category}",
        signature="0" * 64,
        category=category,
        key_terms=("down", "link"),
        occurrences=30,
        resolved=30,
        positive=30,
        reliability_sum=2_760.0,
        reliability_count=30,
        executions=25,
        executions_succeeded=25,
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    return Match(pattern=known, similarity=0.9, margin=0.5)


def score(value: float) -> Score:
    factor = Factor(value=value, sample_size=40, low=value - 3, high=value, scope="category")
    return combined(
        ai_confidence=factor,
        human_feedback=factor,
        success_history=factor,
        pattern_match=factor,
    )


def port(name: str) -> Plan:
    """A plan of one action, as the resolver makes it."""
    source = Source(
        connection="lab", tool="look", arguments={}, observed_at=NOW, payload_sha256="0" * 64
    )
    look = Look(
        exists=True, satisfied=False, state={"admin_state": "down"}, hazards=(), source=source
    )
    target = f"network:lab:interface:r1/{name}"
    return Plan(actions=(Action(operation="enable_port", target=target, look=look),))


def decide_one(
    policy: Policy, plan: Plan, gates: Gates, reliability: Score, match: Match
) -> Decision:
    return decide(
        plan,
        score=reliability,
        policy=policy,
        match=match,
        standing=STANDING,
        checks=CHECKS,
        gates=gates,
        now=NOW,
    )


PLAN = port("eth1")
GOOD = score(95.0)
STANDING = standing(pattern("any").pattern)  # type: ignore[arg-type]


def measure(plans: list[Plan], decisions: int, loaded: list[Policy]) -> tuple[float, set[Verdict]]:
    """Decisions per second, and the verdicts that were met."""
    cases = [(ON, GOOD), (ON, score(89.0)), (ON, score(70.0)), (Gates(), GOOD)]
    matches = [pattern(policy.category) for policy in loaded]
    work = list(
        itertools.islice(
            zip(
                itertools.cycle(zip(loaded, matches, strict=True)),
                itertools.cycle(plans),
                itertools.cycle(cases * 2 + cases[:1]),
            ),
            decisions,
        )
    )
    met = set()
    began = time.perf_counter()
    for (policy, match), plan, (gates, reliability) in work:
        met.add(decide_one(policy, plan, gates, reliability, match).verdict)
    return decisions / (time.perf_counter() - began), met


def main(decisions: int) -> None:
    loaded = policies(100)
    warm, cold = [], []
    for _ in range(ROUNDS):
        speed, met = measure([PLAN], decisions, loaded)
        if met != set(Verdict):
            sys.exit(f"only {met} were met: the figures would say nothing")
        warm.append(speed)
        fresh = [port(f"eth{n}") for n in range(decisions // 4)]
        cold.append(measure(fresh, len(fresh), loaded)[0])
    for speeds, what in (
        (warm, "100 policies, certificate included"),
        (cold, "examining and hashing a new plan for each"),
    ):
        print(f"{max(speeds):>9,.0f} decisions/s (median {median(speeds):,.0f}), {what}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000)
