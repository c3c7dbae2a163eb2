"""A runbook held against a thing, and how findings are ranked. Values; nothing is read here."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from datacenter_docs.domain.evaluating import Evaluation, Others
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.domain.targets import NAMED, Candidate

BY_SIGHT_FACTOR = 0.95
"""What is left of the confidence where no word of the ticket speaks of the trouble that was seen."""
DEEPER_FACTOR = 0.99
"""What is left of it with every step from what the ticket names down to the cause."""


class Finding(NamedTuple):
    """A runbook held against one thing, and the `others` that are related to it. `told`: the ticket's words asked for it.

    `above`: what it makes ill, from what the ticket names downwards; empty where the ticket names the thing itself.
    """

    runbook: Runbook
    candidate: Candidate
    evaluation: Evaluation
    others: Others
    told: bool
    above: tuple["Finding", ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it is a cause that the reads confirm."""
        return self.evaluation.fits

    @property
    def confidence(self) -> float:
        """How sure it is, 0..1."""
        known = 1.0 if self.told else BY_SIGHT_FACTOR
        return round(self.evaluation.confidence * known * DEEPER_FACTOR ** len(self.above), 3)

    @property
    def rank(self) -> tuple[float, int, bool, int]:
        """The higher, the better: first by evidence, then by how plainly the thing was named."""
        return (
            self.confidence,
            self.candidate.relevance,
            self.told,
            len(self.evaluation.passed),
        )

    @property
    def cause(self) -> tuple[str, str]:
        """What it is, and where."""
        return self.runbook.name, self.candidate.resource.id

    @property
    def is_a_guess(self) -> bool:
        """Whether the ticket does not name the thing, and the one condition only says that it could be so."""
        return not self.is_named and len(self.runbook.conditions) == 1

    @property
    def is_named(self) -> bool:
        """Whether the ticket names the thing, or what is ill by it."""
        return self.candidate.relevance >= NAMED


def best_first(findings: Iterable[Finding]) -> Sequence[Finding]:
    """Those that fit, each cause once, the best first; of equals in the order of names, so that the answer stays the same.

    Of things that are not named, what shows a trouble goes before what only could have one.
    """
    best: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        known = best.get(finding.cause)
        if finding.fits and (known is None or finding.rank > known.rank):
            best[finding.cause] = finding
    shown = [one for one in best.values() if not one.is_a_guess]
    by_name = sorted(shown or best.values(), key=lambda finding: finding.cause)
    return sorted(by_name, key=lambda finding: finding.rank, reverse=True)


def rivals(ordered: Sequence[Finding]) -> Sequence[Finding]:
    """The best one and all that are as good on another thing, or would be repaired in another way. One alone: nothing rivals."""
    best = ordered[0]
    return [best, *(one for one in ordered[1:] if _is_as_good(one, best))]


def _is_as_good(one: Finding, best: Finding) -> bool:
    if one.rank[:2] != best.rank[:2]:
        return False
    if one.candidate.resource.id != best.candidate.resource.id:
        return True
    return one.rank == best.rank and one.runbook.suggests != best.runbook.suggests


def separate(ordered: Sequence[Finding]) -> Sequence[Finding]:
    """Troubles of their own: on different things that the ticket names, of different kinds, each spoken of, none the cause
    of another. The best of each thing.
    """
    found: list[Finding] = []
    for one in ordered:
        if one.told and one.is_named and not any(_belong_together(one, other) for other in found):
            found.append(one)
    return found


def _belong_together(one: Finding, other: Finding) -> bool:
    return one.runbook.name == other.runbook.name or bool(_things(one) & _things(other))


def _things(finding: Finding) -> set[str]:
    """What a finding is about: the cause, and all that is ill by it, with what these are related to."""
    every = (finding, *finding.above)
    near = {one.id for each in every for some in each.others.values() for one in some}
    return {each.candidate.resource.id for each in every} | near
