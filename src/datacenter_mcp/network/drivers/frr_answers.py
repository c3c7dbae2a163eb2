"""What FRR's vtysh answers in JSON (checked with 8.4), as values. Pure: text in, nouns out."""

from collections.abc import Sequence

from pydantic import Field, TypeAdapter

from datacenter_mcp.contract.errors import Broken
from datacenter_mcp.network.nouns import Interface, Neighbour, Route
from datacenter_mcp.readings import Answer, parsed


class FrrAddress(Answer):
    """An element of `ipAddresses`, with prefix length."""

    address: str


class FrrInterface(Answer):
    """A value of `show interface json`."""

    admin: str = Field(alias="administrativeStatus")
    oper: str = Field("down", alias="operationalStatus")  # left out while it is shut down
    downs: int | None = Field(None, alias="linkDowns")
    description: str | None = None
    mtu: int | None = None
    speed: int = 0
    mac: str | None = Field(None, alias="hardwareAddress")
    addresses: list[FrrAddress] = Field(default=[], alias="ipAddresses")
    kind: str | None = Field(None, alias="interfaceType")
    parent: str | None = Field(None, alias="parentInterface")
    bridge: str | None = Field(None, alias="masterInterface")


class FrrHop(Answer):
    """A next hop of a route."""

    ip: str | None = None
    interface: str | None = Field(None, alias="interfaceName")
    active: bool = False


class FrrRoute(Answer):
    """An element of a prefix's list in `show ip route json`."""

    protocol: str
    selected: bool = False
    metric: int | None = None
    hops: list[FrrHop] = Field(default=[], alias="nexthops")


class BgpPeer(Answer):
    """A value of `peers` in `show bgp summary json`."""

    state: str
    remote_as: int | None = Field(None, alias="remoteAs")
    prefixes_received: int | None = Field(None, alias="pfxRcd")


class BgpFamily(Answer):
    """A value of `show bgp summary json`: one address family."""

    peers: dict[str, BgpPeer] = {}


class OspfNeighbour(Answer):
    """An element of a router id's list in `show ip ospf neighbor json`."""

    state: str
    address: str
    interface: str = Field(alias="ifaceName")


INTERFACES = TypeAdapter(dict[str, FrrInterface])
ROUTES = TypeAdapter(dict[str, list[FrrRoute]])
BGP = TypeAdapter(dict[str, BgpFamily])
OSPF = TypeAdapter(dict[str, dict[str, list[OspfNeighbour]]])


def document(text: str, what: str) -> str:
    """The JSON in a vtysh session's output, without greeting and prompts. Raises `Broken` when there is none."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise Broken(f"{what} answered no JSON.")
    return text[start : end + 1]


def echoed(text: str, commands: Sequence[str]) -> Sequence[str]:
    """What followed each command in the output of `vtysh -E`, which repeats a command after a prompt before it answers. A
    command that fails ends the rest, so there may be fewer.
    """
    answers: list[list[str]] = []
    for line in text.splitlines():
        left = commands[len(answers) :]
        if left and line.endswith(f"# {left[0]}"):
            answers.append([])
        elif answers:
            answers[-1].append(line)
    return ["\n".join(lines) for lines in answers]


def interfaces(text: str) -> Sequence[Interface]:
    """`show interface json`. FRR 8.4 reports no counters. Raises `Broken`."""
    found = parsed(INTERFACES, text, "show interface json")
    return [_interface(name, item) for name, item in found.items()]


def routes(family: str, text: str) -> Sequence[Route]:
    """`show ip|ipv6 route json`: the selected routes. Raises `Broken`."""
    found = {}
    for prefix, candidates in parsed(ROUTES, text, "show ip route json").items():
        for route in candidates:
            if not route.selected:
                continue
            ways = tuple(" ".join(filter(None, (hop.ip, hop.interface))) for hop in route.hops)
            first = route.hops[0].interface if route.hops else None
            key = f"{family}/{prefix}" + (f"/{first}" if first else "")
            found[key] = Route(key, prefix, route.protocol, ways, route.metric)
    return list(found.values())


def route_interfaces(text: str) -> frozenset[str]:
    """The interfaces of the routes in `show ip route ADDRESS json`. Raises `Broken`."""
    found = parsed(ROUTES, text, "show ip route json")
    return frozenset(
        hop.interface
        for candidates in found.values()
        for route in candidates
        if route.selected
        for hop in route.hops
        if hop.interface and hop.active
    )


def bgp(text: str) -> Sequence[Neighbour]:
    """`show bgp summary json`. Raises `Broken`."""
    return [
        Neighbour(
            key=f"bgp/{family}/{address}",
            protocol="bgp",
            address=address,
            state=peer.state.lower(),
            interface=None,
            established=peer.state == "Established",
            facts={"remote_as": peer.remote_as, "prefixes_received": peer.prefixes_received},
        )
        for family, summary in parsed(BGP, text, "show bgp summary json").items()
        for address, peer in summary.peers.items()
    ]


def ospf(text: str) -> Sequence[Neighbour]:
    """`show ip ospf neighbor json`. Two routers that are neither designated stay in `2-way`: that is well. Raises `Broken`."""
    found = parsed(OSPF, text, "show ip ospf neighbor json").get("neighbors", {})
    return [
        Neighbour(
            key=f"ospf/{router}/{peer.interface.partition(':')[0]}",
            protocol="ospf",
            address=peer.address,
            state=peer.state.lower(),
            interface=peer.interface.partition(":")[0],
            established=peer.state.lower().startswith(("full", "2-way")),
            facts={"router_id": router},
        )
        for router, peers in found.items()
        for peer in peers
    ]


def _interface(name: str, item: FrrInterface) -> Interface:
    return Interface(
        name=name,
        admin_up=item.admin == "up",
        oper_state=item.oper,
        mtu=item.mtu,
        mac=item.mac,
        addresses=tuple(address.address for address in item.addresses),
        description=item.description,
        speed_mbps=item.speed or None,
        kind=item.kind.lower() if item.kind else None,
        master=item.bridge,
        # The index of a veth's other end belongs to another namespace; FRR looks it up in its own and names a stranger.
        lower=(item.parent,) if item.parent and item.kind != "VETH" else (),
        bounces=item.downs,
    )
