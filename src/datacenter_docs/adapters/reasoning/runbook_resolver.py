"""`Resolver` without a model: runbooks ask the live estate, and the cause that the reads confirm best is the diagnosis.

Deterministic: the same ticket on the same estate gives the same answer. What it does not know it says.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from datacenter_docs.adapters.reasoning import misspelling, wording
from datacenter_docs.adapters.reasoning.findings import Finding, best_first, rivals, separate
from datacenter_docs.adapters.reasoning.live_reads import LiveReads
from datacenter_docs.adapters.reasoning.tracing import Tracing
from datacenter_docs.domain import evaluating
from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.plans import Plan
from datacenter_docs.domain.runbooks import Ear, Runbook
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.domain.words import phrase
from datacenter_docs.ports.platforms import Gap, PlatformReader
from datacenter_docs.ports.reasoning import Precedents

MOST_HEARD = 16_000
"""Characters of a ticket that are listened to: it says what is wrong before it pastes its log."""
GAP_FACTOR = 0.5
"""What is left of the confidence when a part that the ticket names could not be read."""
GUESSED_FACTOR = 0.8
"""What is left of it when a name had to be guessed from one that is written wrongly."""


class RunbookResolver:
    """Resolves tickets from runbooks, live reads, and what helped before."""

    def __init__(
        self,
        library: Sequence[Runbook],
        reader: PlatformReader,
        precedents: Precedents | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._library, self._ear = library, Ear(library)
        self._sight = [one for one in library if one.trigger.by_sight]
        self._reader = reader
        self._precedents = precedents
        self._sleep = sleep

    async def resolve(self, request: TicketRequest) -> Diagnosis:
        reads = LiveReads(self._reader, self._sleep)
        text = request.text[:MOST_HEARD]
        books = self._ear.asked_for(text, request.category)
        looked = await self._looked(request, text, books, reads)
        if not looked and books:
            meant = await misspelling.meant(text, books, reads)
            if meant:
                diagnosis = await self._judged(
                    request, await self._looked(request, meant.text, books, reads), books, reads
                )
                return _guessed(diagnosis, meant)
        return await self._judged(request, looked, books, reads)

    async def _looked(
        self, request: TicketRequest, text: str, books: Sequence[Runbook], reads: LiveReads
    ) -> Sequence[Finding]:
        """What was held against what: first what the words ask for, with everything else of the same kinds; where that
        finds nothing, all that can be known by sight.
        """
        tracing = Tracing(self._sight, reads)
        places = {(book.platform, book.target_kind) for book in books}
        asked = {book.name for book in books}
        sight = [one for one in self._sight if one.name not in asked]
        near = [one for one in sight if (one.platform, one.target_kind) in places]
        findings = [*await tracing.told(books, text), *await tracing.seen(near, text)]
        if not any(finding.fits for finding in findings):
            helped = await self._helped(request)
            asked |= {book.name for book in near}
            far = [one for one in self._library if one.name not in asked
                   and (one.trigger.by_sight or (one.suggests and one.suggests.operation in helped))]  # fmt: skip
            findings += await tracing.seen(far, text)
        return [
            cause
            for finding in findings
            for cause in (await tracing.causes(finding) if finding.fits else [finding])
        ]

    async def _judged(
        self,
        request: TicketRequest,
        findings: Sequence[Finding],
        books: Sequence[Runbook],
        reads: LiveReads,
    ) -> Diagnosis:
        fitting = best_first(findings)
        if not fitting:
            return await self._with_hearsay(request, await self._unknown(findings, books, reads))
        troubles = separate(fitting)
        if len(troubles) > 1:
            return wording.several(troubles, await reads.gaps())
        equals = rivals(fitting)
        if len(equals) > 1:
            return wording.which_one(equals, await reads.gaps())
        return await self._diagnosis(request, fitting[0], findings, reads)

    async def _with_hearsay(self, request: TicketRequest, diagnosis: Diagnosis) -> Diagnosis:
        """Where nothing is known, what several people say helped before is worth a look."""
        told = await self._precedents.told(request) if self._precedents else ()
        return diagnosis.replaced(look_at=(*diagnosis.look_at, *map(wording.hearsay, told)))

    async def _unknown(
        self, findings: Sequence[Finding], books: Sequence[Runbook], reads: LiveReads
    ) -> Diagnosis:
        gaps = await reads.gaps()
        if findings:
            return wording.nothing_confirmed(findings, gaps)
        return wording.nothing_named(books, gaps) if books else wording.nothing_known(())

    async def _diagnosis(
        self,
        request: TicketRequest,
        best: Finding,
        findings: Sequence[Finding],
        reads: LiveReads,
    ) -> Diagnosis:
        diagnosis = wording.found(best, findings)
        places = {(one.runbook.platform, one.runbook.target_kind) for one in (*best.above, best)}
        gaps = await reads.gaps(places)
        if any(_speaks_of(request.text, gap) for gap in gaps):
            diagnosis = diagnosis.replaced(
                confidence=round(diagnosis.confidence * GAP_FACTOR, 3), unknowns=wording.told(gaps)
            )
        elif gaps:
            diagnosis = diagnosis.replaced(unknowns=wording.told(gaps))
        action = evaluating.suggested_action(best.runbook, best.candidate.resource, best.others)
        if action is not None:
            plan = Plan(actions=(await self._seen(action),))
            diagnosis = diagnosis.replaced(plan=plan)
        # Both are asked of what is remembered, side by side.
        diagnosis, lately = await asyncio.gather(self._untried(diagnosis), self._lately(diagnosis))
        return diagnosis.replaced(lately=lately)

    async def _untried(self, diagnosis: Diagnosis) -> Diagnosis:
        """Without a plan that failed before and that nothing speaks for since."""
        if self._precedents is None or not diagnosis.plan.actions:
            return diagnosis
        [action] = diagnosis.plan.actions
        failure = await self._precedents.failed(action, diagnosis.seen)
        if failure is None:
            return diagnosis
        tried = (
            f"{failure.operation} was tried for {failure.ticket_id} on {failure.at:%Y-%m-%d %H:%M} UTC and did not help,"
            " and nothing relevant has changed since: it is not proposed again."
        )
        return diagnosis.replaced(
            summary=f"{diagnosis.summary} {tried}",
            plan=Plan(),
            look_at=(
                *diagnosis.look_at,
                f"What {failure.operation} does not mend on {failure.target}.",
            ),
        )

    async def _lately(self, diagnosis: Diagnosis) -> tuple[str, ...]:
        """What changed lately on what the cause sits on, and on what was read for it."""
        if self._precedents is None or diagnosis.about is None:
            return ()
        near = {diagnosis.about, *(key.partition("#")[0] for key in diagnosis.seen)}
        return tuple(await self._precedents.lately(near))

    async def _helped(self, request: TicketRequest) -> Mapping[str, int]:
        return await self._precedents.helped(request) if self._precedents else {}

    async def _seen(self, action: Action) -> Action:
        """The action with its target as it is now; without, when it cannot be read."""
        try:
            return action.replaced(
                look=await self._reader.look(action.operation, action.target, action.parameters)
            )
        except DatacenterDocsError:
            return action


def _guessed(diagnosis: Diagnosis, meant: misspelling.Meant) -> Diagnosis:
    taken = "; ".join(f"{right!r} for {wrong!r}" for wrong, right in meant.words)
    return diagnosis.replaced(
        confidence=round(diagnosis.confidence * GUESSED_FACTOR, 3),
        unknowns=(f"Names are written otherwise in the estate, taken was {taken}: is that meant?",
                  *diagnosis.unknowns),
    )  # fmt: skip


def _speaks_of(text: str, gap: Gap) -> bool:
    """Whether the ticket names the part that could not be read; a whole connection that is missing counts always."""
    return not gap.part or phrase(gap.part) in phrase(text)
