"""How dangerous is this action, and what would undo it? From the catalogue and from what was seen of the target.

The class starts at the catalogue's and is only ever raised: by hazards of the target, by parameters compared with the
pre-state, by an undo that cannot be built. Whatever was not seen raises too, where it could have mattered.

An operation that leaves the state as it was (a restart; clearing counters, which the journal keeps) needs no inverse,
so the lack of one does not raise it: the table of the spec calls these safe. An operation that changes the state and
cannot be undone here is critical, whatever its base class.
"""

from collections.abc import Iterable, Mapping

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.catalogue import operation, validate_parameters
from datacenter_docs.domain.operations import (
    CRITICAL,
    SAFE,
    ActionClass,
    Classified,
    Operation,
    RiskLevel,
)
from datacenter_docs.domain.values import Scalar

Parameters = dict[str, Scalar | list[Scalar]]

_RISKS = {
    ActionClass.READ_ONLY: RiskLevel.LOW,
    ActionClass.SAFE_WRITE: RiskLevel.MEDIUM,
    ActionClass.CRITICAL_WRITE: RiskLevel.HIGH,
}


def risk_of(action_class: ActionClass) -> RiskLevel:
    """The seed's risk level of a class."""
    return _RISKS[action_class]


def classify(action: Action) -> Classified | None:
    """The class of an action, with a sentence for each thing that raised it. None: not in the catalogue."""
    entry = operation(action.operation)
    if entry is None:
        return None
    undoable = not entry.changes or _inverse_parameters(entry, action) is not None
    reasons = _hazards(entry, action) + _lowering(entry, action)
    if not undoable:
        reasons += (f"{entry.name} on {action.target}: cannot be undone, {why_final(action)}",)
    return Classified(
        action_class=CRITICAL if reasons else entry.base_class,
        base_class=entry.base_class,
        reasons=reasons,
        undoable=undoable,
    )


def highest(classified: Iterable[Classified | None]) -> ActionClass:
    """The highest class; None, which is not in the catalogue, counts as critical; nothing at all as read-only."""
    classes = [found.action_class if found else CRITICAL for found in classified]
    return next((each for each in (CRITICAL, SAFE) if each in classes), ActionClass.READ_ONLY)


def inverse_action(action: Action) -> Action | None:
    """What undoes an action, built from its pre-state. None: nothing does, or the pre-state needed was not seen.

    The inverse has no look of its own: whoever runs it looks first.
    """
    entry = operation(action.operation)
    parameters = _inverse_parameters(entry, action) if entry else None
    if entry is None or entry.inverse is None or parameters is None:
        return None
    return Action(
        operation=entry.inverse,
        target=action.target,
        parameters=parameters,
        why=f"Undoes {entry.name}.",
    )


def why_final(action: Action) -> str:
    """Why nothing undoes an action, as the end of a sentence."""
    entry = operation(action.operation)
    if entry is None:
        return "it is not in the catalogue"
    return entry.no_inverse_because or _why_not(entry, action)


def conclusion_of(action: Action) -> Action | None:
    """What makes an action final once the plan is verified. None: it is final already."""
    entry = operation(action.operation)
    if entry is None or entry.concluded_by is None:
        return None
    return Action(
        operation=entry.concluded_by,
        target=action.target,
        parameters=action.parameters,
        why=f"Makes {entry.name} final.",
    )


def is_lowered(action: Action, attribute: str) -> bool | None:
    """Whether a parameter is below the attribute of the same name in the pre-state; None: one of them is no number."""
    wanted = _number(action.parameters.get(attribute))
    current = _number(action.look.state.get(attribute)) if action.look else None
    return None if wanted is None or current is None else wanted < current


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _hazards(entry: Operation, action: Action) -> tuple[str, ...]:
    if not entry.raised_by:
        return ()
    if action.look is None or action.look.hazards is None:
        what = ", ".join(sorted(entry.raised_by))
        return (f"{entry.name} on {action.target}: could not find out whether this is a {what}",)
    return tuple(
        f"{entry.name} on {action.target}: raised by {hazard}"
        for hazard in sorted(entry.raised_by.intersection(action.look.hazards))
    )


def _lowering(entry: Operation, action: Action) -> tuple[str, ...]:
    attribute = entry.raised_when_lowered
    if attribute is None:
        return ()
    if action.parameters.get(attribute) == 0:
        return (f"{entry.name} on {action.target}: sets {attribute} to zero",)
    lowered = is_lowered(action, attribute)
    if lowered is None:
        return (f"{entry.name} on {action.target}: the current {attribute} is not known",)
    return (f"{entry.name} on {action.target}: lowers {attribute}",) if lowered else ()


def _inverse_parameters(entry: Operation, action: Action) -> Parameters | None:
    """The parameters of the inverse; None: it cannot be built."""
    inverse = operation(entry.inverse) if entry.inverse else None
    look = action.look
    if inverse is None or look is None or not look.exists:
        return None
    if entry.no_inverse_with and (
        look.hazards is None or entry.no_inverse_with.intersection(look.hazards)
    ):
        return None
    if any(look.state.get(attribute) is None for attribute in entry.changes):
        return None
    parameters = {
        **_picked(entry.inverse_from_state, look.state),
        **_picked(entry.inverse_from_parameters, action.parameters),
    }
    return None if validate_parameters(inverse, parameters) else parameters


def _why_not(entry: Operation, action: Action) -> str:
    """Why the inverse that there is cannot be used here."""
    hazards = action.look.hazards if action.look else None
    found = sorted(entry.no_inverse_with.intersection(hazards or ()))
    if found:
        return f"because of {', '.join(found)}"
    return "the pre-state to restore is not known here"


def _picked(wanted: Mapping[str, str], source: Mapping[str, Scalar | list[Scalar]]) -> Parameters:
    return {name: source[key] for name, key in wanted.items() if key in source}
