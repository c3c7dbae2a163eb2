"""Policies to start from, one per row of the seed's table; storage and security ask for the lower bound of the score.

Every operation on storage is critical, so there a person is always asked; the thresholds say when it is worth asking.
"""

from collections.abc import Mapping
from types import MappingProxyType

from datacenter_docs.domain.ids import Platform
from datacenter_docs.domain.operations import CRITICAL, SAFE
from datacenter_docs.domain.policy import Policy

PRESETS: Mapping[str, Policy] = MappingProxyType(
    {
        preset.category: preset
        for preset in (
            Policy(
                name="cache-preset",
                category="cache",
                min_reliability_score=75.0,
                auto_approve_threshold=85.0,
                allowed_action_types=(SAFE,),
                allowed_systems=("kubernetes", "vmware", "openstack"),
                requires_backup=False,
            ),
            Policy(
                name="network-preset",
                category="network",
                min_reliability_score=85.0,
                auto_approve_threshold=90.0,
                allowed_action_types=(SAFE,),
                allowed_systems=("network",),
                requires_backup=False,
            ),
            Policy(
                name="storage-preset",
                category="storage",
                min_reliability_score=90.0,
                auto_approve_threshold=95.0,
                allowed_action_types=(SAFE, CRITICAL),
                allowed_systems=("storage",),
                requires_rollback_plan=False,  # most volumes cannot shrink; critical actions ask a person anyway
                use_lower_bound=True,
            ),
            Policy(
                name="security-preset",
                category="security",
                min_reliability_score=95.0,
                auto_approve_threshold=None,
                allowed_action_types=(SAFE,),
                allowed_systems=tuple(platform.value for platform in Platform),
                use_lower_bound=True,
            ),
        )
    }
)
"""By category. `security` is never approved without a person."""
