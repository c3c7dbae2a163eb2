"""All vocabularies, by platform."""

from collections.abc import Mapping

from datacenter_mcp.contract.vocabulary.kubernetes import KUBERNETES
from datacenter_mcp.contract.vocabulary.network import NETWORK
from datacenter_mcp.contract.vocabulary.openstack import OPENSTACK
from datacenter_mcp.contract.vocabulary.storage import STORAGE
from datacenter_mcp.contract.vocabulary.vmware import VMWARE
from datacenter_mcp.contract.vocabulary.words import Vocabulary

VOCABULARIES: Mapping[str, Vocabulary] = {
    "vmware": VMWARE,
    "kubernetes": KUBERNETES,
    "network": NETWORK,
    "storage": STORAGE,
    "openstack": OPENSTACK,
}
