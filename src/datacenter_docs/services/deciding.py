"""Stops 2 and 3: score the case, decide, and say where it goes next. The judgement itself is pure and in the domain."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from datacenter_docs.domain import decision, patterns
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.decision import Decision, Gates, SafetyChecks, Verdict
from datacenter_docs.domain.errors import Unavailable
from datacenter_docs.domain.patterns import Match, Standing, Thresholds
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.reliability import Score
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.guards import KillSwitch
from datacenter_docs.ports.notices import Meter
from datacenter_docs.ports.patterns import PatternStore
from datacenter_docs.ports.policies import PolicyStore
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.checking import Checking
from datacenter_docs.services.executing import plan_of
from datacenter_docs.services.scoring import Scoring

DEFAULT_APPROVAL_SECONDS = 86_400.0
"""How long a ticket without a policy waits for a person."""


class Next(StrEnum):
    """Where a ticket goes after a stop: to its end, to a person, or to its execution."""

    END = "end"
    ASK = "ask"
    RUN = "run"


NEXT: Mapping[Verdict, tuple[Next, TicketState]] = {
    Verdict.SKIPPED: (Next.END, TicketState.PROPOSED),
    Verdict.REFUSED: (Next.END, TicketState.PROPOSED),
    Verdict.APPROVAL_REQUIRED: (Next.ASK, TicketState.AWAITING_APPROVAL),
    Verdict.AUTO_APPROVED: (Next.RUN, TicketState.REMEDIATING),
}


class Deciding:
    """Decides what happens with a diagnosed ticket. `gates`: the settings; opt-in and kill switch are filled in here."""

    def __init__(
        self,
        cases: CaseStore,
        store: PatternStore,
        policies: PolicyStore,
        scoring: Scoring,
        checking: Checking,
        kill_switch: KillSwitch,
        meter: Meter,
        clock: Clock,
        *,
        gates: Gates,
        thresholds: Thresholds,
    ) -> None:
        self._cases = cases
        self._patterns = store
        self._policies = policies
        self._scoring = scoring
        self._checking = checking
        self._kill_switch = kill_switch
        self._meter = meter
        self._clock = clock
        self._gates = gates
        self._thresholds = thresholds

    async def decide(self, ticket_id: str, trouble: str | None = None) -> dict[str, Any]:
        """Score and decide, store both, and return the next stop as plain JSON. A case that is decided keeps its decision.
        `trouble`: why there is no diagnosis; None: there is one.
        """
        case = await self._cases.get(ticket_id)
        if case.decision is None:
            case = await self._decide(case, trouble)
        return self._next(case)

    async def _decide(self, case: Case, trouble: str | None) -> Case:
        ticket_id, request = case.ticket.id, case.ticket.request
        match = await self._scoring.find_pattern(case)
        if match.pattern is not None:
            state = TicketState.PROCESSING if case.ticket.state is TicketState.RECEIVED else None
            change = CaseChange(
                at=self._clock.now(), state=state, pattern_id=match.pattern.pattern_id
            )
            await self._cases.change(ticket_id, change)
            match = match.replaced(pattern=await self._patterns.refresh(match.pattern.pattern_id))
        score = await self._scoring.score(case, match)
        policy = await self._policies.for_category(request.category)
        checks = await self._checking.check(plan_of(case), policy)
        standing = patterns.standing(match.pattern, self._thresholds) if match.pattern else None
        gates = self._gates.replaced(
            opted_in=request.enable_auto_remediation, kill_switch_on=await self._kill_switch_on()
        )
        now = self._clock.now()
        decided = decision.decide(
            plan_of(case),
            score=score,
            policy=policy,
            match=match,
            standing=standing,
            checks=checks,
            gates=gates,
            now=now,
        )
        seconds = policy.approval_timeout_seconds if policy else DEFAULT_APPROVAL_SECONDS
        _, state = NEXT[decided.verdict]
        asked = state is TicketState.AWAITING_APPROVAL
        change = CaseChange(
            at=now,
            state=state,
            score=score,
            decision=decided,
            resolution=_told(case, decided, trouble),
            approval_expires_at=now + timedelta(seconds=seconds) if asked else None,
        )
        inputs = _inputs(policy, match, standing, checks, gates, score)
        entries = [
            Entry(
                kind=EntryKind.TICKET_SCORED,
                at=now,
                ticket_id=ticket_id,
                body=score.model_dump(mode="json"),
            ),
            Entry(
                kind=EntryKind.TICKET_DECIDED,
                at=now,
                ticket_id=ticket_id,
                body={"decision": decided.model_dump(mode="json"), "inputs": inputs},
            ),
        ]
        if asked:
            body = {
                "plan_hash": plan_of(case).content_hash,
                "expires_at": str(change.approval_expires_at),
            }
            entries.append(
                Entry(kind=EntryKind.APPROVAL_REQUESTED, at=now, ticket_id=ticket_id, body=body)
            )
        case = await self._cases.change(ticket_id, change, entries)
        self._meter.scored(request.category, score.overall_score)
        return case

    def _next(self, case: Case) -> dict[str, Any]:
        """The next stop of a decided case; the time left to approve counts from now, so that a replay does not prolong it."""
        if case.decision is None:
            return {"next": Next.END}
        following, _ = NEXT[case.decision.verdict]
        if following is Next.ASK and case.ticket.approval_expires_at is not None:
            left = (case.ticket.approval_expires_at - self._clock.now()).total_seconds()
            return {"next": following, "timeout_seconds": max(0.0, left)}
        return {"next": following, "actions": len(plan_of(case).actions), "by_a_person": False}

    async def _kill_switch_on(self) -> bool:
        """One that cannot be read counts as on."""
        try:
            return (await self._kill_switch.read()).on
        except Unavailable:
            return True


def _told(case: Case, decided: Decision, trouble: str | None) -> str:
    """What a person reads while nothing has been done yet."""
    found = (
        case.diagnosis.summary
        if case.diagnosis
        else f"There is no diagnosis: {trouble or 'none was made'}"
    )
    if not plan_of(case).actions or decided.allowed:
        return found
    return found + "\nNot done by itself: " + "; ".join(decided.reasoning)


def _inputs(
    policy: Policy | None,
    match: Match,
    standing: Standing | None,
    checks: SafetyChecks,
    gates: Gates,
    score: Score,
) -> dict[str, Any]:
    """Everything that the decision was made from beside the plan (which is in the diagnosis), so that it can be run again."""
    named = {
        "policy": policy,
        "match": match,
        "standing": standing,
        "checks": checks,
        "gates": gates,
        "score": score,
    }
    return {
        name: value.model_dump(mode="json") if value else None for name, value in named.items()
    }
