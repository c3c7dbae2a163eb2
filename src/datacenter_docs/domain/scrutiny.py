"""What is wrong with a plan, whoever wants to run it: the rules that bind automation and people alike."""

from collections.abc import Iterator

from datacenter_docs.domain.catalogue import operation, validate_parameters
from datacenter_docs.domain.classification import is_lowered
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.operations import Operation
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.values import Scalar
from datacenter_docs.domain.words import contains, words


def problems_of(plan: Plan, policy: Policy | None) -> tuple[str, ...]:
    """Why a plan may not run at all, as sentences; empty: nothing forbids it. `policy` None: no rules of an owner."""
    if not plan.actions:
        return ("the plan is empty: there is nothing to execute",)
    found = []
    for action in plan.actions:
        entry = operation(action.operation)
        if entry is None:
            found.append(f"{action.operation} is not an operation of the catalogue")
        else:
            found += _of_operation(entry, action)
            found += _of_target(entry, action)
        if policy is not None:
            found += _of_policy(policy, action)
    return tuple(found)


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
    if entry.refused_by and look.hazards is None:
        yield f"{entry.name} on {action.target}: could not find out whether it is a {', '.join(sorted(entry.refused_by))}"
    for hazard in sorted(entry.refused_by.intersection(look.hazards or ())):
        yield f"{entry.name} is never done on a {hazard}: {action.target}"
    attribute = entry.refused_when_lowered
    if attribute is not None and is_lowered(action, attribute) is not False:
        yield f"{entry.name} on {action.target}: {attribute} would not grow, or its current value is not known"


def _of_policy(policy: Policy, action: Action) -> Iterator[str]:
    texts = (action.operation, *_free_texts(action.parameters))
    for command in policy.forbidden_words:
        if any(contains(words(text), command) for text in texts):
            yield f"the policy forbids {' '.join(command)!r}: {action.operation} on {action.target}"
    if action.parameters.get("allow_reset") and not policy.restart_may_reset:
        yield f"the policy does not allow a reset: {action.operation} on {action.target}"


def _free_texts(parameters: dict[str, Scalar | list[Scalar]]) -> Iterator[str]:
    for value in parameters.values():
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, str):
                yield part
