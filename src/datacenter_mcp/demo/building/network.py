"""Switches of a rack, and the two routers that all racks share."""

from collections.abc import Iterator

from datacenter_mcp.demo.building.rack import HOSTS, HYPERVISORS, Rack
from datacenter_mcp.demo.things import Age, Attributes, Count, Thing, Value

VLANS = {10: "servers", 20: "storage", 30: "management"}
ROUTERS = ("r1", "r2")
UPLINK, BETWEEN_SWITCHES, TO_NAS = 7, 8, 5
PORTS = 8


def things(rack: Rack) -> Iterator[Thing]:
    """All network things of a rack."""
    if rack.is_first:
        for index, router in enumerate(ROUTERS, 1):
            yield _device(rack, router, "FRR 10.2", "vr-200")
            yield from _router_ports(rack, router, index)
            yield from _router_talk(router, index)
    for which in (1, 2):
        name = rack.switch(which)
        yield _device(rack, name, "SwitchOS 4.1", "ts-4808")
        yield from _switch_ports(rack, which)
        for vlan, label in VLANS.items():
            yield Thing(
                f"network:vlan:{name}/vlan/{vlan}",
                f"{name} vlan {vlan}",
                _owner(name),
                {"vlan_id": vlan, "name": label, "interfaces": _in_vlan(which, vlan)},
            )
        yield _lldp(name, f"eth{UPLINK}", ROUTERS[which - 1], rack.router_port())
        yield _lldp(
            name, f"eth{BETWEEN_SWITCHES}", rack.switch(3 - which), f"eth{BETWEEN_SWITCHES}"
        )
        if not rack.is_first:
            router, uplink = ROUTERS[which - 1], f"network:interface:{name}/eth{UPLINK}"
            yield _port(rack, router, rack.router_port(), f"to {name} eth{UPLINK}", peer=uplink)


def _owner(device: str) -> str:
    return f"network:device:{device}"


def _device(rack: Rack, name: str, software: str, model: str) -> Thing:
    up_since = rack.born - 86_400 * rack.dice.between(20, 400, "up", name)
    return Thing(
        _owner(name),
        name,
        None,
        {
            "driver": "demo",
            "hostname": name,
            "software": software,
            "model": model,
            "serial_number": rack.dice.hexadecimal(10, "serial", name).upper(),
            "uptime_seconds": Age(since=up_since),
        },
    )


def _in_vlan(which: int, vlan: int) -> list[str | bool | int | float | None]:
    """The first switch carries servers, the second storage; management stands apart."""
    if vlan == 30:
        return ["mgmt0"]
    return [f"eth{n}" for n in range(1, PORTS - 1)] if vlan == 10 * which else []


def _switch_ports(rack: Rack, which: int) -> Iterator[Thing]:
    name = rack.switch(which)
    for port in range(1, HOSTS + 1):
        to = f"to {rack.host_name(port)} vmnic{which - 1}"
        yield _port(rack, name, f"eth{port}", to, peer=rack.host(port), vlan=10 * which)
        yield _lldp(name, f"eth{port}", rack.host_name(port), f"vmnic{which - 1}")
    yield _port(
        rack,
        name,
        f"eth{TO_NAS}",
        f"to {rack.nas}",
        peer=f"storage:host:{rack.nas}",
        vlan=10 * which,
    )
    compute = rack.hypervisor(which if which <= HYPERVISORS else 1)
    yield _port(
        rack,
        name,
        f"eth{TO_NAS + 1}",
        f"to {compute}",
        peer=f"openstack:hypervisor:{compute}",
        vlan=10 * which,
    )
    router, router_port = ROUTERS[which - 1], rack.router_port()
    yield _port(
        rack,
        name,
        f"eth{UPLINK}",
        f"to {router} {router_port}",
        peer=f"network:interface:{router}/{router_port}",
    )
    other = rack.switch(3 - which)
    yield _port(
        rack,
        name,
        f"eth{BETWEEN_SWITCHES}",
        f"to {other} eth{BETWEEN_SWITCHES}",
        peer=f"network:interface:{other}/eth{BETWEEN_SWITCHES}",
    )
    yield _port(
        rack, name, "mgmt0", "management", addresses=[f"{rack.address(30, which)}/24"], vlan=30
    )


