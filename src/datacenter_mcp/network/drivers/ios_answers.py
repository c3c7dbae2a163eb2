"""What IOS answers, as values. Pure: text in, nouns out.

Tables are read by the templates of ntc-templates, which netmiko brings. `show interfaces` is read here: the template
knows neither bytes nor drops, and we want to hear of an answer that holds no interface at all.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ntc_templates.parse import ParsingException, parse_output

from datacenter_mcp.contract.errors import Broken
from datacenter_mcp.network.nouns import DeviceInfo, Interface, Neighbour, Route, Vlan

HEAD = re.compile(r"^(\S+) is (.+?), line protocol is (\S+)", re.MULTILINE)
DOTTED = re.compile(r"([0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}")
SPEED = re.compile(r"^\s+\S+-duplex, (\d+)([MG])b/s", re.MULTILINE | re.IGNORECASE)
UPTIME = re.compile(r"(\d+) (year|week|day|hour|minute)")
SECONDS = {"year": 31_536_000, "week": 604_800, "day": 86_400, "hour": 3_600, "minute": 60}
COUNTERS = {
    "rx_packets": re.compile(r"(\d+) packets input"),
    "rx_bytes": re.compile(r"packets input, (\d+) bytes"),
    "rx_errors": re.compile(r"(\d+) input errors"),
    "rx_dropped": re.compile(r"Input queue: \d+/\d+/(\d+)/"),
    "tx_packets": re.compile(r"(\d+) packets output"),
    "tx_bytes": re.compile(r"packets output, (\d+) bytes"),
    "tx_errors": re.compile(r"(\d+) output errors"),
    "tx_dropped": re.compile(r"Total output drops: (\d+)"),
}
PROTOCOLS = {"S": "static", "C": "connected", "L": "local", "R": "rip", "B": "bgp", "D": "eigrp",
             "O": "ospf", "i": "isis"}  # fmt: skip
LONG = {"Fa": "FastEthernet", "Gi": "GigabitEthernet", "Te": "TenGigabitEthernet", "Vl": "Vlan",
        "Po": "Port-channel", "Fo": "FortyGigabitEthernet", "Et": "Ethernet"}  # fmt: skip


def device(hostname: str | None, text: str | None) -> DeviceInfo:
    """`show version`; None: the device has no such command."""
    rows = _table("show version", text)
    if not rows:
        return DeviceInfo(hostname, None, None)
    row = rows[0]
    parts = UPTIME.findall(row["uptime"])
    return DeviceInfo(
        hostname=row["hostname"] or hostname,
        software=f"IOS {row['version']}" if row["version"] else None,
        uptime_seconds=sum(int(count) * SECONDS[unit] for count, unit in parts) if parts else None,
        model=next(iter(row["hardware"]), None),
        serial_number=next(iter(row["serial"]), None),
    )


def interfaces(text: str) -> Sequence[Interface]:
    """`show interfaces`. Raises `Broken` when it holds none."""
    heads = list(HEAD.finditer(text))
    if not heads:
        raise Broken("show interfaces answered something else than expected.")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        _interface(head, text[head.end() : end]) for head, end in zip(heads, ends, strict=True)
    ]


def vlans(text: str) -> Sequence[Vlan]:
    """`show vlan`. Raises `Broken`."""
    return [
        Vlan(int(row["vlan_id"]), row["vlan_name"], tuple(map(full_name, row["interfaces"])))
        for row in _table("show vlan", text)
    ]


def arp(text: str) -> Sequence[Neighbour]:
    """`show ip arp`, without the device's own addresses, which have no age. Raises `Broken`."""
    return [
        Neighbour(
            key=f"arp/{row['interface']}/{row['ip_address']}",
            protocol="arp",
            address=row["ip_address"],
            state=row["type"].lower(),
            interface=row["interface"] or None,
            established=None,
            facts={"mac": _mac(row["mac_address"])},
        )
        for row in _table("show ip arp", text)
        if row["age"] != "-"
    ]


def cdp(text: str) -> Sequence[Neighbour]:
    """`show cdp neighbors detail`. Raises `Broken`."""
    rows = _table("show cdp neighbors detail", text)
    return [_seen("cdp", row, row["neighbor_interface"]) for row in rows]


def lldp(text: str) -> Sequence[Neighbour]:
    """`show lldp neighbors detail`. A port that is announced by its hardware address is called as it is described. Raises
    `Broken`.
    """
    return [
        _seen("lldp", row, _port(row["neighbor_port_id"], row["neighbor_interface"]))
        for row in _table("show lldp neighbors detail", text)
    ]


def routes(text: str) -> Sequence[Route]:
    """`show ip route`: one route per prefix, with all its next hops. Raises `Broken`."""
    found: dict[str, Route] = {}
    for row in _table("show ip route", text):
        prefix = f"{row['network']}/{row['prefix_length']}"
        key = "/".join(filter(None, ("ipv4", row["vrf"], prefix)))
        hop = " ".join(filter(None, (row["nexthop_ip"], row["nexthop_if"])))
        before = found[key].next_hops if key in found else ()
        protocol = PROTOCOLS.get(row["protocol"], row["protocol"])
        metric = int(row["metric"]) if row["metric"] else None
        found[key] = Route(key, prefix, protocol, (*before, hop), metric)
    return list(found.values())


def full_name(short: str) -> str:
    """`Gi0/1` as `GigabitEthernet0/1`; what is not known stays as it is."""
    letters = short.rstrip("0123456789/.:")
    return LONG.get(letters, letters) + short[len(letters) :]


def _interface(head: re.Match[str], body: str) -> Interface:
    name, state, protocol = head.groups()
    speed = SPEED.search(body)
    mac = _said(r"address is ([0-9a-fA-F.]{14})", body)
    mtu = _said(r"MTU (\d+) bytes", body)
    address = _said(r"Internet address is (\S+/\d+)", body)
    found = {counter: pattern.search(body) for counter, pattern in COUNTERS.items()}
    return Interface(
        name=name,
        admin_up="administratively" not in state,
        oper_state=protocol.rstrip(",").lower(),
        mtu=int(mtu) if mtu else None,
        mac=_mac(mac) if mac else None,
        addresses=(address,) if address else (),
        description=_said(r"^\s+Description: (.+?)\s*$", body),
        speed_mbps=int(speed[1]) * (1_000 if speed[2].upper() == "G" else 1) if speed else None,
        kind=_said(r"Hardware is ([^,\n]+)", body),
        counters={counter: int(match[1]) for counter, match in found.items() if match},
    )


def _seen(protocol: str, row: Mapping[str, Any], port: str) -> Neighbour:
    here = full_name(row["local_interface"])
    return Neighbour.announced(protocol, here, row["neighbor_name"] or None, port)


def _port(identity: str, description: str) -> str:
    return description if description and DOTTED.fullmatch(identity) else identity


def _table(command: str, text: str | None) -> Sequence[Mapping[str, Any]]:
    """The rows of a template; a sentence (`% LLDP is not enabled`) or nothing has none."""
    if text is None or not text.strip() or text.lstrip().startswith("%"):
        return []
    try:
        rows: list[dict[str, Any]] = parse_output("cisco_ios", command, text)
    except ParsingException as error:
        raise Broken(f"{command} answered something else than expected.") from error
    return rows


def _said(pattern: str, body: str) -> str | None:
    found = re.search(pattern, body, re.MULTILINE)
    return found[1] if found else None


def _mac(dotted: str) -> str:
    digits = dotted.replace(".", "").lower()
    return ":".join(digits[start : start + 2] for start in range(0, len(digits), 2))
