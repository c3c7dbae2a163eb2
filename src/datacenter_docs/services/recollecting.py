"""What earlier tickets taught the resolver: what helped tickets of this pattern, and what was tried here in vain. Reads only.

What helped only widens what is looked at: the live reads still decide. What failed keeps an action from being proposed
again for the same thing in the same state.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.cases import Case
from datacenter_docs.domain.changes import Change
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.masking import masked
from datacenter_docs.domain.outcomes import OutcomeKind
from datacenter_docs.domain.recognition import Band
from datacenter_docs.domain.remedies import Remedy, remedies
from datacenter_docs.domain.tickets import TicketRequest, TicketState
from datacenter_docs.domain.values import Scalar
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.deeds import Deeds
from datacenter_docs.ports.estate import ChangeFilter, EstateReader
from datacenter_docs.ports.patterns import FeedbackStore
from datacenter_docs.ports.reasoning import Failure
from datacenter_docs.ports.tickets import CaseStore, TicketFilter
from datacenter_docs.services.recognising import Recognising

FAILURE_HOLDS = timedelta(days=7)
"""After so long a failure is forgotten: what nobody looked at may have changed."""
LATELY = timedelta(days=3)
FIRST_SURVEY = 1
"""To which everything is new, so that it changed nothing."""
MOST_WORDS, MOST_REMEDIES = 200, 3
MOST_CASES, MOST_THINGS, MOST_CHANGES, MOST_READ = 10, 4, 5, 20
Seen = Mapping[str, Scalar | list[Scalar]]


class Recollecting:
    """`Precedents` over the stores."""

    def __init__(
        self,
        cases: CaseStore,
        recognising: Recognising,
        feedback: FeedbackStore,
        deeds: Deeds,
        estate: EstateReader,
        clock: Clock,
    ) -> None:
        self._cases, self._recognising, self._feedback = cases, recognising, feedback
        self._deeds, self._estate, self._clock = deeds, estate, clock

    async def helped(self, request: TicketRequest) -> Mapping[str, int]:
        pattern_id = await self._known(request)
        if pattern_id is None:
            return {}
        wanted = TicketFilter(state=TicketState.RESOLVED, pattern_id=pattern_id)
        page = await self._cases.find(wanted, None, MOST_CASES)
        cases = [await self._cases.get(ticket.id) for ticket in page.items]
        return Counter(
            one.operation
            for case in cases
            if case.verification is not None and case.verification.passed
            for one in case.outcomes
            if one.kind is OutcomeKind.CHANGED
        )

    async def told(self, request: TicketRequest) -> Sequence[Remedy]:
        pattern_id = await self._known(request)
        if pattern_id is None:
            return ()
        said = await self._feedback.said_of("", pattern_id, request.category, MOST_WORDS)
        return [remedy for remedy in remedies(said.of_pattern) if remedy.confirmed][:MOST_REMEDIES]

    async def _known(self, request: TicketRequest) -> str | None:
        """The pattern that a ticket surely belongs to."""
        found = await self._recognising.find(masked(request.text), request.category)
        return found.key if found.band is Band.AUTOMATIC else None

    async def failed(self, action: Action, seen: Seen) -> Failure | None:
        since = self._clock.now() - FAILURE_HOLDS
        deeds = await self._deeds.upon([action.target], after=since)
        last = next((deed for deed in deeds if deed.operation == action.operation), None)
        if last is None:
            return None
        case = await self._cases.get(last.ticket_id)
        if not _did_not_help(case) or not _is_the_same(case, action, seen):
            return None
        found = ChangeFilter(since=last.finished_at, resource_id=action.target)
        if (await self._estate.changes(found, None, 1)).items:
            return None
        return Failure(last.ticket_id, action.operation, action.target, last.finished_at)

    async def lately(self, resource_ids: Collection[str]) -> Sequence[str]:
        since = self._clock.now() - LATELY
        things = frozenset(sorted(resource_ids)[:MOST_THINGS])
        wanted = ChangeFilter(since=since, resource_ids=things)
        try:
            found = (await self._estate.changes(wanted, None, MOST_READ)).items
        except DatacenterDocsError:
            return ()
        changes = [change for change in found if change.survey != FIRST_SURVEY]
        changes.sort(key=lambda change: (change.at, change.resource_id), reverse=True)
        return [told for change in changes for told in _told(change)][:MOST_CHANGES]


def _did_not_help(case: Case) -> bool:
    """Whether it was done, and looking afterwards did not find it healed; what never reached its target taught nothing."""
    if case.verification is None or case.ticket.state is TicketState.RESOLVED:
        return False
    return any(check.passed is False for check in case.verification.checks)


def _is_the_same(case: Case, action: Action, seen: Seen) -> bool:
    """The same action in the same state: same parameters, same pre-state, and nothing that it was judged by is otherwise.

    Numbers move by themselves and are left out; of what only one of the two looked at, nothing is known.
    """
    if case.diagnosis is None:
        return False
    tried = [one for one in case.diagnosis.plan.actions if one.identity == action.identity]
    states = [one.look.state for one in tried if one.look]
    if not tried or (action.look is not None and action.look.state not in states):
        return False
    before = case.diagnosis.seen
    return all(
        before[key] == value
        for key, value in seen.items()
        if key in before and not _is_a_number(value) and not _is_a_number(before[key])
    )


def _is_a_number(value: Scalar | list[Scalar]) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _told(change: Change) -> Sequence[str]:
    when = f"found by survey {change.survey} on {change.at:%Y-%m-%d %H:%M} UTC"
    if not change.attributes:
        return [f"{change.name} {change.kind} ({when})"]
    return [
        f"{change.name}: {one.attribute} became {one.after!r}, was {one.before!r} ({when})"
        for one in change.attributes
    ]
