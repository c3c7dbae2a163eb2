"""What endangers Kubernetes."""

from functools import partial

from datacenter_docs.domain.risks import (
    OfFact,
    Severity,
    at_least,
    below,
    is_,
    is_not,
    risk_rule,
)

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

rule = partial(risk_rule, "kubernetes")

RULES = (
    rule(
        "node-not-ready",
        "node",
        HIGH,
        is_("ready", False),
        says="It is not ready.",
        why="Its pods are moved away or lost, and the others carry their load.",
    ),
    rule(
        "node-under-pressure",
        "node",
        MEDIUM,
        is_not("pressures", ()),
        says="It is short of something.",
        why="Pods on it may be evicted.",
    ),
    rule(
        "node-cordoned",
        "node",
        LOW,
        is_("schedulable", False),
        says="Nothing new is placed on it.",
        why="Forgotten after a maintenance, it is capacity that is missing.",
    ),
    rule(
        "rollout-stuck",
        "deployment",
        HIGH,
        is_("rollout_stuck", True),
        says="Its rollout does not go on.",
        why="The new version does not come up, and the next change will not either.",
    ),
    rule(
        "deployment-short-of-replicas",
        "deployment",
        HIGH,
        below("available_replicas", OfFact("replicas")),
        says="Fewer replicas are available than wanted.",
        why="The rest carries the load; one more failure may be an outage.",
    ),
    rule(
        "statefulset-short-of-replicas",
        "statefulset",
        HIGH,
        below("ready_replicas", OfFact("replicas")),
        says="Fewer replicas are ready than wanted.",
        why="A replica that is missing may be the one that holds the data.",
    ),
    rule(
        "pod-restarts",
        "pod",
        MEDIUM,
        at_least("restart_count", 5),
        says="It was restarted again and again.",
        why="Something in it fails, and comes back each time for a while only.",
    ),
    rule(
        "pod-not-ready",
        "pod",
        MEDIUM,
        is_("ready", False),
        is_("phase", "Running"),
        says="It runs, and is not ready.",
        why="Services send nothing to it.",
    ),
    rule(
        "claim-not-bound",
        "persistentvolumeclaim",
        HIGH,
        is_not("phase", "Bound"),
        says="No volume is bound to it.",
        why="Pods that need it do not start.",
    ),
    rule(
        "job-failed",
        "job",
        MEDIUM,
        is_("state", "failed"),
        says="It failed.",
        why="What it should have done is not done.",
    ),
)
