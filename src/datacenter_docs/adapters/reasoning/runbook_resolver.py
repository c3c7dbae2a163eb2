"""`Resolver` without a model: runbooks ask the live estate, and the best confirmed one is the diagnosis.

Deterministic: the same ticket on the same estate gives the same answer. What it does not know it says.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from datacenter_docs.domain import runbooks, targets
from datacenter_docs.domain.diagnosis import Diagnosis, Evidence
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.runbooks import Evaluation, Runbook
from datacenter_docs.domain.targets import Candidate
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.domain.words import phrase
from datacenter_docs.ports.platforms import Gap, Inventory, PlatformReader

MAX_RUNBOOKS = 8
"""So many triggered runbooks are asked at most, the most specific first."""
GAP_FACTOR = 0.5
"""What is left of the confidence when a part that the ticket names could not be read."""
Reads = Mapping[tuple[str, str], Inventory]


class _Finding(NamedTuple):
    """A runbook held against one candidate."""

    runbook: Runbook
    candidate: Candidate
    evaluation: Evaluation

    @property
    def rank(self) -> tuple[float, int]:
        return self.evaluation.confidence, self.candidate.relevance


class RunbookResolver:
    """Resolves tickets from runbooks and live reads."""

    def __init__(self, library: Sequence[Runbook], reader: PlatformReader) -> None:
        self._library = library
        self._reader = reader

    async def resolve(self, request: TicketRequest) -> Diagnosis:
        triggered = [
            r for r in self._library if runbooks.triggered(r, request.text, request.category)
        ]
        if not triggered:
            return _no_runbook()
        considered = sorted(triggered, key=lambda r: (-len(r.trigger.all_of), r.name))[
            :MAX_RUNBOOKS
        ]
        reads = await self._read(considered)
        findings = [
            finding for runbook in considered for finding in _held(runbook, request.text, reads)
        ]
        gaps = sorted({gap for inventory in reads.values() for gap in inventory.gaps}, key=str)
        fitting = sorted(
            (f for f in findings if f.evaluation.fits), key=lambda f: f.rank, reverse=True
        )
        if not fitting:
            return _not_confirmed(considered, findings, gaps)
        rivals = [f for f in fitting[1:] if f.rank == fitting[0].rank]
        if rivals:
            return _ambiguous([fitting[0], *rivals], gaps)
        return await self._diagnosis(request, fitting[0], gaps)

    async def _read(self, considered: Sequence[Runbook]) -> Reads:
        """Every kind that is needed, once, side by side."""
        wanted = sorted({(runbook.platform, runbook.target_kind) for runbook in considered})
        answers = await asyncio.gather(
            *(self._reader.inventory(platform, kind=kind) for platform, kind in wanted)
        )
        return dict(zip(wanted, answers, strict=True))

    async def _diagnosis(
        self, request: TicketRequest, found: _Finding, gaps: Sequence[Gap]
    ) -> Diagnosis:
        runbook, resource, evaluation = found.runbook, found.candidate.resource, found.evaluation
        action = runbooks.suggested_action(runbook, resource)
        confidence = evaluation.confidence
        if any(_speaks_of(request.text, gap) for gap in gaps):
            confidence *= GAP_FACTOR
        return Diagnosis(
            summary=f"{resource.name}: {runbook.summary} {' '.join(_sentences(evaluation.passed))}".rstrip(),
            cause=runbook.summary,
            confidence=round(confidence, 3),
            evidence=(*evaluation.passed, *evaluation.failed),
            unknowns=_told(gaps),
            plan=Plan(actions=(await self._seen(action),)) if action else Plan(),
            healed_when=runbook.healed_when,
            resolver=f"runbook:{runbook.name}",
        )

    async def _seen(self, action: Action) -> Action:
        """The action with its target as it is now; without, when it cannot be read."""
        try:
            return action.replaced(
                look=await self._reader.look(action.operation, action.target, action.parameters)
            )
        except DatacenterDocsError:
            return action


def _held(runbook: Runbook, text: str, reads: Reads) -> Sequence[_Finding]:
    resources = reads[runbook.platform, runbook.target_kind].resources
    return [
        _Finding(runbook, candidate, runbooks.evaluate(runbook, candidate.resource))
        for candidate in targets.candidates(text, resources)
    ]


def _no_runbook() -> Diagnosis:
    return Diagnosis(
        summary="Not known: no runbook speaks of this. Somebody has to look; what helped can be told as feedback.",
        unknowns=("Which system is it about, and what was last seen working?",),
    )


def _not_confirmed(
    considered: Sequence[Runbook], findings: Sequence[_Finding], gaps: Sequence[Gap]
) -> Diagnosis:
    names = ", ".join(runbook.name for runbook in considered)
    if not findings:
        return Diagnosis(
            summary=f"Not known: {names} would apply, but the ticket names nothing that is in the estate.",
            unknowns=(
                "Which resource is it about? Name the device and the port, the host and the volume.",
                *_told(gaps),
            ),
        )
    evidence: list[Evidence] = []
    for finding in sorted(findings, key=lambda f: f.rank, reverse=True):
        evidence += [
            e
            for e in (*finding.evaluation.failed, *finding.evaluation.passed)
            if e not in evidence
        ]
    looked_at = ", ".join(sorted({finding.candidate.resource.name for finding in findings}))
    return Diagnosis(
        summary=f"Not known: the live reads do not confirm {names} on {looked_at}.",
        evidence=tuple(evidence[:20]),
        unknowns=_told(gaps),
    )


def _ambiguous(rivals: Sequence[_Finding], gaps: Sequence[Gap]) -> Diagnosis:
    told = "; ".join(
        f"{rival.candidate.resource.name} ({rival.runbook.summary})" for rival in rivals
    )
    return Diagnosis(
        summary=f"Not known for sure: {len(rivals)} possibilities fit equally well: {told}",
        evidence=tuple(evidence for rival in rivals for evidence in rival.evaluation.passed)[:20],
        unknowns=(f"Which one is meant: {told}?", *_told(gaps)),
    )


def _sentences(evidence: Sequence[Evidence]) -> Sequence[str]:
    return [item.statement for item in evidence]


def _told(gaps: Sequence[Gap]) -> tuple[str, ...]:
    return tuple(
        f"{gap.connection}{f' {gap.part}' if gap.part else ''} could not be read: {gap.reason}"
        for gap in gaps
    )


def _speaks_of(text: str, gap: Gap) -> bool:
    """Whether the ticket names the part that could not be read; a whole connection that is missing counts always."""
    return not gap.part or phrase(gap.part) in phrase(text)
