"""What the VMware suites share: the room over a vCenter, and the VMs that they work on."""

from typing import Any

from tests.peers.vcenter import ADMIN, VCenter

from datacenter_mcp.vmware.room import VmwareRoom, open_vmware

FIRST = "DC0_H0_VM0"


def room_of(vc: VCenter, username: str = ADMIN, **settings: Any) -> VmwareRoom:
    """The room, logged in as somebody; `settings` stand beside the usual ones."""
    return open_vmware("vc", {**vc.settings(username), **settings})


def vm_id(native: str) -> str:
    """The id of a VM."""
    return f"vmware:vc:vm:{native}"
