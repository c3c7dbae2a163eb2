"""What a binding file says: which tool answers which question, and what its answers mean in our words.

A binding is data, never code. It is checked as a whole when it is read: unknown fields, expressions that are none, and
slots that nothing fills are told with their place.
"""

from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, create_model, model_validator

from datacenter_mcp.bound.expressions import Expression, slots
from datacenter_mcp.contract.errors import ErrorKind, InvalidRequest
from datacenter_mcp.contract.reading import HealthStatus, Wire
from datacenter_mcp.validating import validated
from datacenter_mcp.yaml_text import loaded

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
SHIPPED = resources.files("datacenter_mcp.bound") / "bindings"
TYPES = {"integer": int, "string": str, "boolean": bool}


class Call(Wire):
    """One call of the other server. `arguments` may hold `{slot}`s. `pick`: what of the answer is meant."""

    tool: str
    arguments: dict[str, Any] = {}
    pick: Expression = "@"


class Rule(Wire):
    """A condition on an item, and what it means. `says`: a sentence for people."""

    when: Expression
    says: str
    status: HealthStatus = HealthStatus.FAILED


class Parent(Wire):
    """What contains an item: its kind, and its native id as it stands in the item."""

    kind: Word
    native: Expression


class Reference(Wire):
    """A fact that points to another resource; see `Parent`. Nothing where `native` gives null."""

    kind: Word
    native: Expression


class KindBinding(Wire):
    """How one kind is read.

    `parts`: slot -> where it stands in an item; the native id is their values in this order, joined by `/`.
    `list` gives all items, `read` one. `facts`: attribute -> expression on the item. `health`: the first rule that holds.
    """

    parts: dict[Word, Expression]
    name: Expression
    list: Call
    read: Call
    parent: Parent | None = None
    facts: dict[Word, Expression] = {}
    references: dict[Word, Reference] = {}
    health: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _slots_are_filled(self) -> Self:
        _known("list", slots(self.list.arguments), frozenset())
        _known("read", slots(self.read.arguments), frozenset(self.parts))
        return self


class ParameterBinding(Wire):
    """One parameter of an operation, always required."""

    type: Literal["integer", "string", "boolean"]
    minimum: int | None = None
    maximum: int | None = None


class Successor(Wire):
    """What stands in for a target that is gone; `native` may hold the slots of the target's id, and `{keeper}`."""

    kind: Word
    call: Call
    native: Expression


class Gone(Wire):
    """For a target that a restart replaces by another under a new name: who would have made the new one.

    `call` lists them, `keeper` picks the one (it may hold the slots of the target's id); null: nobody, so the target
    never was. `named`: where its name stands. `health`: of the keeper, once the target is gone.
    """

    call: Call
    keeper: Expression
    named: Expression
    successor: Successor | None = None
    health: tuple[Rule, ...] = ()


class OperationBinding(Wire):
    """How one operation is done and seen.

    `state`: attribute -> expression on the target. It is so already when every parameter that is an attribute of the
    state has its value; without parameters nothing is ever so already, and `marker` tells whether it took effect.
    `refuse`: with these the other server is not even asked.
    """

    target: Word
    call: Call
    summary: str
    parameters: dict[Word, ParameterBinding] = {}
    state: dict[Word, Expression] = {}
    marker: Expression | None = None
    hazards: dict[Word, Expression] = {}
    refuse: tuple[Rule, ...] = ()
    gone: Gone | None = None
    destructive: bool = False

    def model(self, name: str) -> type[Wire]:
        """The parameters as a closed model."""
        fields: dict[str, Any] = {
            parameter: (TYPES[one.type], Field(strict=True, ge=one.minimum, le=one.maximum))
            if one.type == "integer"
            else (TYPES[one.type], Field(strict=True))
            for parameter, one in self.parameters.items()
        }
        return create_model(name, __base__=Wire, __doc__=self.summary, **fields)


class ErrorRule(Wire):
    """What a failed call means: the first whose text is in what the server said, whatever the case."""

    text: str
    kind: ErrorKind


class Binding(Wire):
    """The whole file. `health`: a call that shows whether the platform answers. `needs`: how the other server has to be
    started, a sentence; empty: in no special way. `shown`: what its author has seen to work against the real server, as
    in `grades.py`; an operation that is not among it, or stands on less than `reads` and `endures`, is not offered.
    """

    name: str
    platform: str
    about: str
    needs: str = ""
    health: Call
    kinds: dict[Word, KindBinding]
    operations: dict[Word, OperationBinding] = {}
    shown: frozenset[Word] = frozenset()
    errors: tuple[ErrorRule, ...] = ()

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for name, one in self.operations.items():
            kind = self.kinds.get(one.target)
            if kind is None:
                raise ValueError(f"{name}: there is no kind {one.target}")
            parts = frozenset(kind.parts)
            _known(f"{name}.call", slots(one.call.arguments), parts | set(one.parameters))
            if one.gone:
                _known(f"{name}.gone", slots(one.gone.call.arguments), parts)
                _known(f"{name}.gone.keeper", slots(one.gone.keeper), parts)
            if one.gone and one.gone.successor:
                heir = one.gone.successor
                asked = slots(heir.call.arguments) | slots(heir.native)
                _known(f"{name}.gone.successor", asked, parts | {"keeper"})
        return self

    @property
    def reading_tools(self) -> frozenset[str]:
        """The tools that are called to read; they have to be such."""
        kinds = self.kinds.values()
        gone = [one.gone for one in self.operations.values() if one.gone]
        calls = [
            self.health,
            *(kind.list for kind in kinds),
            *(kind.read for kind in kinds),
            *(one.call for one in gone),
            *(one.successor.call for one in gone if one.successor),
        ]
        return frozenset(call.tool for call in calls)

    @property
    def writing_tools(self) -> frozenset[str]:
        """The tools that are called to act."""
        return frozenset(one.call.tool for one in self.operations.values())


def load(name: str) -> Binding:
    """A shipped binding by its name, or one from a file. Raises `InvalidRequest` with all that is wrong."""
    shipped = SHIPPED / f"{name}.yaml"
    try:
        text = (shipped if shipped.is_file() else Path(name)).read_text(encoding="utf-8")
        data = loaded(text, aliases=True)
    except (OSError, ValueError) as error:
        known = ", ".join(sorted(one.name.removesuffix(".yaml") for one in SHIPPED.iterdir()))
        raise InvalidRequest(
            f"The binding {name!r} is none of ours ({known}), and as a file it cannot be read: {error}"
        ) from error
    if not isinstance(data, dict):
        raise InvalidRequest(f"The binding {name!r} must be a mapping.")
    return validated(Binding, data, f"binding {name}")


def _known(where: str, asked: frozenset[str], known: frozenset[str] | set[str]) -> None:
    unknown = ", ".join(sorted(asked - known))
    if unknown:
        raise ValueError(f"{where}: nothing fills {unknown}")
