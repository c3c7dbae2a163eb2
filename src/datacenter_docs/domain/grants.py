"""A person's yes or no, bound to exactly what that person saw."""

from datetime import datetime
from enum import StrEnum

from datacenter_docs.domain.values import Value


class GrantKind(StrEnum):
    """`approval`: the engine asked. `execution`: a person runs a proposed or refused plan."""

    APPROVAL = "approval"
    EXECUTION = "execution"


class Grant(Value):
    """An answer of a person. Bound to the plan's hash and the pre-state's hash; void when either changed or after `expires_at`."""

    grant_id: str
    ticket_id: str
    kind: GrantKind
    approved: bool
    approver: str
    comment: str = ""
    plan_hash: str
    state_hash: str
    granted_at: datetime
    expires_at: datetime
