"""Stop 6: wanted against seen, after all actions: the effect, the resource, the system that it belongs to, and what the
runbook calls healed.
"""

from collections.abc import Sequence
from datetime import timedelta

from datacenter_docs.domain import catalogue, conditions
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.conditions import Condition
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.estate import HealthStatus, Look
from datacenter_docs.domain.outcomes import Check, OutcomeKind, Verification
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.platforms import PlatformReader
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.executing import plan_of

LOOK_INTERVAL_SECONDS = 0.5
WELL = (HealthStatus.OK, HealthStatus.DEGRADED)


class Verifying:
    """Looks again and says what it sees."""

    def __init__(self, cases: CaseStore, reader: PlatformReader, clock: Clock) -> None:
        self._cases = cases
        self._reader = reader
        self._clock = clock

    async def verify(self, ticket_id: str) -> Verification:
        """Check every target until it is well, at most as long as its operation may take to heal; store and journal the
        result.
        """
        case = await self._cases.get(ticket_id)
        patience = heal_time(plan_of(case))
        started = self._clock.now()
        while True:
            verification = Verification(checks=tuple(await self._checks(case)))
            if verification.passed or self._clock.now() - started >= patience:
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
            seen = await self._seen(action)
            there = action.target if isinstance(seen, str) else seen.successor or action.target
            checks.append(_effect(case, action, seen))
            checks.append(await self._system(there))
            checks.extend(await self._healed(case, there))
        return checks

    async def _seen(self, action: Action) -> Look | str:
        """The target now, or the sentence why it cannot be seen."""
        try:
            return await self._reader.look(action.operation, action.target, action.parameters)
        except DatacenterDocsError as error:
            return error.message

    async def _system(self, target: str) -> Check:
        name = f"system of {target}"
        try:
            health = await self._reader.system_health(target)
        except DatacenterDocsError as error:
            return Check(name=name, wanted="answers and works", seen=error.message, passed=None)
        return Check(
            name=name,
            wanted="answers and works",
            seen="; ".join(health.reasons) or health.status,
            passed=health.status in WELL,
        )

    async def _healed(self, case: Case, target: str) -> Sequence[Check]:
        wanted: Sequence[Condition] = case.diagnosis.healed_when if case.diagnosis else ()
        if not wanted:
            return ()
        try:
            resource = await self._reader.describe(target)
        except DatacenterDocsError as error:
            return [
                Check(
                    name=f"service of {target}",
                    wanted=c.says,
                    seen=error.message,
                    passed=None,
                )
                for c in wanted
            ]
        return [
            Check(
                name=f"service of {target}",
                wanted=condition.says,
                seen=f"{condition.attribute} is {resource.value(condition.attribute)}",
                passed=conditions.holds(condition, resource),
            )
            for condition in wanted
        ]


def heal_time(plan: Plan) -> timedelta:
    """How long a service may take to come back after the actions took effect before it counts as not healed."""
    entries = [catalogue.operation(action.operation) for action in plan.actions]
    return timedelta(seconds=max((entry.heal_seconds for entry in entries if entry), default=0.0))


def _effect(case: Case, action: Action, seen: Look | str) -> Check:
    name = f"{action.operation} on {action.target}"
    if isinstance(seen, str):
        return Check(name=name, wanted="in effect", seen=seen, passed=None)
    if seen.satisfied is None:
        return _restarted(case, action, seen, name)
    return Check(name=name, wanted="in effect", seen=str(seen.state), passed=seen.satisfied)


def _restarted(case: Case, action: Action, seen: Look, name: str) -> Check:
    """A restart leaves no state behind: its outcome was judged by the marker, and it was in vain when the target, or what
    stands in for it, does not work afterwards.
    """
    known = (
        o for o in case.outcomes if (o.target, o.operation) == (action.target, action.operation)
    )
    outcome = next(known, None)
    done = outcome is not None and outcome.kind is OutcomeKind.CHANGED
    told = "; ".join([outcome.kind if outcome else "not run", *seen.health.reasons])
    passed = done and seen.health.status in WELL
    return Check(name=name, wanted="restarted, and works", seen=told, passed=passed)
