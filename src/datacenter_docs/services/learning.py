"""After the end: outcomes and people's words go into the statistics that the next ticket is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass

from datacenter_docs.domain import patterns
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.credence import SetAside
from datacenter_docs.domain.feedback import Feedback, FeedbackRequest
from datacenter_docs.domain.patterns import Pattern, Standing, Thresholds
from datacenter_docs.domain.remedies import Remedy, remedies
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.notices import Meter
from datacenter_docs.ports.patterns import FeedbackStore, PatternStore
from datacenter_docs.ports.tickets import CaseStore
from datacenter_docs.services.scoring import Scoring

MOST_WORDS, MOST_REMEDIES = 500, 20
"""Words that are looked through for remedies, and remedies that are told."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What a feedback did. `reliability_score` None: the ticket has not been scored yet; `set_aside`: why it counts for nothing."""

    feedback_id: str
    replaced: bool
    reliability_score: float | None
    set_aside: SetAside | None = None


class Learning:
    """Teaches patterns. Statistics follow every change in its own commit; here the ticket's score follows, and the standing."""

    def __init__(
        self,
        cases: CaseStore,
        store: PatternStore,
        feedback: FeedbackStore,
        scoring: Scoring,
        meter: Meter,
        clock: Clock,
        *,
        thresholds: Thresholds,
    ) -> None:
        self._cases = cases
        self._patterns = store
        self._feedback = feedback
        self._scoring = scoring
        self._meter = meter
        self._clock = clock
        self._thresholds = thresholds

    def standing(self, pattern: Pattern) -> Standing:
        """Where a pattern stands under the configured thresholds."""
        return patterns.standing(pattern, self._thresholds)

    async def remedies(self, pattern: Pattern) -> Sequence[Remedy]:
        """What people say helped tickets of a pattern, what most of them say first."""
        said = await self._feedback.said_of("", pattern.pattern_id, pattern.category, MOST_WORDS)
        return remedies(said.of_pattern)[:MOST_REMEDIES]

    async def from_feedback(self, request: FeedbackRequest) -> Taught:
        """Store a person's word; the ticket's score and the pattern's standing follow at once. Raises `NotFound`."""
        now = self._clock.now()
        given = Feedback(feedback_id=self._clock.new_id(), request=request, given_at=now)
        entry = Entry(
            kind=EntryKind.FEEDBACK_GIVEN,
            at=now,
            actor=request.author,
            ticket_id=request.ticket_id,
            body=given.model_dump(mode="json"),
        )
        put = await self._feedback.put(given, entry)
        self._meter.feedback(request.feedback_type)
        case = await self._learn(request.ticket_id)
        score = case.score.overall_score if case.score else None
        return Taught(given.feedback_id, put.replaced, score, put.set_aside)

    async def from_outcome(self, ticket_id: str) -> None:
        """A remediation ended."""
        await self._learn(ticket_id)

    async def closed_by_hand(
        self, ticket_id: str, state: TicketState | None, resolution: str | None, actor: str
    ) -> Case:
        """A person closes a ticket, or says how it was resolved. Raises `Refused` when the state does not allow it."""
        now = self._clock.now()
        body = {"state": state, "resolution": resolution, "by_hand": True}
        entry = Entry(
            kind=EntryKind.TICKET_CHANGED, at=now, actor=actor, ticket_id=ticket_id, body=body
        )
        await self._cases.change(
            ticket_id, CaseChange(at=now, state=state, resolution=resolution), [entry]
        )
        return await self._learn(ticket_id)

    async def _learn(self, ticket_id: str) -> Case:
        """Rescore the ticket; journal when its pattern won or lost a freedom since that was last journaled."""
        case = await self._cases.get(ticket_id)
        if case.score is None or case.ticket.pattern_id is None:
            return case
        score = await self._scoring.rescore(case)
        now = self._clock.now()
        case = await self._cases.change(ticket_id, CaseChange(at=now, score=score))
        self._meter.scored(case.ticket.request.category, score.overall_score)
        pattern = await self._patterns.get(case.ticket.pattern_id or "")
        standing = self.standing(pattern)
        if standing.stage is not pattern.stage_told:
            body = {"pattern_id": pattern.pattern_id, "standing": standing.model_dump(mode="json")}
            entry = Entry(kind=EntryKind.PATTERN_CHANGED, at=now, ticket_id=ticket_id, body=body)
            await self._patterns.tell_stage(pattern.pattern_id, standing.stage, entry)
        return case
