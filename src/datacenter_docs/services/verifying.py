"""Stop 6: wanted against seen, after all actions: the effect, the resource, the system that it belongs to, and what the
runbook calls healed.
"""

from collections.abc import Sequence
from datetime import timedelta

from datacenter_docs.domain import conditions
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.conditions import Condition
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.estate import HealthStatus
from datacenter_docs.domain.outcomes import Check, OutcomeKind, Verification
from datacenter_docs.domain.plans import Action
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.platforms import PlatformReader
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.executing import plan_of

HEAL_TIME = timedelta(seconds=20)
"""How long a service may take to come back after an action took effect (routing, mounts) before it counts as not healed."""
LOOK_INTERVAL_SECONDS = 0.5


class Verifying:
    """Looks again and says what it sees."""

    def __init__(self, cases: CaseStore, reader: PlatformReader, clock: Clock) -> None:
        self._cases = cases
        self._reader = reader
        self._clock = clock

    async def verify(self, ticket_id: str) -> Verification:
        """Check every target until it is well, at most `HEAL_TIME`; store and journal the result."""
        case = await self._cases.get(ticket_id)
        started = self._clock.now()
        while True:
            verification = Verification(checks=tuple(await self._checks(case)))
            if verification.passed or self._clock.now() - started >= HEAL_TIME:
                break
            await self._clock.sleep(LOOK_INTERVAL_SECONDS)
        return await self.keep(ticket_id, verification)

    async def keep(self, ticket_id: str, verification: Verification) -> Verification:
        """Store and journal a verification."""
        now = self._clock.now()
        entry = Entry(
            kind=EntryKind.PLAN_VERIFIED, at=now, ticket_id=ticket_id, body=verification.to_dict()
        )
        await self._cases.change(ticket_id, CaseChange(at=now, verification=verification), [entry])
        return verification

    async def _checks(self, case: Case) -> Sequence[Check]:
        checks: list[Check] = []
        for action in plan_of(case).actions:
            checks.append(await self._effect(case, action))
            checks.append(await self._system(action))
            checks.extend(await self._healed(case, action))
        return checks

    async def _effect(self, case: Case, action: Action) -> Check:
        name = f"{action.operation} on {action.target}"
        try:
            seen = await self._reader.look(action.operation, action.target, action.parameters)
        except DatacenterDocsError as error:
            return Check(name=name, wanted="in effect", seen=error.message, passed=None)
        if (
            seen.satisfied is None
        ):  # a restart leaves no state behind: its outcome was judged by the marker
            outcome = next(
                (
                    o
                    for o in case.outcomes
                    if o.target == action.target and o.operation == action.operation
                ),
                None,
            )
            done = outcome is not None and outcome.kind is OutcomeKind.CHANGED
            return Check(
                name=name,
                wanted="restarted",
                seen=outcome.kind if outcome else "not run",
                passed=done,
            )
        return Check(name=name, wanted="in effect", seen=str(seen.state), passed=seen.satisfied)

    async def _system(self, action: Action) -> Check:
        name = f"system of {action.target}"
        try:
            health = await self._reader.system_health(action.target)
        except DatacenterDocsError as error:
            return Check(name=name, wanted="answers and works", seen=error.message, passed=None)
        well = health.status in (HealthStatus.OK, HealthStatus.DEGRADED)
        return Check(
            name=name,
            wanted="answers and works",
            seen="; ".join(health.reasons) or health.status,
            passed=well,
        )

    async def _healed(self, case: Case, action: Action) -> Sequence[Check]:
        wanted: Sequence[Condition] = case.diagnosis.healed_when if case.diagnosis else ()
        if not wanted:
            return ()
        try:
            resource = await self._reader.describe(action.target)
        except DatacenterDocsError as error:
            return [
                Check(
                    name=f"service of {action.target}",
                    wanted=c.says,
                    seen=error.message,
                    passed=None,
                )
                for c in wanted
            ]
        return [
            Check(
                name=f"service of {action.target}",
                wanted=condition.says,
                seen=f"{condition.attribute} is {resource.value(condition.attribute)}",
                passed=conditions.holds(condition, resource),
            )
            for condition in wanted
        ]
