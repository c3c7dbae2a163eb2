"""The vCenter as the suites of its room see it: every VM that a test changes is as it was made afterwards."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.contract.rooms.vmware_cases import FIRST
from tests.peers.vcenter import PASSWORD, VCenter
from tests.peers.vcenter_oracle import Oracle


@pytest.fixture
def oracle(vc: VCenter) -> Iterator[Oracle]:
    oracle = Oracle(vc)
    yield oracle
    oracle.close()


@pytest.fixture(autouse=True)
def _vcenter_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_PASSWORD", PASSWORD)


@pytest.fixture
def vm(vc: VCenter, oracle: Oracle) -> Iterator[str]:
    """The native id of a VM that is on, as it was made, before and after."""
    native = oracle.vms()[FIRST]
    oracle.mend(native)
    yield native
    with closing(Oracle(vc)) as afterwards:  # the test may have ended the login of the first
        afterwards.mend(native)
