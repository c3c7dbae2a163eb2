"""What iproute2 and sysfs answer, as values. Pure: text in, nouns out."""

from collections.abc import Mapping, Sequence

from pydantic import Field, TypeAdapter

from datacenter_mcp.network.nouns import Interface, Neighbour, Route
from datacenter_mcp.readings import Answer, parsed

NOT_NEIGHBOURS = frozenset({"NOARP", "PERMANENT"})


class Traffic(Answer):
    """One direction of `stats64`."""

    bytes: int = 0
    packets: int = 0
    errors: int = 0
    dropped: int = 0


class Stats(Answer):
    """`stats64` of a link."""

    rx: Traffic = Traffic()
    tx: Traffic = Traffic()


class Address(Answer):
    """An element of `addr_info`."""

    local: str
    prefixlen: int


class LinkInfo(Answer):
    """`linkinfo` of a link."""

    info_kind: str | None = None


class Link(Answer):
    """An element of `ip -j -s -d address show`. `link` is the parent of a VLAN, or the other end of a veth."""

    ifname: str | None = None
    flags: list[str] = []
    operstate: str = "UNKNOWN"
    mtu: int | None = None
    address: str | None = None
    ifalias: str | None = None
    link: str | None = None
    master: str | None = None
    link_type: str | None = None
    linkinfo: LinkInfo = LinkInfo()
    addr_info: list[Address] = []
    stats64: Stats | None = None


class Hop(Answer):
    """A next hop of a multipath route."""

    gateway: str | None = None
    dev: str | None = None


class RouteLine(Answer):
    """An element of `ip -j route show`."""

    dst: str
    gateway: str | None = None
    dev: str | None = None
    protocol: str = "boot"
    metric: int | None = None
    nexthops: list[Hop] = []


class NeighbourLine(Answer):
    """An element of `ip -j neigh show`."""

    dst: str
    dev: str
    lladdr: str | None = None
    state: list[str] = Field(default_factory=list)


LINKS = TypeAdapter(list[Link])
ROUTES = TypeAdapter(list[RouteLine])
NEIGHBOURS = TypeAdapter(list[NeighbourLine])


def interfaces(text: str) -> Sequence[Interface]:
    """One line of `ip` JSON, then lines `/sys/class/net/<name>/<attribute>:<value>`. Raises `Broken`."""
    document, _, rest = text.partition("\n")
    kernel = _sysfs(rest)
    links = [link for link in parsed(LINKS, document, "ip address show") if link.ifname]
    return [_interface(link, kernel) for link in links]


def routes(family: str, text: str) -> Sequence[Route]:
    """`ip -j [-6] route show`. Raises `Broken`."""
    found = {}
    for line in parsed(ROUTES, text.strip() or "[]", "ip route show"):
        hops = line.nexthops or [Hop(gateway=line.gateway, dev=line.dev)]
        key = f"{family}/{line.dst}" + (f"/{line.dev}" if line.dev else "")
        key += f"/{line.metric}" if line.metric else ""
        ways = tuple(" ".join(filter(None, (hop.gateway, hop.dev))) for hop in hops)
        found[key] = Route(key, line.dst, line.protocol, ways, line.metric)
    return list(found.values())


def neighbours(text: str) -> Sequence[Neighbour]:
    """`ip -j neigh show`. Raises `Broken`."""
    lines = parsed(NEIGHBOURS, text.strip() or "[]", "ip neigh show")
    return [_neighbour(line) for line in lines if not NOT_NEIGHBOURS & set(line.state)]


def _interface(link: Link, kernel: Mapping[tuple[str, str], int]) -> Interface:
    name = link.ifname or ""
    counters: dict[str, int] = {}
    if link.stats64:
        for direction, traffic in (("rx", link.stats64.rx), ("tx", link.stats64.tx)):
            counters |= {
                f"{direction}_{what}": value for what, value in traffic.model_dump().items()
            }
    speed = kernel.get((name, "speed"), -1)
    return Interface(
        name=name,
        admin_up="UP" in link.flags,
        oper_state=link.operstate.lower(),
        mtu=link.mtu,
        mac=link.address if link.link_type == "ether" else None,
        addresses=tuple(f"{a.local}/{a.prefixlen}" for a in link.addr_info),
        description=link.ifalias,
        speed_mbps=speed if speed > 0 else None,
        kind=link.linkinfo.info_kind or link.link_type,
        master=link.master,
        lower=(link.link,) if link.link else (),
        bounces=kernel.get((name, "carrier_down_count")),
        counters=counters,
    )


def _sysfs(text: str) -> dict[tuple[str, str], int]:
    values = {}
    for line in text.splitlines():
        path, _, value = line.rpartition(":")
        parts = path.split("/")
        if len(parts) == 6 and value.lstrip("-").isdecimal():
            values[parts[4], parts[5]] = int(value)
    return values


def _neighbour(line: NeighbourLine) -> Neighbour:
    protocol = "nd" if ":" in line.dst else "arp"
    state = "+".join(line.state).lower() or "none"
    failed = bool({"FAILED", "INCOMPLETE"} & set(line.state))
    return Neighbour(
        key=f"{protocol}/{line.dev}/{line.dst}",
        protocol=protocol,
        address=line.dst,
        state=state,
        interface=line.dev,
        established=False if failed else None,
        facts={"mac": line.lladdr},
    )
