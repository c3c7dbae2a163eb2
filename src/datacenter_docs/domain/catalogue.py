"""The closed catalogue: every operation that may ever change a datacenter. Spec section 6.

What is not here cannot be planned, decided or executed. Reading is not in it: rooms offer read tools by contract, and
the actuator never calls them. Inverses that are tools of their own are here too, with `plannable` False.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from datacenter_docs.domain.operations import Operation
from datacenter_docs.domain.parameters import MODELS
from datacenter_docs.domain.platform_operations import (
    kubernetes,
    network,
    openstack,
    storage,
    vmware,
)

CATALOGUE: Mapping[str, Operation] = MappingProxyType(
    {
        entry.name: entry
        for room in (vmware, kubernetes, network, storage, openstack)
        for entry in room.OPERATIONS
    }
)
"""All operations by name, in the order of the spec's table."""


def operation(name: str) -> Operation | None:
    """The entry of that name; None: there is no such operation, and there will be none at run time."""
    return CATALOGUE.get(name)


def validate_parameters(entry: Operation, parameters: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the parameters of an operation: dotted field -> message, all at once. Empty: nothing."""
    try:
        MODELS[entry.name].model_validate(dict(parameters))
    except ValidationError as error:
        return {
            ".".join(str(part) for part in problem["loc"]): problem["msg"]
            for problem in error.errors(include_url=False, include_input=False)
        }
    return {}
