"""What can be done to pods and deployments; in a system namespace everything is critical."""

from datacenter_docs.domain.operations import CRITICAL, SAFE, UNCHANGED, Operation
from datacenter_docs.domain.parameters import schema_of

SYSTEM_NAMESPACE = frozenset({"system_namespace"})

OPERATIONS = (
    Operation(
        name="restart_pod",
        platform="kubernetes",
        target_kind="pod",
        parameters=schema_of("restart_pod"),
        base_class=SAFE,
        summary="Delete a pod, so that its controller makes a new one.",
        no_inverse_because=UNCHANGED,
        restart_like=True,
        raised_by=SYSTEM_NAMESPACE,
        refused_by=frozenset({"bare_pod"}),
        pre_check="the pod has a controller that recreates it",
        already_done="never: a restart is an event, only the pod's uid tells",
        verification="the controller has as many ready pods as before, and the old uid is gone",
        blast_radius="the requests that this pod was serving",
        settle_seconds=120.0,
        heal_seconds=120.0,
    ),
    Operation(
        name="scale_deployment",
        platform="kubernetes",
        target_kind="deployment",
        parameters=schema_of("scale_deployment"),
        base_class=SAFE,
        summary="Set the number of pods of a deployment; safe upwards, critical downwards and to zero.",
        changes=("replicas",),
        inverse="scale_deployment",
        inverse_from_state={"replicas": "replicas"},
        raised_by=SYSTEM_NAMESPACE,
        raised_when_lowered="replicas",
        pre_check="the quota and the nodes have room; no autoscaler owns the count",
        already_done="the deployment wants that many replicas, and as many are ready",
        verification="that many pods are ready",
        blast_radius="the service behind the deployment, and the nodes' free capacity",
        settle_seconds=180.0,
    ),
    Operation(
        name="rollback_deployment",
        platform="kubernetes",
        target_kind="deployment",
        parameters=schema_of("rollback_deployment"),
        base_class=CRITICAL,
        summary="Go back to an earlier revision of a deployment.",
        changes=("revision",),
        inverse="rollback_deployment",
        inverse_from_state={"revision": "revision"},
        raised_by=SYSTEM_NAMESPACE,
        pre_check="the revision is still kept by the platform",
        already_done="the deployment's pod template is the one of that revision, and the rollout is complete",
        verification="the rollout is complete and all pods are ready",
        blast_radius="every user of the service: it runs other code afterwards",
        settle_seconds=300.0,
    ),
)
