"""All operations of the world by platform, in the order of the catalogue."""

from collections.abc import Mapping, Sequence

from datacenter_mcp.demo.operations import kubernetes, network, openstack, storage, vmware
from datacenter_mcp.demo.operations.operation import Operation

OPERATIONS: Mapping[str, Sequence[Operation]] = {
    "vmware": vmware.OPERATIONS,
    "kubernetes": kubernetes.OPERATIONS,
    "network": network.OPERATIONS,
    "storage": storage.OPERATIONS,
    "openstack": openstack.OPERATIONS,
}
