"""Calls of the OpenStack room that the suites share, and the cloud as its administrator sees it."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.peers.openstack_cloud import Cloud
from tests.peers.openstack_oracle import Oracle

from datacenter_mcp.openstack.room import OpenstackRoom, open_openstack

LANE = [
    pytest.mark.heavy_peer,
    pytest.mark.openstack,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),  # the SDK's, of itself
]


@pytest.fixture(scope="module")
def oracle(cloud: Cloud) -> Iterator[Oracle]:
    oracle = Oracle(cloud)
    yield oracle
    oracle.close()


@pytest.fixture
def web(oracle: Oracle) -> Iterator[str]:
    """The native id of an active instance with the flavor `small`."""
    with oracle.instance() as native:
        yield native


def room(cloud: Cloud, account: str = "operator", **more: Any) -> OpenstackRoom:
    """The room, with the rights of one of the two shipped roles."""
    return open_openstack("lab", {**cloud.settings(account), **more})


def name_of(kind: str, native: str) -> str:
    """An id of this connection."""
    return f"openstack:lab:{kind}:{native}"


def rebooting(native: str) -> dict[str, Any]:
    return {
        "operation": "reboot_instance",
        "target": name_of("instance", native),
        "parameters": {},
    }


def resizing(
    native: str, flavor: str = "medium", operation: str = "resize_instance"
) -> dict[str, Any]:
    """One of the three operations of a resize."""
    return {"operation": operation, "target": name_of("instance", native),
            "parameters": {"flavor": flavor}}  # fmt: skip


def confirming(native: str, flavor: str = "medium") -> dict[str, Any]:
    return resizing(native, flavor, "confirm_resize")


def reverting(native: str, flavor: str = "small") -> dict[str, Any]:
    return resizing(native, flavor, "revert_resize")


def act(asked: dict[str, Any], key: str = "", **more: Any) -> tuple[str, dict[str, Any]]:
    """The write tool and its arguments. Without a key, the same is asked for under the same one."""
    key = key or str(asked)
    rest = {name: value for name, value in asked.items() if name != "operation"}
    return asked["operation"], {**rest, "idempotency_key": key, **more}


def satisfied(look: dict[str, Any]) -> bool:
    return look["satisfied"] is True
