"""The peers as pytest fixtures, one of each per test process; a test that asks for one is skipped, with the reason, where
it cannot run."""

from collections.abc import Iterator

import pytest
from tests.peers import netlab, slots, switch, vcenter, volumes


@pytest.fixture(scope="session")
def lab() -> Iterator[netlab.NetLab]:
    """Two FRR routers and a Linux switch."""
    try:
        started = netlab.start(slots.me())
    except slots.PeerMissingError as error:
        pytest.skip(str(error))
    yield started
    netlab.stop(started)


@pytest.fixture(scope="session")
def disks() -> Iterator[volumes.Volumes]:
    """A btrfs and an xfs."""
    try:
        started = volumes.start(slots.me())
    except slots.PeerMissingError as error:
        pytest.skip(str(error))
    yield started
    volumes.stop(started)


@pytest.fixture(scope="session")
def vc() -> Iterator[vcenter.VCenter]:
    """A small vCenter."""
    try:
        started = vcenter.start(slots.me())
    except slots.PeerMissingError as error:
        pytest.skip(str(error))
    yield started
    vcenter.stop(started)


@pytest.fixture(scope="session")
def cisco() -> Iterator[switch.Switch]:
    """A Cisco-like switch."""
    try:
        started = switch.start(slots.me())
    except slots.PeerMissingError as error:
        pytest.skip(str(error))
    yield started
    switch.stop(started)
