"""The lab as the stories see it: devices that answer soon or not at all, and everything up again after each story."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.product import Product, running
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


@pytest.fixture(scope="module")
def product(lab: NetLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product on the FRR lab, one per module."""
    with running(tmp_path_factory.mktemp("product"), [network(lab)]) as product:
        yield product


@pytest.fixture(autouse=True)
def _ports_up(request: pytest.FixtureRequest) -> Iterator[None]:
    """All data ports of the routers are up before and after."""
    if "lab" not in request.fixturenames and "product" not in request.fixturenames:
        yield
        return
    lab: NetLab = request.getfixturevalue("lab")
    for moment in ("before", "after"):
        for device in ("r1", "r2"):
            for port in ("eth1", "eth2"):
                lab.run(device, "ip", "link", "set", "dev", port, "up")
        if moment == "before":
            yield


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
