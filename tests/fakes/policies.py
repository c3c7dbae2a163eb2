"""The fake of `ports/policies.py`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tests.fakes.memory import Memory

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import Conflict, NotFound
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.values import content_hash
from datacenter_docs.ports.policies import PolicyVersion


class FakePolicyStore:
    """The owner's rules, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def for_category(self, category: str) -> Policy | None:
        return next((p for p in self._enabled() if p.category == category), None)

    async def get(self, name: str, version: int | None = None) -> PolicyVersion:
        versions = self._memory.policies.get(name, [])
        if version is None:
            found = [it for it in versions[-1:] if not it.deleted]
        else:
            found = [it for it in versions if it.version == version]
        if not found:
            raise NotFound(f"There is no policy {name}.")
        return found[0]

    async def list_current(self) -> Sequence[PolicyVersion]:
        current = [versions[-1] for _, versions in sorted(self._memory.policies.items())]
        return [version for version in current if not version.deleted]

    async def versions(self, name: str) -> Sequence[PolicyVersion]:
        if name not in self._memory.policies:
            raise NotFound(f"There is no policy {name}.")
        return self._memory.policies[name][::-1]

    async def put(
        self, policy: Policy, *, author: str, at: datetime, entry: Entry
    ) -> PolicyVersion:
        versions = self._memory.policies.get(policy.name, [])
        if versions and not versions[-1].deleted and versions[-1].policy == policy:
            return versions[-1]
        for other in self._enabled():
            if policy.enabled and other.category == policy.category and other.name != policy.name:
                raise Conflict(f"Policy {other.name} has it.", {"name": (other.name, policy.name)})
        version = PolicyVersion(
            policy=policy,
            version=len(versions) + 1,
            content_hash=content_hash(policy.model_dump(mode="json")),
            author=author,
            changed_at=at,
        )
        self._memory.policies[policy.name] = [*versions, version]
        self._memory.append([entry])
        return version

    async def delete(self, name: str, *, author: str, at: datetime, entry: Entry) -> None:
        current = await self.get(name)
        gone = replace(
            current, version=current.version + 1, author=author, changed_at=at, deleted=True
        )
        self._memory.policies[name].append(gone)
        self._memory.append([entry])

    def _enabled(self) -> list[Policy]:
        current = [versions[-1] for versions in self._memory.policies.values()]
        return [it.policy for it in current if it.policy.enabled and not it.deleted]