def _router_ports(rack: Rack, router: str, index: int) -> Iterator[Thing]:
    other = ROUTERS[2 - index]
    yield _port(rack, router, "lo", None, addresses=[f"10.255.0.{index}/32"], kind="loopback")
    yield _port(rack, router, "mgmt0", "management", addresses=[f"10.30.0.{index}/24"])
    yield _port(
        rack,
        router,
        "eth1",
        f"to {other} eth1",
        addresses=[f"10.1.0.{index}/30"],
        peer=f"network:interface:{other}/eth1",
    )
    yield _port(
        rack,
        router,
        "eth2",
        f"to {rack.switch(index)} eth{UPLINK}",
        addresses=[f"10.2.{index}.1/24"],
        peer=rack.port(index, UPLINK),
    )
    yield _port(rack, router, "eth3", "to the provider", addresses=[f"198.51.100.{index}/30"])


def _port(
    rack: Rack,
    device: str,
    port: str,
    description: str | None,
    *,
    peer: str | None = None,
    addresses: list[str] | None = None,
    vlan: int | None = None,
    kind: str = "ethernet",
) -> Thing:
    key = f"network:interface:{device}/{port}"
    attributes: dict[str, Value] = {
        "admin_state": "up",
        "mtu_bytes": 9_000 if vlan == 20 else 1_500,
        "mac": rack.dice.mac("02:da:7a", key),
        "addresses": list(addresses or []),
        "description": description,
        "speed_mbps": None if kind == "loopback" else 10_000,
        "interface_type": kind,
        "master": None,
        "link_downs": rack.dice.between(0, 4, "downs", key),
        "vlan_id": vlan,
        "is_management": port == "mgmt0",
        "_peer": peer,
        "_stuck": False,
        "_cut": False,
        **_counters(rack, key),
    }
    return Thing(key, f"{device} {port}", _owner(device), attributes)


def _counters(rack: Rack, key: str) -> Attributes:
    rate = 1_000 * (1 + rack.dice.number("rate", key))
    found: dict[str, Value] = {"rx_errors": 0, "tx_errors": 0, "rx_dropped": 0, "tx_dropped": 0}
    for way in ("rx", "tx"):
        found[f"{way}_packets"] = Count(start=0, per_second=rate, since=rack.born)
        found[f"{way}_bytes"] = Count(start=0, per_second=800 * rate, since=rack.born)
    return found


def _lldp(device: str, port: str, system: str, far_port: str) -> Thing:
    return Thing(
        f"network:neighbour:{device}/lldp/{port}",
        f"{device} lldp {port}",
        _owner(device),
        {
            "protocol": "lldp",
            "address": far_port,
            "interface": port,
            "system_name": system,
            "port_name": far_port,
            "_over": f"network:interface:{device}/{port}",
        },
    )


def _router_talk(router: str, index: int) -> Iterator[Thing]:
    far, own = f"10.1.0.{3 - index}", _owner(router)
    eth1, eth3 = (f"network:interface:{router}/{port}" for port in ("eth1", "eth3"))
    for address, remote_as, interface, over, prefixes in (
        (far, 65_000 + 3 - index, "eth1", eth1, 12),
        (f"198.51.100.{index + 4}", 64_500, "eth3", eth3, 900),
    ):
        yield Thing(
            f"network:neighbour:{router}/bgp/ipv4Unicast/{address}",
            f"{router} bgp {address}",
            own,
            {
                "protocol": "bgp",
                "address": address,
                "interface": interface,
                "remote_as": remote_as,
                "_over": over,
                "_prefixes": prefixes,
                "_silent": False,
            },
        )
    for prefix, protocol, hop, interface in (
        ("0.0.0.0/0", "bgp", f"198.51.100.{index + 4}", "eth3"),
        ("10.10.0.0/16", "static", f"10.2.{index}.2", "eth2"),
        ("10.20.0.0/16", "bgp", far, "eth1"),
    ):
        yield Thing(
            f"network:route:{router}/ipv4/{prefix}/{interface}",
            f"{router} {prefix}",
            own,
            {"prefix": prefix, "protocol": protocol, "next_hops": [hop], "metric": 20},
        )
