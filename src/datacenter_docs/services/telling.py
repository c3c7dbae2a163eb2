"""Changes and deeds as prose: what happened to a thing, with the facts before and after, and who had asked for it."""

from collections.abc import Iterable, Sequence

from datacenter_docs.domain import citing
from datacenter_docs.domain.changes import AttributeChange, Change, ChangeKind
from datacenter_docs.domain.citing import Cite, Proof, ProofKind, Words
from datacenter_docs.domain.deeds import Deed
from datacenter_docs.domain.drift_pages import ChangeGroup, DeedRow, ValueChange
from datacenter_docs.domain.outcomes import OutcomeKind
from datacenter_docs.domain.speaking import label, spoken
from datacenter_docs.ports.estate import ChangeFilter, EstateReader

HAPPENED = {
    ChangeKind.APPEARED: "appeared",
    ChangeKind.RETURNED: "came back",
    ChangeKind.VANISHED: "is gone",
    ChangeKind.CHANGED: "changed",
}
"""A kind of change, in words."""
_OUTCOMES = {
    OutcomeKind.CHANGED: "done",
    OutcomeKind.UNCHANGED: "it was so already",
    OutcomeKind.FAILED: "failed",
    OutcomeKind.AMBIGUOUS: "nobody can tell whether it took effect",
    OutcomeKind.UNDONE: "undone",
}


async def read(
    estate: EstateReader, wanted: ChangeFilter, most: int
) -> tuple[Sequence[Change], bool]:
    """The newest changes, at most so many, and whether there are more."""
    found: list[Change] = []
    cursor: str | None = None
    while len(found) < most:
        page = await estate.changes(wanted, cursor, min(500, most - len(found)))
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found, False
    return found, True


def groups(changes: Iterable[Change], deeds: Sequence[Deed]) -> Sequence[ChangeGroup]:
    """Changes by resource, in their order. `deeds`: what tickets did upon any of them."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.resource_id, []).append(change)
    return [_group(steps, deeds) for steps in found.values()]


def deed_row(deed: Deed) -> DeedRow:
    """A deed as documents tell it."""
    proof = Proof(ProofKind.TICKET, deed.ticket_id)
    return DeedRow(
        ticket=Cite(deed.ticket_id, proof),
        operation=Cite(deed.operation, proof),
        outcome=Words(_OUTCOMES.get(deed.kind, deed.kind)),
    )


def survey(number: int) -> Cite:
    """A survey, by its number."""
    return citing.surveyed(number, f"survey {number}")


def _group(steps: Sequence[Change], deeds: Sequence[Deed]) -> ChangeGroup:
    newest = max(steps, key=lambda step: step.survey)
    return ChangeGroup(
        name=Cite(newest.name, Proof(ProofKind.FACT, newest.named_by)),
        kind=Words(label(newest.resource_id.split(":", 3)[2])),
        happened=tuple(
            (
                Words(HAPPENED[step.kind]),
                survey(step.survey),
                tuple(map(_value, step.attributes)),
            )
            for step in steps
        ),
        deeds=tuple(deed_row(deed) for deed in deeds if deed.target == newest.resource_id),
    )


def _value(change: AttributeChange) -> ValueChange:
    def cite(value: object, fact: str | None) -> Cite | None:
        if fact is None:
            return None
        text = spoken(change.attribute, value)  # type: ignore[arg-type]  # one of the change's own values
        return Cite(text, Proof(ProofKind.FACT, fact))

    return ValueChange(
        label=Words(label(change.attribute)),
        before=cite(change.before, change.before_fact),
        after=cite(change.after, change.after_fact),
    )
