"""A rack's part of the cluster: nodes on VMs, namespaces, deployments with revisions and pods, services, claims, events."""

from collections.abc import Iterator
from dataclasses import dataclass

from datacenter_mcp.demo.building.rack import GIB, NODES, VMS, Rack
from datacenter_mcp.demo.things import Count, Dice, Latest, Thing, Value, moment

CSI = "rbd.csi.ceph.com"


@dataclass(frozen=True, slots=True)
class App:
    """A deployment: where, how many pods, GiB of their limit, and what it serves on (None: nothing)."""

    namespace: str
    name: str
    replicas: int
    limit_gib: int = 1
    port: int | None = None
    autoscaler: str | None = None


APPS = (
    App("prod", "web", 3, port=8_080),
    App("prod", "api", 2, port=8_081, autoscaler="api"),
    App("prod", "checkout", 2, 2, port=8_082),
    App("prod", "cache", 2, 2, port=6_379),
    App("staging", "preview", 1),
    App("monitoring", "grafana", 1, port=3_000),
    App("monitoring", "prometheus", 1, 4, port=9_090),
)
SYSTEM_APPS = (App("kube-system", "coredns", 2, port=53),)
STATEFUL = ("prod", "orders-db")
REVISION = 4
"""The current revision of every deployment at the beginning; the one before it is kept."""


def things(rack: Rack) -> Iterator[Thing]:
    """All Kubernetes things of a rack."""
    apps = (*APPS, *(SYSTEM_APPS if rack.is_first else ()))
    for namespace in dict.fromkeys(app.namespace for app in apps):
        yield Thing(
            f"kubernetes:namespace:{rack.name(namespace)}",
            rack.name(namespace),
            None,
            {
                **identity(rack.dice, rack.born, "namespace", rack.name(namespace)),
                "phase": "Active",
                "is_system": namespace == "kube-system",
            },
        )
    for index in range(1, NODES + 1):
        yield _node(rack, index)
    for number, app in enumerate(apps):
        yield from _deployment(rack, app, number)
    yield from _stateful(rack)
    yield from _events(rack)


def identity(dice: Dice, born: float, *name: object) -> dict[str, Value]:
    """`uid` and `created_at`."""
    return {"uid": dice.uuid("uid", *name), "created_at": moment(born)}


def pod(
    dice: Dice,
    owner: Thing,
    deployment: str | None,
    node: str,
    ordinal: object,
    at: float,
    ready_at: float,
) -> Thing:
    """A new pod of a replicaset or statefulset. `ready_at`: when it can serve."""
    namespace, _, owner_name = owner.key.split(":", 2)[2].partition("/")
    suffix = dice.hexadecimal(5, "pod", owner.key, ordinal, at) if deployment else "0"
    native, node_name = f"{namespace}/{owner_name}-{suffix}", node.split(":", 2)[2]
    kind = "ReplicaSet" if deployment else "StatefulSet"
    limit = owner.attributes.get("_limit_bytes")
    attributes: dict[str, Value] = {
        "uid": dice.uuid("uid", native, at),
        "created_at": moment(at),
        "terminating": False,
        "container_count": 1,
        "images": owner.attributes["images"],
        "node_name": node_name,
        "node_id": node,
        "owner": f"{kind}/{owner_name}",
        "owner_id": owner.key,
        "claim_ids": [],
        "started_at": moment(at),
        "addresses": [
            f"10.244.{dice.between(0, 255, 'net', native)}.{dice.between(1, 254, 'ip', native)}"
        ],
        "cpu_requested_cores": 0.25,
        "memory_requested_bytes": GIB // 2,
        "memory_limit_bytes": limit,
        "memory_used_bytes": dice.wave(0.3 * GIB, 0.05 * GIB, native, whole=True),
        "last_exit_code": None,
        "last_termination_reason": None,
        "_crashes": 0,
        "_owner": owner.key,
        "_deployment": deployment,
        "_ready_at": ready_at,
        "_hung": False,
        "_revision": owner.attributes.get("revision"),
    }
    return Thing(
        f"kubernetes:pod:{native}",
        native.replace("/", " "),
        f"kubernetes:namespace:{namespace}",
        attributes,
    )


