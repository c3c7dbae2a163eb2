"""All faults, by name."""

from collections.abc import Mapping

from datacenter_mcp.demo.faults import kubernetes, network, openstack, storage, vmware
from datacenter_mcp.demo.faults.fault import Fault

FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for room in (vmware, kubernetes, network, storage, openstack)
    for fault in room.FAULTS
}
