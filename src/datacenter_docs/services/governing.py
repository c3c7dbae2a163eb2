"""What owners set: policies, the kill switch, patterns that must never be automated. Each change is journaled with its author."""

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.patterns import Pattern
from datacenter_docs.domain.policy import Policy
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.guards import KillSwitch, KillSwitchState
from datacenter_docs.ports.patterns import PatternStore
from datacenter_docs.ports.policies import PolicyStore, PolicyVersion


class Governing:
    """The owner's hand."""

    def __init__(
        self, policies: PolicyStore, store: PatternStore, kill_switch: KillSwitch, clock: Clock
    ) -> None:
        self._policies = policies
        self._patterns = store
        self._kill_switch = kill_switch
        self._clock = clock

    async def put_policy(self, policy: Policy, author: str) -> PolicyVersion:
        """Store as the next version. Raises `Conflict` when another enabled policy has the category."""
        now = self._clock.now()
        entry = Entry(
            kind=EntryKind.POLICY_CHANGED,
            at=now,
            actor=author,
            body={"policy": policy.model_dump(mode="json")},
        )
        return await self._policies.put(policy, author=author, at=now, entry=entry)

    async def delete_policy(self, name: str, author: str) -> None:
        """Take a policy away. Raises `NotFound`."""
        now = self._clock.now()
        entry = Entry(kind=EntryKind.POLICY_CHANGED, at=now, actor=author, body={"deleted": name})
        await self._policies.delete(name, author=author, at=now, entry=entry)

    async def set_kill_switch(self, actor: str, reason: str, *, on: bool) -> KillSwitchState:
        """Durable before it returns; every action reads it just before it starts."""
        now = self._clock.now()
        state = KillSwitchState(on=on, reason=reason, actor=actor, set_at=now)
        await self._kill_switch.set(
            state,
            Entry(
                kind=EntryKind.KILL_SWITCH, at=now, actor=actor, body={"on": on, "reason": reason}
            ),
        )
        return state

    async def forbid_pattern(self, pattern_id: str, actor: str, *, forbidden: bool) -> Pattern:
        """Say that a pattern must never (or may again) be automated. Raises `NotFound`."""
        body = {"pattern_id": pattern_id, "automation_forbidden": forbidden}
        entry = Entry(kind=EntryKind.PATTERN_CHANGED, at=self._clock.now(), actor=actor, body=body)
        return await self._patterns.forbid_automation(pattern_id, forbidden=forbidden, entry=entry)
