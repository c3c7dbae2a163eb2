"""Holds runbooks against things, and follows a trouble down to what it stands on: pod, node, VM, host, port; datastore, volume.

What is found beneath is the cause; what the ticket names is only where it was felt.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

from datacenter_docs.adapters.reasoning.findings import Finding
from datacenter_docs.adapters.reasoning.live_reads import LiveReads, Place
from datacenter_docs.adapters.reasoning.steps import Steps
from datacenter_docs.domain import evaluating
from datacenter_docs.domain.evaluating import NONE_ELSE
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.domain.targets import NAMED, Candidate, candidates

DEEPEST = 6
"""Steps that are followed down."""


class Tracing:
    """The holding and following for one ticket."""

    def __init__(self, by_sight: Sequence[Runbook], reads: LiveReads) -> None:
        """`by_sight`: the runbooks that tell a trouble by their conditions alone."""
        self._reads, self._steps = reads, Steps(reads)
        self._named: dict[tuple[Place, str], Sequence[Candidate]] = {}
        self._by_sight: defaultdict[Place, list[Runbook]] = defaultdict(list)
        for runbook in by_sight:
            self._by_sight[runbook.platform, runbook.target_kind].append(runbook)

    async def told(self, books: Sequence[Runbook], text: str) -> Sequence[Finding]:
        """Runbooks that the words asked for, against everything of their kind that the ticket may mean."""
        return [
            await self._held(book, candidate, told=True)
            for book in books
            for candidate in await self._meant(book, text)
        ]

    async def seen(self, books: Sequence[Runbook], text: str) -> Sequence[Finding]:
        """Runbooks that no word asked for, against what the ticket names plainly."""
        return [
            await self._held(book, candidate, told=False)
            for book in books
            for candidate in await self._meant(book, text)
            if candidate.relevance >= NAMED
        ]

    async def causes(
        self, finding: Finding, met: Collection[tuple[str, str]] = ()
    ) -> Sequence[Finding]:
        """What a trouble comes from: that which is found beneath, as deep as it goes; else the finding itself."""
        on_the_way = {*met, finding.cause}
        deeper: list[Finding] = []
        for beneath in await self._beneath(finding) if len(finding.above) < DEEPEST else ():
            if beneath.fits and beneath.cause not in on_the_way:
                deeper += await self.causes(beneath, on_the_way)
        return deeper or [finding]

    async def _beneath(self, finding: Finding) -> Sequence[Finding]:
        above = (*finding.above, finding)
        found: list[Finding] = []
        for step in finding.runbook.related:
            for thing in finding.others.get(step.name, ()) if step.beneath else ():
                under = Candidate(thing, finding.candidate.relevance)
                for book in self._by_sight[step.platform, step.kind]:
                    held = await self._held(book, under, told=finding.told)
                    found.append(held._replace(above=above))
        return found

    async def _held(self, book: Runbook, candidate: Candidate, *, told: bool) -> Finding:
        """Its own facts first: where they rule it out, nothing that is related is read, and nothing watched."""
        others = NONE_ELSE
        if not evaluating.ruled_out(book, candidate.resource):
            others = await self._steps.others(book, candidate.resource)
            attributes = evaluating.watched(book)
            if attributes:
                watched = await self._reads.watched(candidate.resource, attributes)
                candidate = candidate._replace(resource=watched)
        evaluation = evaluating.evaluate(book, candidate.resource, others)
        return Finding(book, candidate, evaluation, others, told)

    async def _meant(self, book: Runbook, text: str) -> Sequence[Candidate]:
        """Asked once for all runbooks of a kind: names of a large estate are many."""
        place = (book.platform, book.target_kind)
        if (place, text) not in self._named:
            self._named[place, text] = candidates(text, await self._reads.of(*place))
        return self._named[place, text]
