"""The peers as pytest fixtures, one of each per test process; a test that asks for one is skipped, with the reason, where
it cannot run."""

from collections.abc import Iterator

import pytest
from tests.peers import ceph as cephs
from tests.peers import cluster as clusters
from tests.peers import gateway as gateways
from tests.peers import netlab, oidc_provider, openstack_cloud, slots, switch, vcenter, volumes


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
def oidc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[oidc_provider.OidcPeer]:
    """An OpenID provider."""
    try:
        with oidc_provider.peer(tmp_path_factory.mktemp("oidc")) as started:
            yield started
    except slots.PeerMissingError as error:
        pytest.skip(str(error))


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
def cluster() -> Iterator[clusters.Cluster]:
    """A Kubernetes control plane with three pretended nodes."""
    try:
        started = clusters.start(slots.me())
    except slots.PeerMissingError as error:
        pytest.skip(str(error))
    yield started
    clusters.stop(started)


@pytest.fixture
def gateway(cluster: clusters.Cluster) -> Iterator[gateways.Gateway]:
    """What stands before the cluster, and fails when it is told to."""
    started = gateways.Gateway(cluster)
    yield started
    started.close()


@pytest.fixture(scope="session")
def cloud() -> Iterator[openstack_cloud.Cloud]:
    """An OpenStack with two compute hosts that only pretend."""
    try:
        started = openstack_cloud.start(slots.me())
    except slots.PeerMissingError as error:
        pytest.skip(str(error))
    yield started
    openstack_cloud.stop(started)


@pytest.fixture(scope="session")
def cisco() -> Iterator[switch.Switch]:
    """A Cisco-like switch."""
    try:
        started = switch.start(slots.me())
    except slots.PeerMissingError as error:
        pytest.skip(str(error))
    yield started
    switch.stop(started)


@pytest.fixture(scope="session")
def ceph() -> Iterator[cephs.Ceph]:
    """A Ceph with RBD, on one node."""
    try:
        started = cephs.start(slots.me())
    except slots.PeerMissingError as error:
        pytest.skip(str(error))
    yield started
    cephs.stop(started)
