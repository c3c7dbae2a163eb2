"""Faults of pods, deployments, and the nodes under them."""

from datacenter_mcp.demo.faults.fault import Cure, Fault, Test, and_back, plus, sets
from datacenter_mcp.demo.things import Value
from datacenter_mcp.demo.view import View

DEPLOYMENT, POD = "kubernetes:deployment", "kubernetes:pod"
COMPLETE = Test("rollout_complete", equals=True)
INCOMPLETE = Test("rollout_complete", equals=False)


def _current(view: View, key: str) -> Value:
    return [view.own(key, "revision")]  # type: ignore[list-item]


def _previous(view: View, key: str) -> Value:
    return view.get(key, "previous_revision")


FAULTS = (
    Fault(
        "pod-hung", "One pod hangs and serves nothing; its siblings do.", (POD, "prod web"), "kubernetes", "Pod not ready",
        ("The pod {name} hangs and is not ready.", "Pod {name} is not responding.", "Pod {name} is stuck, please restart it."),
        sets(_hung=True), (Test("ready", equals=False),), (Test("rollout_complete", equals=True, of="_deployment"),),
        Cure("restart_pod"), worse=(Test("replicas", at_most=0, of="_deployment"),),
    ),
    Fault(
        "bad-release", "The last release of a deployment does not start.", (DEPLOYMENT, "prod web"), "kubernetes", "Release broken",
        ("The deployment {name} is broken since the last release, its pods crash.",
         "{name} is not responding after the rollout.", "New version of {name} fails, the rollout is stuck."),
        sets(_bad_revisions=_current), (INCOMPLETE, Test("ready_replicas", at_most=0)), (COMPLETE,),
        Cure("rollback_deployment", {"revision": _previous}), wrong=Cure("scale_deployment", {"replicas": 6}),
        worse=(Test("replicas", at_least=6), Test("replicas", at_most=0)), looks_like="pod-hung",
    ),
    Fault(
        "deployment-too-small", "More is asked of a deployment than its pods can serve.", (DEPLOYMENT, "prod checkout"), "kubernetes",
        "Service overloaded",
        ("The deployment {name} is overloaded, please scale it up.", "{name} has too few replicas for the sale.",
         "Requests to {name} time out under load, more pods are needed."),
        sets(_needs_replicas=plus(1, "replicas")), (Test("_overloaded", equals=True),), (COMPLETE, Test("_overloaded", equals=False)),
        Cure("scale_deployment", {"replicas": plus(1, "replicas")}), wrong=Cure("rollback_deployment", {"revision": _previous}),
        worse=(Test("replicas", at_most=1),), looks_like="bad-release",
    ),
    Fault(
        "image-missing", "The image of the last release cannot be pulled.", (DEPLOYMENT, "prod api"), "kubernetes", "Image not found",
        ("The deployment {name} is broken since the last release, its image cannot be pulled.",
         "{name}: ImagePullBackOff after the rollout."),
        sets(_bad_revisions=_current, _image_missing=True), (INCOMPLETE,), (COMPLETE,),
        Cure("rollback_deployment", {"revision": _previous}),
    ),
    Fault(
        "scaled-to-zero", "Somebody scaled a deployment to zero for a test and forgot it.", (DEPLOYMENT, "monitoring grafana"), "kubernetes",
        "Service gone",
        ("The deployment {name} has no pods, please scale it up again.", "{name} is overloaded or gone: 0 replicas."),
        sets(_needs_replicas=1, replicas=0, _forgotten=True), (Test("replicas", at_most=0),),
        (Test("replicas", at_least=1), COMPLETE), Cure("scale_deployment", {"replicas": 1}), looks_like="deployment-too-small",
    ),
    Fault(
        "pod-out-of-memory", "Every pod of a deployment is killed at its memory limit; a person has to raise it.",
        (DEPLOYMENT, "prod cache"), "kubernetes", "Pods crash",
        ("The pods of {name} crash again and again.", "{name} is not responding, its pods are OOMKilled."),
        sets(_memory_need_bytes=3 * 2**30), (INCOMPLETE, Test("ready_replicas", at_most=0)), (COMPLETE,),
        wrong=Cure("rollback_deployment", {"revision": _previous}), looks_like="bad-release",
    ),
    Fault(
        "node-frozen", "Pods of a node are gone since the VM under it is frozen.", ("kubernetes:node", "k8s-node-2"), "kubernetes",
        "Node not ready",
        ("The node {name} is not ready, its pods are gone.", "{name} NotReady, pods do not answer."),
        sets("_vm", _hung=True), (Test("ready", equals=False), Test("heartbeat_status", "failed", of="_vm")),
        (Test("ready", equals=True),), Cure("restart_vm", {"allow_reset": True}, on="_vm"), elsewhere=True,
    ),
    Fault(
        "pod-recovered", "A pod was restarted by its node, and is well again.", (POD, "prod checkout"), "kubernetes", "Pod restarted",
        ("The pod {name} restarted this night, is it well?", "Restart count of pod {name} went up."),
        sets(_crashes=3, last_termination_reason="Error", last_exit_code=1), (Test("restart_count", at_least=3), Test("ready", equals=True)),
        (Test("ready", equals=True),), hands_off=True, wrong=Cure("restart_pod"), looks_like="pod-hung",
    ),
    Fault(
        "node-catching-up", "A kubelet is being upgraded and comes back by itself.", ("kubernetes:node", "k8s-node-4"), "kubernetes",
        "Node not ready",
        ("The node {name} is not ready.", "{name} is NotReady since a minute, announced upgrade?"),
        and_back(sets(_kubelet_down=True), 120, _kubelet_down=False), (Test("ready", equals=False),), (Test("ready", equals=True),),
        hands_off=True, looks_like="node-frozen",
    ),
)  # fmt: skip