def _node(rack: Rack, index: int) -> Thing:
    plan = next(plan for plan in VMS if plan.name == f"k8s-node-{index}")
    name, vm, dice = rack.name(plan.name), rack.vm(plan), rack.dice
    uuid = dice.uuid("bios", vm)
    attributes: dict[str, Value] = {
        **identity(dice, rack.born, "node", name),
        "schedulable": True,
        "pressures": [],
        "taints": [],
        "roles": ["worker"],
        "addresses": [rack.address(10, 100 + VMS.index(plan)), name],
        "provider_id": f"vsphere://{uuid}",
        "system_uuid": uuid,
        "machine_id": uuid.replace("-", ""),
        "kubelet_version": "v1.31.4",
        "os_image": "Debian GNU/Linux 12 (bookworm)",
        "kernel": "6.1.0-28-amd64",
        "container_runtime": "containerd://1.7.24",
        "cpu_cores": plan.cpus,
        "memory_bytes": plan.memory_mib * 2**20,
        "pod_capacity": 110,
        "cpu_used_cores": dice.wave(2.8, 1.1, "cpu", name),
        "memory_used_bytes": dice.wave(14 * GIB, 2 * GIB, "memory", name, whole=True),
        "_vm": vm,
        "_kubelet_down": False,
    }
    return Thing(f"kubernetes:node:{name}", name, None, attributes)


def _deployment(rack: Rack, app: App, number: int) -> Iterator[Thing]:
    namespace = rack.name(app.namespace)
    place, native = f"kubernetes:namespace:{namespace}", f"{namespace}/{app.name}"
    key, selector = f"kubernetes:deployment:{native}", [f"app={app.name}"]
    images = [f"registry.example/{app.name}:1.{REVISION}"]
    yield Thing(
        key,
        f"{namespace} {app.name}",
        place,
        {
            **identity(rack.dice, rack.born, "deployment", native),
            "images": [*images],
            "selector": [*selector],
            "replicas": app.replicas,
            "generation": REVISION,
            "observed_generation": REVISION,
            "revision": REVISION,
            "kept_revisions": [REVISION - 1, REVISION],
            "paused": False,
            "strategy": "RollingUpdate",
            "autoscaler": app.autoscaler,
            "_bad_revisions": [],
            "_needs_replicas": 1,
            "_memory_need_bytes": 0,
        },
    )
    for revision in (REVISION - 1, REVISION):
        name = f"{native}-{rack.dice.hexadecimal(9, 'template', native, revision)}"
        owner = Thing(
            f"kubernetes:replicaset:{name}",
            name.replace("/", " "),
            place,
            {
                **identity(rack.dice, rack.born, "replicaset", name),
                "images": [f"registry.example/{app.name}:1.{revision}"],
                "selector": [*selector],
                "revision": revision,
                "owner_id": key,
                "_limit_bytes": app.limit_gib * GIB,
            },
        )
        yield owner
    for ordinal in range(app.replicas):
        node = f"kubernetes:node:{rack.name(f'k8s-node-{(number + ordinal) % NODES + 1}')}"
        yield pod(rack.dice, owner, key, node, ordinal, rack.born, rack.born)
    if app.port is not None:
        yield _service(rack, native, app.port)
    if app.name == "web":
        yield Thing(
            f"kubernetes:ingress:{native}",
            f"{namespace} {app.name}",
            place,
            {
                **identity(rack.dice, rack.born, "ingress", native),
                "ingress_class": "nginx",
                "hosts": [f"{rack.name('shop')}.example"],
                "addresses": ["203.0.113.10"],
                "service_ids": [f"kubernetes:service:{native}"],
            },
        )


