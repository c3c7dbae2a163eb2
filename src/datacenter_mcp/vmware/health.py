"""How well resources are, from their facts. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.contract.reading import Health, HealthStatus, Resource

OK = Health(status=HealthStatus.OK)
NEARLY_FULL_RATIO = 0.9
FULL_RATIO = 0.98


def health_of(resource: Resource, hosts: Sequence[Resource] = ()) -> Health:
    """Of one resource. `hosts`: those of a datacenter, which is as well as they are."""
    said = {fact.attribute: fact.value for fact in resource.facts}
    failed, degraded = _JUDGES.get(resource.kind, _nothing)(said)
    if resource.kind == "datacenter":
        lost, worse = _hosts(hosts)
        failed, degraded = failed + lost, degraded + worse
    if said.get("alarm_status") in ("degraded", "failed"):
        degraded.append("An alarm is raised on it.")
    reasons = [f"{resource.name}: {reason}" for reason in failed + degraded]
    if failed:
        return Health(status=HealthStatus.FAILED, reasons=reasons)
    return Health(status=HealthStatus.DEGRADED, reasons=reasons) if degraded else OK


Judgement = tuple[list[str], list[str]]
"""What has failed, and what is degraded, in sentences."""


def _nothing(_said: Mapping[str, Any]) -> Judgement:
    return [], []


def _vm(said: Mapping[str, Any]) -> Judgement:
    failed = []
    if said["connection_state"] != "connected":
        failed.append(f"It is {said['connection_state']}.")
    if said["question"] is not None:
        failed.append("It waits for an answer of a person.")
    if said["heartbeat_status"] == "failed":
        failed.append("Its guest does not answer any more.")
    degraded = []
    if said["heartbeat_status"] == "degraded":
        degraded.append("Its guest answers irregularly.")
    if said["power_state"] == "on" and said["tools_state"] == "not_running":
        degraded.append("The tools in its guest do not run.")
    if said["power_state"] != "on" and not said["is_template"]:
        degraded.append(f"Its power state is {said['power_state']}.")
    if said["needs_consolidation"]:
        degraded.append("Its disks have to be consolidated.")
    return failed, degraded


def _host(said: Mapping[str, Any]) -> Judgement:
    state = said["connection_state"]
    return (
        [] if state == "connected" else [f"It is {state}."],
        ["It is in maintenance."] if said["in_maintenance"] else [],
    )


def _cluster(said: Mapping[str, Any]) -> Judgement:
    usable, count = said["hosts_usable"], said["host_count"]
    if usable is None or usable >= count:
        return [], []
    missing = f"{count - usable} of its {count} hosts cannot be used."
    return ([missing], []) if usable == 0 else ([], [missing])


def _datastore(said: Mapping[str, Any]) -> Judgement:
    used = said["usage_ratio"]
    if not said["accessible"]:
        return ["No host can reach it."], []
    if used is None or used < NEARLY_FULL_RATIO:
        return [], []
    full = f"It is {used:.1%} full."
    return ([full], []) if used >= FULL_RATIO else ([], [full])


def _network(said: Mapping[str, Any]) -> Judgement:
    return ["No host can reach it."] if said["accessible"] is False else [], []


def _hosts(hosts: Sequence[Resource]) -> Judgement:
    """A datacenter has failed when none of its hosts answers."""
    unwell = [host for host in hosts if health_of(host).status is HealthStatus.FAILED]
    if not unwell:
        return [], []
    missing = f"{len(unwell)} of its {len(hosts)} hosts do not answer."
    return ([missing], []) if len(unwell) == len(hosts) else ([], [missing])


_JUDGES = {
    "vm": _vm,
    "host": _host,
    "cluster": _cluster,
    "datastore": _datastore,
    "network": _network,
}
