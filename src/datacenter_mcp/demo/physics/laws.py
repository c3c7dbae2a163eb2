"""All rules, of all platforms."""

from datacenter_mcp.demo.physics import kubernetes, network, openstack, storage, vmware
from datacenter_mcp.demo.view import Rules

LAWS: Rules = {
    **network.RULES,
    **storage.RULES,
    **vmware.RULES,
    **kubernetes.RULES,
    **openstack.RULES,
}
