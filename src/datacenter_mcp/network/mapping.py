"""The room's nouns as resources of the contract, and their health. Pure.

Native ids: `r1` (device), `r1/eth1` (interface), `r1/ipv4/10.0.0.0/8/eth1` (route), `r1/bgp/ipv4Unicast/10.1.0.2`
(neighbour), `sw1/20` (vlan).
"""

from datacenter_mcp.contract.reading import Health, HealthStatus, Resource, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.network.nouns import DeviceInfo, Interface, Neighbour, Route, Vlan
from datacenter_mcp.readings import facts

DEVICE, INTERFACE, ROUTE, NEIGHBOUR, VLAN = "device", "interface", "route", "neighbour", "vlan"
KINDS = (DEVICE, INTERFACE, NEIGHBOUR, ROUTE, VLAN)
OK = Health(status=HealthStatus.OK)


def device(naming: Naming, name: str, driver: str, info: DeviceInfo, source: Source) -> Resource:
    """A device."""
    return Resource(
        id=naming.name(DEVICE, name),
        kind=DEVICE,
        name=name,
        facts=facts(
            {
                "driver": driver,
                "hostname": info.hostname,
                "software": info.software,
                "model": info.model,
                "serial_number": info.serial_number,
                "uptime_seconds": info.uptime_seconds,
            }
        ),
        source=source,
    )


def interface(
    naming: Naming, owner: str, item: Interface, carrying: frozenset[str] | None, source: Source
) -> Resource:
    """An interface. `carrying`: the interfaces of the management path; None: not known."""
    return Resource(
        id=naming.name(INTERFACE, f"{owner}/{item.name}"),
        kind=INTERFACE,
        name=f"{owner} {item.name}",
        parent=naming.name(DEVICE, owner),
        facts=facts(
            {
                "admin_state": item.admin_state,
                "oper_state": item.oper_state,
                "mtu_bytes": item.mtu,
                "mac": item.mac,
                "addresses": list(item.addresses),
                "description": item.description,
                "speed_mbps": item.speed_mbps,
                "interface_type": item.kind,
                "master": item.master,
                "link_downs": item.bounces,
                "is_management": None if carrying is None else item.name in carrying,
                **item.counters,
            }
        ),
        source=source,
    )


def route(naming: Naming, owner: str, item: Route, source: Source) -> Resource:
    """A route."""
    return Resource(
        id=naming.name(ROUTE, f"{owner}/{item.key}"),
        kind=ROUTE,
        name=f"{owner} {item.prefix}",
        parent=naming.name(DEVICE, owner),
        facts=facts(
            {
                "prefix": item.prefix,
                "protocol": item.protocol,
                "next_hops": list(item.next_hops),
                "metric": item.metric,
            }
        ),
        source=source,
    )


def neighbour(naming: Naming, owner: str, item: Neighbour, source: Source) -> Resource:
    """A neighbour."""
    return Resource(
        id=naming.name(NEIGHBOUR, f"{owner}/{item.key}"),
        kind=NEIGHBOUR,
        name=f"{owner} {item.protocol} {item.address}",
        parent=naming.name(DEVICE, owner),
        facts=facts(
            {
                "protocol": item.protocol,
                "address": item.address,
                "state": item.state,
                "interface": item.interface,
                "established": item.established,
                **item.facts,
            }
        ),
        source=source,
    )


def vlan(naming: Naming, owner: str, item: Vlan, source: Source) -> Resource:
    """A VLAN."""
    return Resource(
        id=naming.name(VLAN, f"{owner}/{item.number}"),
        kind=VLAN,
        name=f"{owner} VLAN {item.number}",
        parent=naming.name(DEVICE, owner),
        facts=facts(
            {"vlan_id": item.number, "name": item.name, "interfaces": list(item.interfaces)}
        ),
        source=source,
    )


def interface_health(item: Interface) -> Health:
    """Down on purpose is degraded, down against the operator's will has failed."""
    if not item.admin_up:
        reason = f"{item.name} is administratively down."
        return Health(status=HealthStatus.DEGRADED, reasons=[reason])
    if item.oper_state in {"up", "unknown"}:  # loopbacks and tunnels never say more than `unknown`
        return OK
    reason = f"{item.name} is enabled, and its link is {item.oper_state}."
    return Health(status=HealthStatus.FAILED, reasons=[reason])


def neighbour_health(item: Neighbour) -> Health:
    """A session that does not stand has failed; a cache entry that is merely old tells nothing."""
    if item.established is False:
        reason = f"{item.protocol} {item.address} is {item.state}."
        return Health(status=HealthStatus.FAILED, reasons=[reason])
    return OK
