"""What the suites of the storage room on Ceph share."""

from typing import Any

from tests.peers.ceph import Ceph

from datacenter_mcp.storage.room import StorageRoom, open_storage

CLUSTER = "storage:ceph:cluster:ceph1"
POOL = "storage:ceph:pool:ceph1/rbd"
NOBODY = "storage:ceph:volume:ceph1/rbd/0123456789ab"
EVERYTHING = {"older_than_seconds": 0}


def room_of(ceph: Ceph, account: str = "operator", **more: Any) -> StorageRoom:
    return open_storage("ceph", ceph.settings(account, **more))


def volume(ceph: Ceph, spec: str) -> str:
    """The id of an image."""
    return f"storage:ceph:volume:ceph1/{spec.partition('/')[0]}/{ceph.image(spec)['id']}"


def size(ceph: Ceph, spec: str) -> int:
    """The oracle's size of an image, in bytes."""
    found: int = ceph.image(spec)["size"]
    return found


def growing(ceph: Ceph, spec: str, size_bytes: int) -> dict[str, Any]:
    """The arguments that ask for an expansion."""
    return {"target": volume(ceph, spec), "parameters": {"size_bytes": size_bytes}}


def clearing(ceph: Ceph, spec: str) -> dict[str, Any]:
    """The arguments that ask for all snapshots but the newest to go."""
    return {"target": volume(ceph, spec), "parameters": EVERYTHING}
