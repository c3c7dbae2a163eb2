"""The lab as the stories see it: devices that answer soon or not at all, and everything up again after each story."""

from collections.abc import Iterator

import pytest
from tests.e2e.devices import network
from tests.e2e.product import Product, running
from tests.peers.netlab import NetLab


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
