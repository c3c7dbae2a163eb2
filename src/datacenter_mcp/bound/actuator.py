"""Looks at the target of an operation, and has the other server do it: never unless it is wanted, seen and not refused."""

from collections.abc import Mapping
from typing import Any

from datacenter_mcp.bound.binding import Binding, Gone, OperationBinding
from datacenter_mcp.bound.expressions import fact, filled, value
from datacenter_mcp.bound.reader import BoundReader, judged
from datacenter_mcp.bound.server import Server
from datacenter_mcp.contract.errors import InvalidRequest, NotFound, Refused, RoomError
from datacenter_mcp.contract.reading import Health, HealthStatus, Look, Wire
from datacenter_mcp.ids import Naming
from datacenter_mcp.room import Effect, State

GONE = "gone"
"""The marker of a target that a restart replaced by another."""


class BoundActuator:
    """The operations of a binding."""

    def __init__(
        self, naming: Naming, binding: Binding, reader: BoundReader, server: Server
    ) -> None:
        self._naming = naming
        self._connection = naming.connection
        self._binding = binding
        self._reader = reader
        self._server = server

    async def look(self, name: str, target: str, parameters: Wire) -> Look:
        """The target as it is now, or what became of it."""
        operation = self._binding.operations[name]
        words = self._words(operation, target)
        try:
            kind, _, reading = await self._reader.item(target)
        except NotFound as error:
            return await self._look_behind(operation, words, error)
        item = reading.value
        state = _state(operation, item)
        return Look(
            exists=True,
            satisfied=_satisfied(state, parameters),
            state=state,
            marker=str(value(operation.marker, item)) if operation.marker else None,
            hazards=[hazard for hazard, when in operation.hazards.items() if value(when, item)],
            health=judged(self._binding.kinds[kind].health, item),
            source=reading.source(self._connection),
        )

    async def act(self, name: str, target: str, parameters: Wire, *, dry_run: bool) -> Effect:
        """Do it, unless it is so already. Raises `Refused` where the binding says that it must not be."""
        operation = self._binding.operations[name]
        words = self._words(operation, target)
        try:
            _, _, reading = await self._reader.item(target)
        except RoomError as error:
            raise type(error)(error.report.message, sent=False) from error
        refused = next((r for r in operation.refuse if value(r.when, reading.value)), None)
        if refused:
            raise Refused(refused.says, sent=False)
        before = _state(operation, reading.value)
        given = parameters.model_dump()
        if _satisfied(before, parameters):
            return Effect(before, before)
        after = {**before, **{key: given[key] for key in before.keys() & given.keys()}}
        arguments = filled(operation.call.arguments, {**words, **given})
        if dry_run:
            return Effect(before, after, would=[f"Call {operation.call.tool} with {arguments}."])
        said = await self._server.act(operation.call, arguments)
        return Effect(before, after, changed=True, detail=said)

    def _words(self, operation: OperationBinding, target: str) -> Mapping[str, str]:
        kind, words = self._reader.words_of(target)
        if kind != operation.target:
            raise InvalidRequest(
                f"The target is a {kind}; a {operation.target} is needed.", sent=False
            )
        return words

    async def _look_behind(
        self, operation: OperationBinding, words: Mapping[str, str], gone: NotFound
    ) -> Look:
        """The target is not there: was it replaced, or was it never there?"""
        unknown = Health(status=HealthStatus.UNKNOWN, reasons=[gone.report.message])
        call = operation.gone.call if operation.gone else self._binding.health
        reading = await self._server.read(call, filled(call.arguments, words))
        keeper = None
        if operation.gone:
            keeper = value(operation.gone.keeper, value(call.pick, reading.value), words)
        source = reading.source(self._connection)
        if keeper is None or operation.gone is None:
            return Look(exists=False, health=unknown, source=source)
        return Look(
            exists=True,
            marker=GONE,
            hazards=[],
            health=judged(operation.gone.health, keeper),
            successor=await self._successor(operation.gone, words, keeper),
            source=source,
        )

    async def _successor(self, gone: Gone, words: Mapping[str, str], keeper: Any) -> str | None:
        if gone.successor is None:
            return None
        words = {**words, "keeper": str(value(gone.named, keeper))}
        call = gone.successor.call
        reading = await self._server.read(call, filled(call.arguments, words))
        native = value(gone.successor.native, value(call.pick, reading.value), words)
        return None if native is None else self._naming.name(gone.successor.kind, native)


def _state(operation: OperationBinding, item: Any) -> State:
    return {name: fact(expression, item) for name, expression in operation.state.items()}


def _satisfied(state: State, parameters: Wire) -> bool | None:
    """Whether every parameter that the state has is as wanted. None: there is no such parameter, so it cannot be told."""
    wanted = {key: one for key, one in parameters.model_dump().items() if key in state}
    return all(state[key] == one for key, one in wanted.items()) if wanted else None
