"""What the resolver answers, in words: a diagnosis, a question, or what it looked at in vain."""

from collections.abc import Iterable, Sequence

from datacenter_docs.adapters.reasoning.findings import Finding
from datacenter_docs.domain.diagnosis import Diagnosis, Evidence, Rejected
from datacenter_docs.domain.remedies import Remedy
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.ports.platforms import Gap

MOST_EVIDENCE, MOST_REJECTED, MOST_NAMED, MOST_GAPS = 20, 8, 5, 20
WHICH_SYSTEM = "Which system is it about, and what was last seen working?"
WHICH_RESOURCE = (
    "Which resource is it about? Name the device and the port, the host and the volume."
)


def nothing_known(gaps: Sequence[Gap]) -> Diagnosis:
    """No runbook speaks of it, and nothing that is named shows a trouble."""
    return Diagnosis(
        summary="Not known: no runbook speaks of this. Somebody has to look; what helped can be told as feedback.",
        unknowns=(WHICH_SYSTEM, *told(gaps)),
    )


def nothing_named(considered: Sequence[Runbook], gaps: Sequence[Gap]) -> Diagnosis:
    """Runbooks would apply, to nothing."""
    names = ", ".join(runbook.name for runbook in considered)
    return Diagnosis(
        summary=f"Not known: {names} would apply, but the ticket names nothing that is in the estate.",
        unknowns=(WHICH_RESOURCE, *told(gaps)),
    )


def nothing_confirmed(findings: Sequence[Finding], gaps: Sequence[Gap]) -> Diagnosis:
    """What was looked at, and shows nothing that a runbook knows."""
    ordered = sorted(findings, key=lambda f: (not f.told, not f.is_named, f.cause))
    evidence: list[Evidence] = []
    for finding in ordered:
        for item in (*finding.evaluation.failed, *finding.evaluation.passed):
            if item not in evidence:
                evidence.append(item)
    places = sorted({finding.candidate.resource.name for finding in ordered})
    spoken = sorted({finding.runbook.name for finding in ordered if finding.told})
    if spoken:
        what = f"the live reads do not confirm {', '.join(spoken)} on {_some(places)}"
    else:
        what = f"no runbook finds a trouble on {_some(places)}"
    return Diagnosis(
        summary=f"Not known: {what}.",
        evidence=tuple(evidence[:MOST_EVIDENCE]),
        rejected=rejected(ordered),
        unknowns=told(gaps),
        look_at=(
            f"Look at {_some(places)} as a user does: what is read of it shows no trouble that is known.",
        ),
    )


def which_one(equals: Sequence[Finding], gaps: Sequence[Gap]) -> Diagnosis:
    """Several fit equally well: a person has to say."""
    named = "; ".join(
        f"{one.candidate.resource.name} ({one.runbook.summary})" for one in equals[:MOST_NAMED]
    )
    return Diagnosis(
        summary=f"Not known for sure: {len(equals)} possibilities fit equally well: {named}",
        evidence=tuple(item for one in equals for item in one.evaluation.passed)[:MOST_EVIDENCE],
        unknowns=(f"Which one is meant: {named}?", *told(gaps)),
    )


def several(troubles: Sequence[Finding], gaps: Sequence[Gap]) -> Diagnosis:
    """More than one trouble, each confirmed: one plan would leave the others behind."""
    named = "; ".join(
        f"{one.candidate.resource.name}: {one.runbook.summary}" for one in troubles[:MOST_NAMED]
    )
    return Diagnosis(
        summary=f"{len(troubles)} troubles in one ticket: {named} Each needs a ticket of its own, so that none is lost.",
        evidence=tuple(item for one in troubles for item in one.evaluation.passed)[:MOST_EVIDENCE],
        unknowns=told(gaps),
        look_at=tuple(
            f"Write a ticket about {one.candidate.resource.name} alone: {one.runbook.summary}"
            for one in troubles[:MOST_NAMED]
        ),
    )


def found(best: Finding, findings: Sequence[Finding]) -> Diagnosis:
    """The cause, without its plan."""
    runbook, resource, evaluation = best.runbook, best.candidate.resource, best.evaluation
    sentences = [
        f"{resource.name}: {runbook.summary}",
        *(item.statement for item in evaluation.passed),
    ]
    if runbook.leave_alone:
        sentences.append("Leave it as it is.")
    if best.above:
        felt = " <- ".join(one.candidate.resource.name for one in (*best.above, best))
        sentences.append(f"That is felt further up: {felt}.")
    evidence = [*evaluation.passed, *evaluation.failed]
    evidence += [item for one in best.above for item in one.evaluation.passed]
    seen = dict(evaluation.seen)
    for one in best.above:
        seen |= one.evaluation.seen
    return Diagnosis(
        summary=" ".join(sentences),
        cause=runbook.summary,
        confidence=best.confidence,
        evidence=tuple(evidence[:MOST_EVIDENCE]),
        resolver=f"runbook:{runbook.name}",
        about=resource.id,
        rejected=rejected(one for one in findings if not one.fits),
        look_at=runbook.look_at,
        leave_alone=runbook.leave_alone,
        healed_when=runbook.healed_when,
        seen=seen,
    )


def rejected(findings: Iterable[Finding]) -> tuple[Rejected, ...]:
    """Causes that were thought of and are not it, each once; those that the ticket speaks of first."""
    ordered = sorted(findings, key=lambda f: (not f.told, not f.is_named, f.cause))
    first: dict[str, Rejected] = {}
    for one in ordered:
        if one.evaluation.because and one.runbook.name not in first:
            first[one.runbook.name] = Rejected(
                cause=one.runbook.summary,
                because=one.evaluation.because,
                resource=one.candidate.resource.id,
            )
    return tuple(first.values())[:MOST_REJECTED]


def told(gaps: Sequence[Gap]) -> tuple[str, ...]:
    """What could not be read, as sentences."""
    said = [
        f"{gap.connection}{f' {gap.part}' if gap.part else ''} could not be read: {gap.reason}"
        for gap in gaps[:MOST_GAPS]
    ]
    more = len(gaps) - len(said)
    return (*said, *([f"{more} more things could not be read."] if more > 0 else []))


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def hearsay(remedy: Remedy) -> str:
    """What people say helped, as such."""
    return f"{remedy.people} people say that this helped on {remedy.tickets} tickets like it: {remedy.text}"
