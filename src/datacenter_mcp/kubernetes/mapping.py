"""Objects of the cluster as resources of the contract: nodes, namespaces, services, ingresses, events. Pure.

Workloads, pods and storage are in files of their own; all make resources with `resource`.
"""

from collections.abc import Mapping, Sequence

from datacenter_mcp.contract.reading import Resource, Scalar, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import naming
from datacenter_mcp.kubernetes.answers import NodeUsage, Object, Quantities, Selector
from datacenter_mcp.kubernetes.objects import Event, Ingress, Namespace, Node, ObjectName, Service
from datacenter_mcp.readings import facts

Values = Mapping[str, Scalar | list[Scalar]]
ROLE_LABEL = "node-role.kubernetes.io/"


def resource(ids: Naming, kind: str, item: Object, values: Values, source: Source) -> Resource:
    """A resource with its identity; in a namespace its name begins with it, so that people can tell two apart."""
    meta = item.metadata
    inside = None if kind in naming.CLUSTER_WIDE else meta.namespace
    identity: Values = {"uid": meta.uid, "created_at": meta.creation_timestamp}
    return Resource(
        id=naming.id_of(ids, kind, meta),
        kind=kind,
        name=f"{inside} {meta.name}" if inside else meta.name,
        parent=naming.resource_id(ids, "namespace", None, inside) if inside else None,
        facts=facts({**identity, **values}),
        source=source,
    )


def usage(used: Quantities | None) -> Values:
    """What is used right now; nothing is said where nobody measures."""
    if used is None:
        return {}
    memory = used.get("memory")
    return {
        "cpu_used_cores": used.get("cpu"),
        "memory_used_bytes": None if memory is None else int(memory),
    }


def labels(chosen: Selector) -> list[Scalar]:
    """A selector as `key=value` and, where it has expressions, `key In (a, b)`."""
    equal: list[Scalar] = [f"{key}={value}" for key, value in sorted(chosen.match_labels.items())]
    for expression in chosen.match_expressions:
        values = expression.get("values")
        among = f" ({', '.join(map(str, values))})" if values else ""
        equal.append(f"{expression.get('key')} {expression.get('operator')}{among}")
    return equal


def about_id(ids: Naming, about: ObjectName) -> str | None:
    """The id of what an object points to; None: of a kind that we do not read."""
    kind = naming.KIND_OF.get(about.kind)
    if kind is None or not about.name or (kind not in naming.CLUSTER_WIDE and not about.namespace):
        return None
    return naming.resource_id(ids, kind, about.namespace, about.name)


def node(ids: Naming, item: Node, used: NodeUsage | None, source: Source) -> Resource:
    """A node."""
    info, capacity = item.status.node_info, item.status.capacity
    ready = item.ready
    names = item.metadata.labels
    values: Values = {
        "ready": ready is not None and ready.status == "True",
        "ready_reason": ready.reason if ready else None,
        "schedulable": not item.spec.unschedulable,
        "pressures": list(pressures(item)),
        "taints": [f"{one.key}={one.value}:{one.effect}" for one in item.spec.taints],
        "roles": [name.removeprefix(ROLE_LABEL) for name in sorted(names) if name.startswith(ROLE_LABEL)],
        "addresses": [one.address for one in item.status.addresses],
        "provider_id": item.spec.provider_id,
        "system_uuid": info.system_uuid.lower() if info.system_uuid else None,
        "machine_id": info.machine_id or None,
        "kubelet_version": info.kubelet_version,
        "os_image": info.os_image,
        "kernel": info.kernel_version,
        "container_runtime": info.container_runtime_version,
        "cpu_cores": capacity.get("cpu"),
        "memory_bytes": _whole(capacity.get("memory")),
        "pod_capacity": _whole(capacity.get("pods")),
        **usage(used.usage if used else None),
    }  # fmt: skip
    return resource(ids, "node", item, values, source)


def pressures(item: Node) -> Sequence[str]:
    """What a node's conditions complain of; each but `Ready` is a complaint when it holds."""
    return [
        one.type for one in item.status.conditions if one.type != "Ready" and one.status == "True"
    ]


def namespace(ids: Naming, item: Namespace, source: Source) -> Resource:
    """A namespace."""
    values: Values = {
        "phase": item.status.phase,
        "is_system": naming.is_system(item.metadata.name),
    }
    return resource(ids, "namespace", item, values, source)


def service(ids: Naming, item: Service, source: Source) -> Resource:
    """A service. `None` is what Kubernetes itself writes as the address of a service without one."""
    own = item.spec.cluster_ip if item.spec.cluster_ip != "None" else None
    values: Values = {
        "service_type": item.spec.type,
        "addresses": [*([own] if own else []), *item.spec.external_ips, *item.status.addresses],
        "ports": [f"{one.port}/{one.protocol}" for one in item.spec.ports],
        "selector": [f"{key}={value}" for key, value in sorted(item.spec.selector.items())],
    }
    return resource(ids, "service", item, values, source)


def ingress(ids: Naming, item: Ingress, source: Source) -> Resource:
    """An ingress."""
    backends = [item.spec.default_backend] if item.spec.default_backend else []
    backends += [path.backend for rule in item.spec.rules for path in rule.http.paths]
    names = sorted({backend.service.name for backend in backends if backend.service})
    values: Values = {
        "ingress_class": item.spec.ingress_class_name,
        "hosts": [*sorted({rule.host for rule in item.spec.rules if rule.host})],
        "addresses": list(item.status.addresses),
        "service_ids": [
            naming.resource_id(ids, "service", item.metadata.namespace, name) for name in names
        ],
    }
    return resource(ids, "ingress", item, values, source)


def event(ids: Naming, item: Event, source: Source) -> Resource:
    """An event."""
    about, series = item.involved_object, item.series
    values: Values = {
        "event_type": item.type,
        "reason": item.reason,
        "message": item.message,
        "occurrences": (series.count if series else item.count) or 1,
        "first_seen_at": item.first_timestamp or item.event_time,
        "last_seen_at": (series.last_observed_time if series else None) or item.last_timestamp or item.event_time,
        "about": f"{about.kind}/{about.name}",
        "about_id": about_id(ids, about),
        "reporter": item.source.component or item.reporting_component or None,
    }  # fmt: skip
    return resource(ids, "event", item, values, source)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
