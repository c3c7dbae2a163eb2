"""What can be read: resources with facts and their source, health, metrics, and the look at an operation's target."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, WithJsonSchema

Scalar = bool | int | float | str | None


class Wire(BaseModel):
    """The base of all contract models: frozen, unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Wire):
    """The platform call that an answer came from. `payload_sha256`: of the raw answer, 64 hex digits."""

    connection: str
    tool: str
    arguments: dict[str, Any]
    observed_at: datetime
    payload_sha256: str


class Fact(Wire):
    """One attribute value; snake_case with the unit in the name (`size_bytes`, `usage_ratio` 0..1, `age_seconds`). None: the platform does not know."""

    attribute: str
    value: Scalar | list[Scalar] = None


Facts = Annotated[
    list[Fact],
    WithJsonSchema(
        {
            "type": "array",
            "description": "attribute: snake_case with the unit in the name; value: a scalar or a list of them",
            "items": {"type": "object", "required": ["attribute", "value"]},
        }
    ),
]
"""The published schema says no more of a fact: MCP clients check whole answers against it, and long ones hold many."""


class Resource(Wire):
    """One thing. `id` is `platform:connection:kind:native-id`; `parent`: id of what contains it; None at the top."""

    id: str
    kind: str
    name: str
    parent: str | None = None
    facts: Facts = []
    source: Source


class Failure(Wire):
    """One part that could not be read (a device, a host); the rest of the answer stands."""

    part: str
    kind: str
    message: str


class Nature(StrEnum):
    """How a kind of resource lives. `lasting`: people make it and take it away. `passing`: it comes and goes by itself (a pod,
    an alarm), so that few of many is nothing to wonder about. `happening`: no thing at all (an event, a task).
    """

    LASTING = "lasting"
    PASSING = "passing"
    HAPPENING = "happening"


class KindNote(Wire):
    """What to know of a kind in order to remember it. `measured`: attributes that move by themselves (usage, counters, ages)."""

    nature: Nature = Nature.LASTING
    measured: list[str] = []


class ResourcePage(Wire):
    """Resources in a stable order. `next_cursor` None: the end. `failures`: what is missing, never silently; `part` is a kind,
    or the name or native id of what could not be looked into. `kinds`: notes on the kinds in this page, as far as there are.
    """

    resources: list[Resource]
    next_cursor: str | None = None
    failures: list[Failure] = []
    kinds: dict[str, KindNote] = {}


class Payload(Wire):
    """A raw answer of the platform. `sha256` and `size_bytes` are of the answer as it came, in UTF-8.

    `cut`: only the beginning is here. `redactions`: places in it that looked like a secret and are blotted out.
    """

    sha256: str
    body: str
    size_bytes: int
    cut: bool = False
    redactions: int = 0


class PayloadBunch(Wire):
    """Raw answers by their hashes. `later`: did not fit, ask for them again. `gone`: the server does not have them (any more)."""

    payloads: list[Payload]
    later: list[str] = []
    gone: list[str] = []


class HealthStatus(StrEnum):
    """`unknown` is never taken for `ok`."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Health(Wire):
    """A health answer; reasons are sentences, empty only for `ok`."""

    status: HealthStatus
    reasons: list[str] = []


class Metric(Wire):
    """One number of now, unit in the name."""

    name: str
    value: float


class MetricsReport(Wire):
    """The metrics of one resource."""

    id: str
    metrics: list[Metric]
    source: Source


class Look(Wire):
    """What an operation's target is like right now, without changing anything.

    `exists` False: no such target. `satisfied`: True: the wanted state is there already; False: it is not; None: the
    platform cannot tell (always None for restart-like operations). `state`: what the operation changes and its inverse
    needs, no counters and no times. `marker`: an opaque string that differs exactly when a restart-like operation took
    effect in between; None where there is none. `hazards`: `management_path`, `system_namespace`, `in_use`, ...;
    None: could not be found out. `backup_available`: None: could not be found out or none is needed.
    `health`: of the target itself. `successor`: the id of what stands in for a target that a restart replaced by another;
    None: it goes on under its own.
    """

    exists: bool
    satisfied: bool | None = None
    state: dict[str, Scalar | list[Scalar]] = {}
    marker: str | None = None
    hazards: list[str] | None = None
    backup_available: bool | None = None
    health: Health
    successor: str | None = None
    source: Source
