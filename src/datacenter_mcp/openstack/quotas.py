"""What a project may use and uses, from each service in its own words. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from datacenter_mcp.contract.reading import Resource, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.openstack import answers
from datacenter_mcp.openstack.answers import Share
from datacenter_mcp.openstack.mapping import Facts, made

WORDS = {
    "ram": "ram_mib",
    "network": "networks",
    "subnet": "subnets",
    "port": "ports",
    "router": "routers",
    "floatingip": "floating_ips",
    "security_group": "security_groups",
    "security_group_rule": "security_group_rules",
    "subnetpool": "subnet_pools",
    "rbac_policy": "rbac_policies",
}
"""A service's name of a thing -> ours, where they differ."""


def shares(answer: Mapping[str, Any]) -> Mapping[str, Share]:
    """What a service's quota says, by our name of the thing. What is no share (an id) is left out."""
    found: dict[str, Share] = {}
    for name, value in answer.items():
        try:
            found[WORDS.get(name, name)] = Share.model_validate(value)
        except ValidationError:
            continue
    return found


def used(share: Share) -> int | None:
    """Used or promised; None: nobody counts."""
    counted = share.in_use if share.used is None else share.used
    return None if counted is None else counted + share.reserved


def room(share: Share) -> int | None:
    """How much more may be used; None: as much as there is, or nobody counts."""
    has = used(share)
    return None if share.limit < 0 or has is None else share.limit - has


def quotas(
    ids: Naming, project: str, answer: Mapping[str, Any], source: Source
) -> Iterator[Resource]:
    """One resource for each thing."""
    for name, share in shares(answer).items():
        limit, has = (None if share.limit < 0 else share.limit), used(share)
        said: Facts = {
            "resource": name,
            "limit": limit,
            "used": has,
            "usage_ratio": has / limit if limit and has is not None else None,
        }
        called = answers.Named(id=f"{project}/{name}", name=name)
        yield made(ids, "quota", called, said, source, parent=project)
