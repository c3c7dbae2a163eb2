"""The health of what a cloud has, from its facts. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from datacenter_mcp.contract.reading import Health, HealthStatus, Resource

COMPUTE = "nova-compute"
"""The process that runs instances on a host."""
OK = Health(status=HealthStatus.OK)
Facts = Mapping[str, Any]
Judgement = tuple[str | None, str | None]
"""Why it has failed, and why it is degraded; None: it has not, it is not."""


def failed(reason: str) -> Health:
    """It does not do what it is there for."""
    return Health(status=HealthStatus.FAILED, reasons=[reason])


def degraded(reason: str) -> Health:
    """It does, and something is wrong."""
    return Health(status=HealthStatus.DEGRADED, reasons=[reason])


def of(resource: Resource) -> Health:
    """One resource; of a kind that nobody judges it is well when it is there."""
    judge = _JUDGES.get(resource.kind)
    bad, lame = judge(_said(resource)) if judge else (None, None)
    if bad:
        return failed(f"{resource.name} {bad}.")
    return degraded(f"{resource.name} {lame}.") if lame else OK


def of_cloud(services: Sequence[Resource]) -> Health:
    """The cloud as a whole, which answers: it has failed when nothing is left that runs instances. Services that we may not
    see are not judged.
    """
    judged = [(one, of(one)) for one in services]
    computes = [health for one, health in judged if _said(one)["binary"] == COMPUTE]
    reasons = [told for _, health in judged for told in health.reasons]
    if computes and all(one.status is HealthStatus.FAILED for one in computes):
        return Health(
            status=HealthStatus.FAILED, reasons=["Nothing runs instances any more.", *reasons]
        )
    return Health(status=HealthStatus.DEGRADED, reasons=reasons) if reasons else OK


def _said(resource: Resource) -> Facts:
    return {fact.attribute: fact.value for fact in resource.facts}


def _instance(said: Facts) -> Judgement:
    status, power = said["status"], said["power_state"]
    if status == "error":
        return f"is in error ({said['fault'] or 'nobody says why'})", None
    if status == "active" and power not in ("running", None):
        return f"is active, and its power state is {power}", None
    if said["task_state"]:
        return None, f"is busy: {said['task_state']}"
    return None, None if status == "active" else f"is not active but {status}"


def _error(said: Facts) -> Judgement:
    """Of what has a status and little else."""
    status = said["status"]
    return (f"has the status {status}" if "error" in status or status == "killed" else None), None


def _network(said: Facts) -> Judgement:
    if said["status"] in ("down", "error"):
        return f"has the status {said['status']}", None
    return None, None if said["admin_state"] == "up" else "is switched off"


def _machine(said: Facts) -> Judgement:
    """A hypervisor or a service."""
    if said["state"] != "up":
        return "is down", None
    why = f" ({said['disabled_reason']})" if said["disabled_reason"] else ""
    return None, None if said["status"] == "enabled" else f"is disabled{why}"


def _project(said: Facts) -> Judgement:
    return (None if said["enabled"] else "is disabled"), None


def _quota(said: Facts) -> Judgement:
    ratio = said["usage_ratio"]
    return None, "is used up" if ratio is not None and ratio >= 1 else None


_JUDGES: Mapping[str, Callable[[Facts], Judgement]] = {
    "hypervisor": _machine,
    "image": _error,
    "instance": _instance,
    "network": _network,
    "project": _project,
    "quota": _quota,
    "service": _machine,
    "volume": _error,
}
