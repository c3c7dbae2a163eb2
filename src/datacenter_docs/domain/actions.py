"""One step of a plan: an operation on one observed resource, with the parameters it takes."""

from typing import Any

from datacenter_docs.domain.estate import Look
from datacenter_docs.domain.values import Scalar, Value


class Action(Value):
    """One operation on one observed resource.

    `parameters` are absolute (a size, a count), never relative, so that doing it twice is doing it once.
    `look`: the target as it was seen when the plan was made; None: it could not be read, which can only make a
    decision stricter. `why` is a sentence for the approver.
    """

    operation: str
    target: str
    parameters: dict[str, Scalar | list[Scalar]] = {}
    look: Look | None = None
    why: str = ""

    @property
    def identity(self) -> dict[str, Any]:
        """What the plan's hash covers: operation, target and parameters, not what was seen."""
        return {"operation": self.operation, "target": self.target, "parameters": self.parameters}
