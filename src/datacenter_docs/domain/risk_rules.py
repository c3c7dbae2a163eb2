"""All declared risks. To add one is to add a line to its platform's file; every attribute is one of the vocabularies (a test
holds that).
"""

from collections.abc import Mapping

from datacenter_docs.domain.platform_risks import kubernetes, network, openstack, storage, vmware
from datacenter_docs.domain.risks import RiskRule

_RULES = (
    *vmware.RULES,
    *kubernetes.RULES,
    *network.RULES,
    *storage.RULES,
    *openstack.RULES,
)
RISK_RULES: Mapping[str, RiskRule] = {rule.name: rule for rule in _RULES}
"""By name, which is unique."""
