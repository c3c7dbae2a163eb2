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
        name="pod-hung",
        summary="One pod hangs and serves nothing; its siblings do.",
        target=(POD, "prod api"),
        category="kubernetes",
        title="Pod not ready",
        tells=(
            "The pod {name} hangs and is not ready.",
            "Pod {name} is not responding.",
            "Pod {name} is stuck, please restart it.",
        ),
        breaks=sets(_hung=True),
        broken=(Test("ready", equals=False),),
        healed=(Test("rollout_complete", equals=True, of="_deployment"),),
        cure=Cure("restart_pod"),
        worse=(Test("replicas", at_most=0, of="_deployment"),),
    ),
    Fault(
        name="bad-release",
        summary="The last release of a deployment does not start.",
        target=(DEPLOYMENT, "prod web"),
        category="kubernetes",
        title="Release broken",
        tells=(
            "The deployment {name} is broken since the last release, its pods crash.",
            "{name} is not responding after the rollout.",
            "New version of {name} fails, the rollout is stuck.",
        ),
        breaks=sets(_bad_revisions=_current),
        broken=(INCOMPLETE, Test("ready_replicas", at_most=0)),
        healed=(COMPLETE,),
        cure=Cure("rollback_deployment", {"revision": _previous}),
        wrong=Cure("scale_deployment", {"replicas": 6}),
        worse=(Test("replicas", at_least=6), Test("replicas", at_most=0)),
        looks_like="pod-hung",
    ),
    Fault(
        name="deployment-too-small",
        summary="More is asked of a deployment than its pods can serve.",
        target=(DEPLOYMENT, "prod checkout"),
        category="kubernetes",
        title="Service overloaded",
        tells=(
            "The deployment {name} is overloaded, please scale it up.",
            "{name} has too few replicas for the sale.",
            "Requests to {name} time out under load, more pods are needed.",
        ),
        breaks=sets(_needs_replicas=plus(1, "replicas")),
        broken=(Test("_overloaded", equals=True),),
        healed=(COMPLETE, Test("_overloaded", equals=False)),
        cure=Cure("scale_deployment", {"replicas": plus(1, "replicas")}),
        wrong=Cure("rollback_deployment", {"revision": _previous}),
        worse=(Test("replicas", at_most=1),),
        looks_like="bad-release",
    ),
    Fault(
        name="image-missing",
        summary="The image of the last release cannot be pulled.",
        target=(DEPLOYMENT, "prod api"),
        category="kubernetes",
        title="Image not found",
        tells=(
            "The deployment {name} is broken since the last release, its image cannot be pulled.",
            "{name}: ImagePullBackOff after the rollout.",
        ),
        breaks=sets(_bad_revisions=_current, _image_missing=True),
        broken=(INCOMPLETE,),
        healed=(COMPLETE,),
        cure=Cure("rollback_deployment", {"revision": _previous}),
    ),
    Fault(
        name="scaled-to-zero",
        summary="Somebody scaled a deployment to zero for a test and forgot it.",
        target=(DEPLOYMENT, "monitoring grafana"),
        category="kubernetes",
        title="Service gone",
        tells=(
            "The deployment {name} has no pods, please scale it up again.",
            "{name} is overloaded or gone: 0 replicas.",
        ),
        breaks=sets(_needs_replicas=1, replicas=0, _forgotten=True),
        broken=(Test("replicas", at_most=0),),
        healed=(Test("replicas", at_least=1), COMPLETE),
        cure=Cure("scale_deployment", {"replicas": 1}),
        looks_like="deployment-too-small",
    ),
    Fault(
        name="pod-out-of-memory",
        summary="Every pod of a deployment is killed at its memory limit; a person has to raise it.",
        target=(DEPLOYMENT, "prod cache"),
        category="kubernetes",
        title="Pods crash",
        tells=(
            "The pods of {name} crash again and again.",
            "{name} is not responding, its pods are OOMKilled.",
        ),
        breaks=sets(_memory_need_bytes=3 * 2**30),
        broken=(INCOMPLETE, Test("ready_replicas", at_most=0)),
        healed=(COMPLETE,),
        wrong=Cure("rollback_deployment", {"revision": _previous}),
        looks_like="bad-release",
    ),
    Fault(
        name="node-frozen",
        summary="Pods of a node are gone since the VM under it is frozen.",
        target=("kubernetes:node", "k8s-node-2"),
        category="kubernetes",
        title="Node not ready",
        tells=(
            "The node {name} is not ready, its pods are gone.",
            "{name} NotReady, pods do not answer.",
        ),
        breaks=sets("_vm", _hung=True),
        broken=(Test("ready", equals=False), Test("heartbeat_status", "failed", of="_vm")),
        healed=(Test("ready", equals=True),),
        cure=Cure("restart_vm", {"allow_reset": True}, on="_vm"),
        elsewhere=True,
    ),
    Fault(
        name="pod-recovered",
        summary="A pod was restarted by its node, and is well again.",
        target=(POD, "prod checkout"),
        category="kubernetes",
        title="Pod restarted",
        tells=(
            "The pod {name} restarted this night, is it well?",
            "Restart count of pod {name} went up.",
        ),
        breaks=sets(_crashes=3, last_termination_reason="Error", last_exit_code=1),
        broken=(Test("restart_count", at_least=3), Test("ready", equals=True)),
        healed=(Test("ready", equals=True),),
        hands_off=True,
        wrong=Cure("restart_pod"),
        looks_like="pod-hung",
    ),
    Fault(
        name="node-catching-up",
        summary="A kubelet is being upgraded and comes back by itself.",
        target=("kubernetes:node", "k8s-node-4"),
        category="kubernetes",
        title="Node not ready",
        tells=(
            "The node {name} is not ready.",
            "{name} is NotReady since a minute, announced upgrade?",
        ),
        breaks=and_back(sets(_kubelet_down=True), 120, _kubelet_down=False),
        broken=(Test("ready", equals=False),),
        healed=(Test("ready", equals=True),),
        hands_off=True,
        looks_like="node-frozen",
    ),
)
