"""The words of networks: devices, their interfaces, whom they talk to, and where they send what."""

from datacenter_mcp.contract.reading import Nature
from datacenter_mcp.contract.vocabulary.words import Kind, vocabulary

COUNTERS = {
    f"{way}_{what}": f"{meaning} {way} since some start of the device's own; missing: it does not count them"
    for way in ("rx", "tx")
    for what, meaning in {
        "bytes": "bytes",
        "packets": "packets",
        "errors": "packets with errors",
        "dropped": "packets dropped",
    }.items()
}

NETWORK = vocabulary(
    Kind(
        name="device",
        summary="A router, a switch, or a host with network interfaces.",
        attributes={
            "driver": "how it is spoken to",
            "hostname": "its own name; None: it does not tell",
            "software": "what runs on it, with version; None: it does not tell",
            "model": "the hardware; None: it does not tell",
            "serial_number": "None: it does not tell",
            "uptime_seconds": "since its last start; None: it does not tell",
        },
        always=frozenset({"driver"}),
        measured=frozenset({"uptime_seconds"}),
    ),
    Kind(
        name="interface",
        summary="A port, or something that stands on one.",
        parents=("device",),
        attributes={
            "admin_state": "`up` or `down`, as the operator set it",
            "oper_state": "`up`, `down`, or what else the device says",
            "mtu_bytes": "largest packet; None: it does not tell",
            "mac": "hardware address, small letters with colons; None: it has none",
            "addresses": "addresses with prefix length",
            "description": "what people wrote; None: nothing",
            "speed_mbps": "megabits per second; None: not known, or no link",
            "interface_type": "what it is; None: it does not tell",
            "master": "name of the bridge or bond that it belongs to; None: none",
            "link_downs": "how often its link went down; None: the device does not count",
            "vlan_id": "the VLAN that it carries untagged; None: none, or not known",
            "is_management": "carries our own session; None: could not be found out",
            **COUNTERS,
        },
        always=frozenset({"admin_state", "oper_state", "addresses"}),
        measured=frozenset({"link_downs", *COUNTERS}),
    ),
    Kind(
        name="neighbour",
        summary="Whom a device talks to, by one protocol.",
        parents=("device",),
        attributes={
            "protocol": "`arp`, `nd`, `bgp`, `ospf`, `lldp` or `cdp`",
            "address": "the neighbour's address; its port with `lldp` and `cdp`",
            "state": "as the device says it",
            "interface": "name of our interface; None: not bound to one",
            "established": "whether it is as it should be; None: cannot be told",
            "mac": "hardware address; with `arp` and `nd`",
            "remote_as": "autonomous system; with `bgp`",
            "prefixes_received": "count; with `bgp`",
            "router_id": "with `ospf`",
            "system_name": "what the neighbour calls itself; with `lldp` and `cdp`",
            "port_name": "what the neighbour calls the port; with `lldp` and `cdp`",
        },
        always=frozenset({"protocol", "address", "state"}),
        measured=frozenset({"state", "prefixes_received"}),
        nature=Nature.PASSING,
    ),
    Kind(
        name="route",
        summary="Where packets for some addresses go; those in use.",
        parents=("device",),
        attributes={
            "prefix": "the addresses",
            "protocol": "who made the route",
            "next_hops": "where they are sent",
            "metric": "smaller is better; None: it has none",
        },
        always=frozenset({"prefix", "protocol", "next_hops"}),
    ),
    Kind(
        name="vlan",
        summary="A VLAN of a switch.",
        parents=("device",),
        attributes={
            "vlan_id": "1 to 4094",
            "name": "what people call it; None: nothing",
            "interfaces": "names of the interfaces that carry it untagged",
        },
        always=frozenset({"vlan_id"}),
    ),
)
