"""What is wrong with an action, whoever wants to run it: the rules that bind automation and people alike."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from datacenter_docs.domain.actions import Action
from datacenter_docs.domain.catalogue import operation, validate_parameters
from datacenter_docs.domain.classification import is_lowered
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.operations import Operation
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.values import Scalar
from datacenter_docs.domain.words import phrase


def problems_of_action(action: Action) -> Iterator[str]:
    """What the catalogue and the target say against an action, as sentences."""
    entry = operation(action.operation)
    if entry is None:
        yield f"{action.operation} is not an operation of the catalogue"
        return
    yield from _of_operation(entry, action)
    yield from _of_target(entry, action)


def forbidden_by(policy: Policy, actions: Iterable[Action]) -> Iterator[str]:
    """What the owner forbids to people as well: words, and a reset in place of a restart."""
    for action in actions:
        # Phrases that stand next to each other have two spaces between them, so no command is found across two texts.
        heard = _name_phrase(action.operation) + "".join(
            map(phrase, _free_texts(action.parameters))
        )
        for command in policy.forbidden_phrases:
            if command in heard:
                yield f"the policy forbids '{command.strip()}': {action.operation} on {action.target}"
        if action.parameters.get("allow_reset") and not policy.restart_may_reset:
            yield f"the policy does not allow a reset: {action.operation} on {action.target}"


def _of_operation(entry: Operation, action: Action) -> Iterator[str]:
    if not entry.plannable:
        yield f"{entry.name} only undoes another operation and is never planned on its own"
    for field, message in validate_parameters(entry, action.parameters).items():
        yield f"{entry.name}: parameter {field or '(all)'}: {message}"


def _of_target(entry: Operation, action: Action) -> Iterator[str]:
    try:
        target = ResourceId.parse(action.target)
    except Invalid as error:
        yield error.message
        return
    if (target.platform, target.kind) != (entry.platform, entry.target_kind):
        yield f"{entry.name} is for a {entry.platform} {entry.target_kind}, not for {action.target}"
    look = action.look
    if look is None or not look.exists:
        yield f"{action.target} " + ("could not be read" if look is None else "does not exist")
        return
    for hazard in sorted(entry.refused_by) if entry.refused_by else ():
        if look.hazards is None:
            yield f"{entry.name} on {action.target}: could not find out whether it is a {hazard}"
        elif hazard in look.hazards:
            yield f"{entry.name} is never done on a {hazard}: {action.target}"
    attribute = entry.refused_when_lowered
    if attribute is not None and is_lowered(action, attribute) is not False:
        yield f"{entry.name} on {action.target}: {attribute} would not grow, or its current value is not known"


_name_phrase = lru_cache(maxsize=256)(phrase)
"""Operation names are few and asked for in every decision."""


def _free_texts(parameters: dict[str, Scalar | list[Scalar]]) -> Iterator[str]:
    for value in parameters.values():
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, str):
                yield part
