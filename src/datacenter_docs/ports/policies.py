"""Policies, versioned: an old version is never lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version. `version` counts from 1 per name; `deleted`: this version took the policy away."""

    policy: Policy
    version: int
    content_hash: str
    author: str
    changed_at: datetime
    deleted: bool = False


class PolicyStore(Protocol):
    """The owner's rules."""

    async def for_category(self, category: str) -> Policy | None:
        """The enabled policy of a category; None: there is none, so a person decides."""
        ...

    async def get(self, name: str, version: int | None = None) -> PolicyVersion:
        """The current version, or an old one. Raises `NotFound` (also when deleted and no version was asked for)."""
        ...

    async def list_current(self) -> Sequence[PolicyVersion]:
        """The current versions by name, without the deleted."""
        ...

    async def versions(self, name: str) -> Sequence[PolicyVersion]:
        """All versions, newest first. Raises `NotFound`."""
        ...

    async def put(
        self, policy: Policy, *, author: str, at: datetime, entry: Entry
    ) -> PolicyVersion:
        """Store as the next version; the same content again changes nothing. Raises `Conflict` when another enabled policy
        has the category.
        """
        ...

    async def delete(self, name: str, *, author: str, at: datetime, entry: Entry) -> None:
        """Take it away; the versions stay readable. Raises `NotFound`."""
        ...
