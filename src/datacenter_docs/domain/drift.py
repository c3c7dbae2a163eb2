"""What is different between two times: the changes of a time, with what came and went in between taken out. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from datacenter_docs.domain.changes import AttributeChange, Change, ChangeKind, same

_CAME = (ChangeKind.APPEARED, ChangeKind.RETURNED)


def netted(changes: Iterable[Change]) -> Sequence[Change]:
    """One change for each resource that is different in the end, in the order of ids; each with the survey that found the
    last step of it. `changes`: all of a time, in any order.
    """
    steps: dict[str, list[Change]] = {}
    for change in sorted(changes, key=lambda one: (one.survey, one.at)):
        steps.setdefault(change.resource_id, []).append(change)
    found = (_net(steps[resource_id]) for resource_id in sorted(steps))
    return [change for change in found if change is not None]


def _net(steps: Sequence[Change]) -> Change | None:
    """The steps of one resource as one, oldest first; None: in the end it is as it was."""
    first, last = steps[0], steps[-1]
    was_there, is_there = first.kind not in _CAME, last.kind is not ChangeKind.VANISHED
    if not was_there and not is_there:
        return None
    if was_there and not is_there:
        return last
    attributes = tuple(_attributes(steps))
    if not was_there:
        kept = attributes if first.kind is ChangeKind.RETURNED else ()
        return replace(last, kind=first.kind, attributes=kept)
    return replace(last, kind=ChangeKind.CHANGED, attributes=attributes) if attributes else None


def _attributes(steps: Sequence[Change]) -> Iterable[AttributeChange]:
    """The first value before and the last one after, where they differ."""
    merged: dict[str, AttributeChange] = {}
    for step in steps:
        for one in step.attributes:
            earlier = merged.get(one.attribute)
            merged[one.attribute] = one if earlier is None else _joined(earlier, one)
    return [merged[name] for name in sorted(merged) if not _is_as_before(merged[name])]


def _joined(earlier: AttributeChange, later: AttributeChange) -> AttributeChange:
    return replace(later, before=earlier.before, before_fact=earlier.before_fact)


def _is_as_before(change: AttributeChange) -> bool:
    said = (change.before_fact is None) == (change.after_fact is None)
    return said and same(change.before, change.after)


def by_day(changes: Iterable[Change]) -> Mapping[str, Sequence[Change]]:
    """Changes by the day on which they were found (UTC, ISO), the newest day first; within it by name and id."""
    days: dict[str, list[Change]] = {}
    for change in sorted(changes, key=lambda one: (one.name, one.resource_id, one.survey)):
        days.setdefault(change.at.date().isoformat(), []).append(change)
    return {day: days[day] for day in sorted(days, reverse=True)}
