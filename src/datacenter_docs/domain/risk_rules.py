"""All declared risks. To add one is to add a line to its platform's file; every attribute is one of the vocabularies (a test
holds that).
"""

from collections.abc import Mapping, Sequence

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

_BY_KIND: Mapping[tuple[str, str], Sequence[RiskRule]] = {
    place: [rule for rule in _RULES if (rule.platform, rule.kind) == place]
    for place in {(rule.platform, rule.kind) for rule in _RULES}
}


def of_kind(platform: str, kind: str) -> Sequence[RiskRule]:
    """Those that may apply to a kind."""
    return _BY_KIND.get((platform, kind), ())
