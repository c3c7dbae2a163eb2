"""Stops 2 and 3: score the case, decide, and say where it goes next. The judgement itself is pure and in the domain."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from datacenter_docs.domain import decision, patterns
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.decision import Decision, Gates, SafetyChecks, Verdict
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.errors import Unavailable
from datacenter_docs.domain.patterns import Match, Standing, Thresholds
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.reliability import Score
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.guards import KillSwitch
from datacenter_docs.ports.notices import Meter
from datacenter_docs.ports.policies import PolicyStore
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.checking import Checking
from datacenter_docs.services.executing import plan_of
from datacenter_docs.services.resolving import Found
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


class _Judgement(NamedTuple):
    """A decision, and everything that it was made from beside the plan, which is in the diagnosis."""

    decision: Decision
    score: Score
    policy: Policy | None
    match: Match
    standing: Standing | None
    checks: SafetyChecks
    gates: Gates

    def inputs(self) -> dict[str, Any]:
        """For the journal, so that the decision can be made again and gives the same answer."""
        named = {**self._asdict(), "decision": None}
        return {k: v.model_dump(mode="json") for k, v in named.items() if v is not None}


class Deciding:
    """Decides what happens with a diagnosed ticket. `gates`: the settings; opt-in and kill switch are filled in here."""

    def __init__(
        self,
        cases: CaseStore,
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
        self._policies = policies
        self._scoring = scoring
        self._checking = checking
        self._kill_switch = kill_switch
        self._meter = meter
        self._clock = clock
        self._gates = gates
        self._thresholds = thresholds

    async def decide(
        self, ticket_id: str, trouble: str | None = None, found: Found | None = None
    ) -> dict[str, Any]:
        """Score and decide, store all that was found, and return the next stop as plain JSON. A case that is decided keeps
        its decision. `trouble`: why there is no diagnosis; None: there is one. `found`: what was just found; None: the
        case is read now.
        """
        case = found.case if found else await self._cases.get(ticket_id)
        if case.decision is None:
            new = found.diagnosis if found else None
            diagnosed = case.replaced(diagnosis=new) if new else case
            judged = await self._judge(diagnosed)
            case = await self._keep(diagnosed, judged, trouble, new)
            self._meter.scored(case.ticket.request.category, judged.score.overall_score)
        return self._next(case)

    async def _judge(self, case: Case) -> "_Judgement":
        """Gather what there is to know, and let the domain decide."""
        category = case.ticket.request.category
        found, policy, killed = await asyncio.gather(
            self._scoring.recognise(case),
            self._policies.for_category(category),
            self._kill_switch_on(),
        )
        (match, score), checks = await asyncio.gather(
            self._scoring.judge(case, found), self._checking.check(plan_of(case), policy)
        )
        standing = patterns.standing(match.pattern, self._thresholds) if match.pattern else None
        opted_in = case.ticket.request.enable_auto_remediation
        gates = self._gates.replaced(opted_in=opted_in, kill_switch_on=killed)
        decided = decision.decide(
            plan_of(case),
            score=score,
            policy=policy,
            match=match,
            standing=standing,
            checks=checks,
            gates=gates,
            now=self._clock.now(),
        )
        return _Judgement(decided, score, policy, match, standing, checks, gates)

    async def _keep(
        self, case: Case, judged: "_Judgement", trouble: str | None, diagnosis: Diagnosis | None
    ) -> Case:
        """Store diagnosis, score, decision, pattern and state, and journal them, in one commit. `diagnosis` None: it is
        stored already, or there is none.
        """
        at, policy, pattern = (
            judged.decision.certificate.decided_at,
            judged.policy,
            judged.match.pattern,
        )
        _, state = NEXT[judged.decision.verdict]
        expires_at = None
        if state is TicketState.AWAITING_APPROVAL:
            seconds = policy.approval_timeout_seconds if policy else DEFAULT_APPROVAL_SECONDS
            expires_at = at + timedelta(seconds=seconds)
        change = CaseChange(
            at=at,
            state=state,
            diagnosis=diagnosis,
            score=judged.score,
            decision=judged.decision,
            pattern_id=pattern.pattern_id if pattern else None,
            resolution=_told(case, judged.decision, trouble),
            approval_expires_at=expires_at,
        )
        bodies = (
            {EntryKind.TICKET_DIAGNOSED: diagnosis.model_dump(mode="json")} if diagnosis else {}
        )
        bodies |= {
            EntryKind.TICKET_SCORED: judged.score.model_dump(mode="json"),
            EntryKind.TICKET_DECIDED: {
                "decision": judged.decision.model_dump(mode="json"),
                "inputs": judged.inputs(),
            },
        }
        if expires_at is not None:
            bodies[EntryKind.APPROVAL_REQUESTED] = {
                "plan_hash": plan_of(case).content_hash,
                "expires_at": expires_at.isoformat(),
            }
        entries = [
            Entry(kind=kind, at=at, ticket_id=case.ticket.id, body=body)
            for kind, body in bodies.items()
        ]
        return await self._cases.change(case.ticket.id, change, entries)

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
