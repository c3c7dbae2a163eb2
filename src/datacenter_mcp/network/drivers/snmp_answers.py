"""Tables of MIB-II, IF-MIB and LLDP-MIB as values. Pure: numbers in, nouns out. Column numbers are those of RFC 1213,
RFC 2863 and IEEE 802.1AB-2005.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from datacenter_mcp.network.nouns import DeviceInfo, Interface, Neighbour

Table = Mapping[tuple[int, ...], Any]
SYSTEM, INTERFACES, MORE = "1.3.6.1.2.1.1", "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
LLDP_PORTS, LLDP = "1.0.8802.1.1.2.1.3.7.1", "1.0.8802.1.1.2.1.4.1.1"
ADDRESSES, ARP = "1.3.6.1.2.1.4.20.1", "1.3.6.1.2.1.4.22.1"
STATES = {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "notpresent",
          7: "lowerlayerdown"}  # fmt: skip
TYPES = {6: "ethernet", 24: "loopback", 53: "virtual", 131: "tunnel", 135: "vlan", 161: "lag",
         209: "bridge"}  # fmt: skip
ERRORS = {"rx_dropped": 13, "rx_errors": 14, "tx_dropped": 19, "tx_errors": 20}
INVALID = 2
MAC, IF_NAME, LOCAL = 3, 5, 7
"""Kinds of port ids: a hardware address, and the two that are names."""


def device(system: Table) -> DeviceInfo:
    """The group `system`; the time since its start is counted in hundredths of a second."""
    ticks = system.get((3, 0))
    return DeviceInfo(
        hostname=_text(system.get((5, 0))),
        software=_text(system.get((1, 0))),
        uptime_seconds=ticks / 100 if ticks is not None else None,
    )


def interfaces(table: Table, more: Table, addresses: Table) -> Sequence[Interface]:
    """ifTable, ifXTable (empty: the device is older than that) and ipAddrTable. A name that two share gets its index."""
    indices = [index for (column, index) in table if column == 1]
    names = {i: _text(more.get((1, i))) or _text(table.get((2, i))) or str(i) for i in indices}
    taken = Counter(names.values())
    rows, more_rows = _rows(table), _rows(more)
    owned = _addresses(addresses)
    return [
        _interface(
            name if taken[name] == 1 else f"{name}#{index}",
            rows[index],
            more_rows.get(index, {}),
            owned.get(index, ()),
        )
        for index, name in names.items()
    ]


def arp(table: Table, names: Mapping[int, str]) -> Sequence[Neighbour]:
    """IpNetToMediaTable. `names`: of interfaces, by index. Entries that the device calls invalid are left out."""
    found = []
    for (column, *rest), mac in table.items():
        if column != 2 or len(rest) != 5 or table.get((4, *rest)) == INVALID:
            continue
        address = ".".join(map(str, rest[1:]))
        name = names.get(rest[0], str(rest[0]))
        found.append(
            Neighbour(
                key=f"arp/{name}/{address}", protocol="arp", address=address, state="known",
                interface=name, established=None, facts={"mac": _mac(mac)},
            )
        )  # fmt: skip
    return found


def names(table: Table, more: Table) -> Mapping[int, str]:
    """Names of interfaces by index."""
    indices = [index for (column, index) in table if column == 1]
    listed = interfaces(table, more, {})
    return {index: item.name for index, item in zip(indices, listed, strict=True)}


def lldp(ports: Table, remote: Table, names: Mapping[int, str]) -> Sequence[Neighbour]:
    """LldpLocPortTable and lldpRemTable (rows by time, our port, number). A local port is called by the interface that it
    names; one that names none is told by its number, which is the interface's on most devices.
    """
    known = frozenset(names.values())
    found = {}
    for column, *index in remote:
        if column != 7 or len(index) != 3:
            continue
        number = index[1]
        own = (_text(ports.get((3, number))), _text(ports.get((4, number))))
        here = next((text for text in own if text in known), None)
        port = _port(*(remote.get((column, *index)) for column in (6, 7, 8)))
        system = _text(remote.get((9, *index)))
        seen = Neighbour.announced("lldp", here or names.get(number, str(number)), system, port)
        found[seen.key] = seen
    return list(found.values())


def _port(kind: int | None, identity: bytes | None, description: bytes | None) -> str:
    """What the other side calls its port: the id where that is a name, else its description, else the id all the same."""
    said = _text(description)
    if said and kind not in (IF_NAME, LOCAL):
        return said
    return (_mac(identity) if kind == MAC else _text(identity)) or "unknown"


def _interface(
    name: str, row: Mapping[int, Any], more: Mapping[int, Any], addresses: Sequence[str]
) -> Interface:
    counters = {what: row.get(column) for what, column in ERRORS.items()}
    counters |= {
        "rx_bytes": more.get(6), "rx_packets": _sum(more, 7, 8, 9),
        "tx_bytes": more.get(10), "tx_packets": _sum(more, 11, 12, 13),
    }  # fmt: skip
    kind = row.get(3)
    return Interface(
        name=name,
        admin_up=row.get(7) == 1,
        oper_state=STATES.get(row.get(8, 4), "unknown"),
        mtu=row.get(4),
        mac=_mac(row.get(6)),
        addresses=tuple(addresses),
        description=_text(more.get(18)),
        speed_mbps=more.get(15) or None,
        kind=None if kind is None else TYPES.get(kind, str(kind)),
        counters={what: value for what, value in counters.items() if value is not None},
    )


def _rows(table: Table) -> Mapping[int, Mapping[int, Any]]:
    """Columns by index."""
    rows: dict[int, dict[int, Any]] = {}
    for (column, index), value in table.items():
        rows.setdefault(index, {})[column] = value
    return rows


def _addresses(table: Table) -> Mapping[int, tuple[str, ...]]:
    """Addresses with prefix length, by the index of their interface."""
    found: dict[int, tuple[str, ...]] = {}
    for (column, *octets), index in table.items():
        mask = table.get((3, *octets))
        if column != 2 or not isinstance(mask, bytes) or len(mask) != 4:
            continue
        prefix = int.from_bytes(mask, "big").bit_count()
        found[index] = (*found.get(index, ()), f"{'.'.join(map(str, octets))}/{prefix}")
    return found


def _sum(row: Mapping[int, Any], *columns: int) -> int | None:
    counted = [row[column] for column in columns if row.get(column) is not None]
    return sum(counted) if counted else None


def _text(value: bytes | None) -> str | None:
    return (value or b"").decode("utf-8", "replace").strip() or None


def _mac(value: bytes | None) -> str | None:
    return value.hex(":") if value and any(value) else None