def _service(rack: Rack, native: str, port: int) -> Thing:
    namespace, _, name = native.partition("/")
    return Thing(
        f"kubernetes:service:{native}",
        f"{namespace} {name}",
        f"kubernetes:namespace:{namespace}",
        {
            **identity(rack.dice, rack.born, "service", native),
            "service_type": "ClusterIP",
            "addresses": [
                f"10.96.{rack.number % 256}.{rack.dice.between(1, 254, 'service', native)}"
            ],
            "ports": [f"{port}/TCP"],
            "selector": [f"app={name}"],
        },
    )


def _stateful(rack: Rack) -> Iterator[Thing]:
    """A database with a volume of its own: pod, claim, persistent volume, block device of the storage cluster."""
    namespace, name = rack.name(STATEFUL[0]), STATEFUL[1]
    place, native = f"kubernetes:namespace:{namespace}", f"{rack.name(STATEFUL[0])}/{name}"
    owner = Thing(
        f"kubernetes:statefulset:{native}",
        f"{namespace} {name}",
        place,
        {
            **identity(rack.dice, rack.born, "statefulset", native),
            "images": ["registry.example/postgres:16"],
            "selector": [f"app={name}"],
            "replicas": 1,
            "generation": 1,
            "observed_generation": 1,
        },
    )
    claim, volume = (
        f"kubernetes:persistentvolumeclaim:{namespace}/data-{name}-0",
        f"kubernetes:persistentvolume:{rack.name('pv-orders')}",
    )
    only = pod(
        rack.dice,
        owner,
        None,
        f"kubernetes:node:{rack.name('k8s-node-1')}",
        0,
        rack.born,
        rack.born,
    )
    yield owner
    yield Thing(only.key, only.name, only.parent, {**only.attributes, "claim_ids": [claim]})
    size = 120 * GIB
    yield Thing(
        claim,
        f"{namespace} data-{name}-0",
        place,
        {
            **identity(rack.dice, rack.born, "claim", claim),
            "phase": "Bound",
            "requested_bytes": size,
            "size_bytes": size,
            "storage_class": "rbd",
            "access_modes": ["ReadWriteOnce"],
            "volume_id": volume,
        },
    )
    yield Thing(
        volume,
        volume.split(":", 2)[2],
        None,
        {
            **identity(rack.dice, rack.born, "pv", volume),
            "phase": "Bound",
            "size_bytes": size,
            "storage_class": "rbd",
            "access_modes": ["ReadWriteOnce"],
            "reclaim_policy": "Retain",
            "volume_source": CSI,
            "volume_handle": rack.image(name).split(":", 2)[2],
            "claim_id": claim,
        },
    )


def _events(rack: Rack) -> Iterator[Thing]:
    """Background life: what the cluster tells again and again."""
    namespace = rack.name("prod")
    for index, (name, reason, message) in enumerate(
        (
            ("web", "ScalingReplicaSet", "Scaled up replica set"),
            ("api", "SuccessfulRescale", "New size: 2"),
            ("checkout", "ScalingReplicaSet", "Scaled up replica set"),
        )
    ):
        native = f"{namespace}/{name}.{rack.dice.hexadecimal(12, 'event', namespace, index)}"
        yield Thing(
            f"kubernetes:event:{native}",
            native.replace("/", " "),
            f"kubernetes:namespace:{namespace}",
            {
                **identity(rack.dice, rack.born, "event", native),
                "event_type": "Normal",
                "reason": reason,
                "message": message,
                "occurrences": Count(start=1, per_second=1 / 7_200, since=rack.born),
                "first_seen_at": moment(rack.born),
                "last_seen_at": Latest(every_seconds=7_200, phase=index / 3),
                "about": f"Deployment/{name}",
                "about_id": f"kubernetes:deployment:{namespace}/{name}",
                "reporter": "deployment-controller",
            },
        )
