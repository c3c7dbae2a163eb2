"""The lab's devices: how the product reaches them, and what the oracle does to them and sees."""

import json
from typing import Any

from tests.peers.netlab import NetLab

DEVICE_SECONDS = 3.0


def network(lab: NetLab) -> dict[str, Any]:
    """The connection to the lab."""
    devices: Any = lab.settings()["devices"]
    patience = {
        "connect_timeout_seconds": DEVICE_SECONDS,
        "command_timeout_seconds": DEVICE_SECONDS,
    }
    return {
        "name": "lab", "platform": "network", "allow_writes": True, "timeout_seconds": 25,
        "settings": {"devices": [{**device, **patience} for device in devices]},
    }  # fmt: skip


def shut(lab: NetLab, device: str, port: str) -> None:
    """By hand, past the product."""
    lab.run(device, "ip", "link", "set", "dev", port, "down")


def is_up(lab: NetLab, device: str, port: str) -> bool:
    """Whether the device itself says that the port is enabled."""
    [link] = json.loads(lab.run(device, "ip", "-j", "link", "show", "dev", port))
    return "UP" in link["flags"]


def downs(lab: NetLab, device: str, port: str) -> int:
    """How often the link went down, as the kernel counts."""
    return int(lab.run(device, "cat", f"/sys/class/net/{port}/carrier_down_count"))
