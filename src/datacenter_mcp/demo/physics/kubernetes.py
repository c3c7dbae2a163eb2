"""A node is ready when its VM can be reached, a pod when its node is and nothing ails it, a deployment by its pods."""

from datacenter_mcp.demo.physics.vmware import reached
from datacenter_mcp.demo.things import parts
from datacenter_mcp.demo.view import Rules, Seen, View

POD, REPLICASET = "kubernetes:pod", "kubernetes:replicaset"
CRASHING, PULLING = "CrashLoopBackOff", "ImagePullBackOff"


def _node_ready(view: View, key: str) -> Seen:
    return reached(view, view.text(key, "_vm")) and not view.own(key, "_kubelet_down")


def _node_reason(view: View, key: str) -> Seen:
    return "KubeletReady" if view.get(key, "ready") else "NodeStatusUnknown"


def _template_is_bad(view: View, pod: str) -> bool:
    bad = view.own(view.text(pod, "_deployment"), "_bad_revisions")
    return isinstance(bad, list) and view.own(pod, "_revision") in bad


def _too_large(view: View, pod: str) -> bool:
    """Whether its deployment needs more memory in each pod than the limit gives."""
    need = view.number(view.text(pod, "_deployment"), "_memory_need_bytes")
    return need > (view.number(pod, "memory_limit_bytes") or need)


def _started(view: View, pod: str) -> bool:
    return view.now >= view.number(pod, "_ready_at")


def _waiting_reason(view: View, key: str) -> Seen:
    if _template_is_bad(view, key) and _started(view, key):
        deployment = view.text(key, "_deployment")
        return PULLING if view.own(deployment, "_image_missing") else CRASHING
    return CRASHING if _too_large(view, key) else None


def _pod_ready(view: View, key: str) -> Seen:
    ailing = view.own(key, "_hung") or _waiting_reason(view, key)
    return (
        _started(view, key) and not ailing and view.get(view.text(key, "node_id"), "ready") is True
    )


def _phase(view: View, key: str) -> Seen:
    placed = view.text(key, "node_id")
    if _waiting_reason(view, key) == PULLING or not placed:
        return "Pending"
    return "Running" if view.get(placed, "ready") else "Unknown"


def _reason(view: View, key: str) -> Seen:
    return None if view.get(view.text(key, "node_id"), "ready") else "NodeLost"


def _last_termination(view: View, key: str) -> Seen:
    if _too_large(view, key):
        return "OOMKilled"
    return (
        "Error"
        if _waiting_reason(view, key) == CRASHING
        else view.own(key, "last_termination_reason")
    )


def _exit_code(view: View, key: str) -> Seen:
    if _too_large(view, key):
        return 137
    return 1 if _waiting_reason(view, key) == CRASHING else view.own(key, "last_exit_code")


def restarts(view: View, key: str) -> Seen:
    """A crash every five minutes while it crashes; the rest is what it was born with."""
    crashing = _waiting_reason(view, key) == CRASHING
    since = max(0.0, view.now - view.number(key, "_ready_at"))
    return int(view.number(key, "_crashes")) + (1 + min(50, int(since / 300)) if crashing else 0)


def _ready_containers(view: View, key: str) -> Seen:
    return int(view.number(key, "container_count")) if view.get(key, "ready") else 0


def _cpu_used(view: View, key: str) -> Seen:
    deployment = view.text(key, "_deployment")
    asked, there = view.number(deployment, "_needs_replicas"), view.number(deployment, "replicas")
    return round(0.15 * max(1.0, asked) / max(1.0, there), 3) if deployment else 0.2


def _log_tail(view: View, key: str) -> Seen:
    tails = {PULLING: None, CRASHING: "fatal: cannot start, see the configuration of this release"}
    return tails.get(str(_waiting_reason(view, key)))


def pods_of(view: View, owner: str) -> list[str]:
    """The pods of a deployment, replicaset or statefulset, in the order of their keys."""
    attribute = "_deployment" if parts(owner).kind == "deployment" else "_owner"
    return sorted(view.where(POD, attribute, owner))


def _ready_replicas(view: View, key: str) -> Seen:
    return sum(view.get(one, "ready") is True for one in pods_of(view, key))


def _updated_replicas(view: View, key: str) -> Seen:
    revision = view.own(key, "revision")
    return sum(view.own(one, "_revision") == revision for one in pods_of(view, key))


def _set_replicas(view: View, key: str) -> Seen:
    return len(pods_of(view, key))


def _previous_revision(view: View, key: str) -> Seen:
    kept, current = view.own(key, "kept_revisions"), view.number(key, "revision")
    older = (
        [item for item in kept if isinstance(item, int) and item < current]
        if isinstance(kept, list)
        else []
    )
    return max(older, default=None)


def _rollout_complete(view: View, key: str) -> Seen:
    wanted = view.number(key, "replicas")
    return (
        view.get(key, "updated_replicas") == wanted and view.get(key, "ready_replicas") == wanted
    )


def _progress_reason(view: View, key: str) -> Seen:
    return "ProgressDeadlineExceeded" if _rollout_stuck(view, key) else "NewReplicaSetAvailable"


def _rollout_stuck(view: View, key: str) -> Seen:
    bad = view.own(key, "_bad_revisions")
    return isinstance(bad, list) and view.own(key, "revision") in bad


def images(view: View, key: str) -> Seen:
    """Those of the current revision."""
    thing, revision = view.thing(key), view.own(key, "revision")
    sets = view.children(thing.parent or "", REPLICASET) if thing else ()
    return next(
        (view.own(one, "images") for one in sets
         if view.own(one, "owner_id") == key and view.own(one, "revision") == revision),
        view.own(key, "images"),
    )  # fmt: skip


def _overloaded(view: View, key: str) -> Seen:
    """Whether there are too few pods for what is asked of them."""
    return view.number(key, "replicas") < view.number(key, "_needs_replicas")


COUNTS = {
    "ready_replicas": _ready_replicas,
    "available_replicas": _ready_replicas,
}
RULES: Rules = {
    "kubernetes:node": {"ready": _node_ready, "ready_reason": _node_reason},
    POD: {
        "phase": _phase,
        "ready": _pod_ready,
        "reason": _reason,
        "waiting_reason": _waiting_reason,
        "last_termination_reason": _last_termination,
        "last_exit_code": _exit_code,
        "restart_count": restarts,
        "ready_containers": _ready_containers,
        "cpu_used_cores": _cpu_used,
        "log_tail": _log_tail,
    },
    "kubernetes:deployment": {
        **COUNTS,
        "updated_replicas": _updated_replicas,
        "images": images,
        "previous_revision": _previous_revision,
        "rollout_complete": _rollout_complete,
        "rollout_stuck": _rollout_stuck,
        "progress_reason": _progress_reason,
        "_overloaded": _overloaded,
    },
    "kubernetes:statefulset": {
        **COUNTS,
        "updated_replicas": _set_replicas,
        "rollout_complete": lambda view, key: (
            view.get(key, "ready_replicas") == view.get(key, "replicas")
        ),
    },
    REPLICASET: {"replicas": _set_replicas, "ready_replicas": _ready_replicas},
}
