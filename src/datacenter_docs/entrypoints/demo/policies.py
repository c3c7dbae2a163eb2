"""The policies that the demo comes with: careful, as an owner would begin, but for ports, which may be automated."""

from datacenter_docs.domain.operations import CRITICAL, SAFE
from datacenter_docs.domain.policy import Policy
from datacenter_docs.entrypoints.demo.story import CLOUD, CLUSTER, NETWORK, SERVER, STORAGE

OWNER = "platform-owner"


def _policy(category: str, *systems: str, **fields: object) -> Policy:
    base = {
        "name": f"demo-{category}",
        "category": category,
        "min_reliability_score": 60.0,
        "allowed_action_types": (SAFE, CRITICAL),
        "allowed_systems": systems,
        "forbidden_commands": ("delete", "format", "shutdown"),
        "requires_rollback_plan": False,
        "requires_backup": False,
        "max_actions_per_hour": 20,
    }
    return Policy.model_validate({**base, **fields})


POLICIES = (
    _policy(NETWORK, "network", auto_approve_threshold=90.0, allowed_action_types=(SAFE,)),
    _policy(SERVER, "vmware", "kubernetes", "openstack", restart_may_reset=True),
    _policy(STORAGE, "storage", use_lower_bound=False),
    _policy(CLUSTER, "kubernetes", auto_approve_threshold=95.0),
    _policy(CLOUD, "openstack", auto_approve_threshold=95.0),
)
