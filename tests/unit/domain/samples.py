"""Values to test with: each one is sound, so that a test changes only what it is about.

Put together they are approved without a person; every test of a refusal starts from there.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from datacenter_docs.domain.decision import Gates, SafetyChecks
from datacenter_docs.domain.estate import Fact, Look, Resource, Source
from datacenter_docs.domain.feedback import Feedback, FeedbackRequest, FeedbackType
from datacenter_docs.domain.patterns import Match, Pattern, Standing
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.reliability import Factor, Score, combined

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday."""

SOURCE = Source(
    connection="lab", tool="look", arguments={}, observed_at=NOW, payload_sha256="0" * 64
)
PORT = "network:lab:interface:r1/eth1"

TARGETS = {
    "vmware": "vmware:vc1:vm:vm-42",
    "pod": "kubernetes:k1:pod:shop/web-1",
    "deployment": "kubernetes:k1:deployment:shop/web",
    "network": PORT,
    "storage": "storage:nas:volume:data",
    "openstack": "openstack:os1:instance:i-7",
}

STATES: dict[str, dict[str, Any]] = {
    "snapshot_vm": {"snapshots": []},
    "increase_memory": {"memory_mib": 4096},
    "increase_cpu": {"cpu_count": 2},
    "scale_deployment": {"replicas": 2},
    "rollback_deployment": {"revision": 5},
    "enable_port": {"admin_state": "down"},
    "expand_volume": {"size_bytes": 100},
    "clear_snapshots": {"snapshots": ["a", "b"]},
    "resize_instance": {"flavor": "small"},
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "snapshot_vm": {"snapshot_name": "before-fix"},
    "increase_memory": {"memory_mib": 8192},
    "increase_cpu": {"cpu_count": 4},
    "scale_deployment": {"replicas": 3},
    "rollback_deployment": {"revision": 4},
    "expand_volume": {"size_bytes": 200},
    "clear_snapshots": {"older_than_seconds": 86400},
    "resize_instance": {"flavor": "large"},
}


def look(**changes: Any) -> Look:
    return Look(
        **{
            "exists": True,
            "satisfied": False,
            "state": {"admin_state": "down"},
            "hazards": (),
            "source": SOURCE,
            **changes,
        }
    )


def action(operation: str = "enable_port", **changes: Any) -> Action:
    """A sound action of any operation that can be planned."""
    kinds = {"restart_pod": "pod", "scale_deployment": "deployment"}
    kinds["rollback_deployment"] = "deployment"
    room = next(
        (
            room
            for room, names in {
                "vmware": ("restart_vm", "snapshot_vm", "increase_memory", "increase_cpu"),
                "storage": ("expand_volume", "clear_snapshots"),
                "openstack": ("reboot_instance", "resize_instance"),
            }.items()
            if operation in names
        ),
        "network",
    )
    return Action(
        **{
            "operation": operation,
            "target": TARGETS[kinds.get(operation, room)],
            "parameters": PARAMETERS.get(operation, {}),
            "look": look(state=STATES.get(operation, {})),
            **changes,
        }
    )


def plan(*actions: Action) -> Plan:
    return Plan(actions=actions or (action(),))


def factor(value: float, half_width: float = 2.0, **changes: Any) -> Factor:
    return Factor(
        **{
            "value": value,
            "sample_size": 40,
            "low": max(0.0, value - half_width),
            "high": min(100.0, value + half_width),
            "scope": "category",
            **changes,
        }
    )


def score(ai: float = 95, feedback: float = 95, history: float = 95, match: float = 95) -> Score:
    return combined(
        ai_confidence=factor(ai),
        human_feedback=factor(feedback),
        success_history=factor(history),
        pattern_match=factor(match),
    )


def policy(**changes: Any) -> Policy:
    return Policy(
        **{
            "name": "network-auto-remediation",
            "category": "network",
            "min_reliability_score": 80.0,
            "allowed_systems": ("network",),
            "auto_approve_threshold": 90.0,
            "requires_backup": False,
            **changes,
        }
    )


def pattern(**changes: Any) -> Pattern:
    return Pattern(
        **{
            "pattern_id": "p1",
            "signature": "0" * 64,
            "category": "network",
            "key_terms": ("down", "link"),
            "occurrences": 30,
            "resolved": 30,
            "positive": 28,
            "negative": 2,
            "reliability_sum": 30 * 92.0,
            "reliability_count": 30,
            "executions": 25,
            "executions_succeeded": 25,
            "first_seen_at": NOW - timedelta(days=90),
            "last_seen_at": NOW,
            **changes,
        }
    )


def match(**changes: Any) -> Match:
    return Match(**{"pattern": pattern(), "similarity": 1.0, "margin": 1.0, **changes})


def checks(**changes: Any) -> SafetyChecks:
    return SafetyChecks(
        **{
            "rate_limit_ok": True,
            "backup_available": True,
            "system_healthy": True,
            "observed_at": NOW,
            **changes,
        }
    )


def gates(**changes: Any) -> Gates:
    return Gates(
        **{"opted_in": True, "automation_enabled": True, "kill_switch_on": False, **changes}
    )


def situation(**changes: Any) -> dict[str, Any]:
    """The arguments of `decide`, such that it approves without a person."""
    return {
        "plan": plan(),
        "score": score(),
        "policy": policy(),
        "match": match(),
        "standing": Standing(eligible=True, autonomous=True),
        "checks": checks(),
        "gates": gates(),
        "now": NOW,
        **changes,
    }


def feedback(
    kind: str = "positive", *, days_ago: float = 0, rating: int | None = None, **changes: Any
) -> Feedback:
    return Feedback(
        feedback_id="f",
        request=FeedbackRequest(
            ticket_id="INC-1", feedback_type=FeedbackType(kind), rating=rating, **changes
        ),
        given_at=NOW - timedelta(days=days_ago),
    )


def resource(**facts: Any) -> Resource:
    return Resource(
        id=PORT,
        kind="interface",
        name="eth1",
        facts=tuple(Fact(attribute=name, value=value) for name, value in facts.items()),
        source=SOURCE,
    )
