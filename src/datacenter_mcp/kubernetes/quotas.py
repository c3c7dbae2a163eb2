"""Whether a namespace's quotas have room for more pods. Pure.

Kubernetes takes a number of pods that a quota has no room for without a word, and then makes fewer.
"""

from collections.abc import Sequence

from datacenter_mcp.kubernetes.answers import Container, Quantities
from datacenter_mcp.kubernetes.controllers import Quota


def needs(containers: Sequence[Container]) -> Quantities:
    """What one pod takes of a quota, by the quota's words."""
    found = {"pods": 1.0, "count/pods": 1.0}
    for what in ("cpu", "memory"):
        requested = sum(one.resources.requests.get(what, 0.0) for one in containers)
        found[what] = found[f"requests.{what}"] = requested
        found[f"limits.{what}"] = sum(one.resources.limits.get(what, 0.0) for one in containers)
    return found


def lacking(quota: Quota, need: Quantities, more: int) -> str | None:
    """Why a quota has no room for so many more pods; None: it has, or it is for some pods only and nobody can tell."""
    if quota.spec.scopes or quota.spec.scope_selector:
        return None
    for what, hard in quota.status.hard.items():
        room = hard - quota.status.used.get(what, 0.0)
        wanted = need.get(what, 0.0) * more
        if wanted > room:
            name = quota.metadata.name
            return f"The quota {name} has room for {room:g} {what}; {wanted:g} are needed."
    return None
