"""Builds an MCP server from a room: the contract's tools with their hints and schemas, typed errors, bounded answers.

Called by the entry point and by tests. Write tools are not registered at all unless writes are allowed and the operation is
offered (`grades.py`). No platform is known here.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field, ValidationError
from pydantic_core import from_json

from datacenter_mcp.contract.acting import (
    OperationOffer,
    OperationOffers,
    OperationResult,
    Seen,
)
from datacenter_mcp.contract.errors import ErrorReport, InvalidRequest, RoomError, Unsupported
from datacenter_mcp.contract.reading import (
    Health,
    KindNote,
    Look,
    MetricsReport,
    PayloadBunch,
    Resource,
    ResourcePage,
    Wire,
)
from datacenter_mcp.contract.tools import (
    DESCRIBE_RESOURCE,
    GET_HEALTH,
    GET_METRICS,
    GET_PAYLOADS,
    LIST_OPERATIONS,
    LIST_RESOURCES,
    LOOK,
    PAGE_LIMIT,
)
from datacenter_mcp.contract.vocabulary.platforms import VOCABULARIES
from datacenter_mcp.grades import refusal
from datacenter_mcp.paging import Pager, Query
from datacenter_mcp.remembering import Deeds
from datacenter_mcp.room import Effect, OperationSpec, Room
from datacenter_mcp.shelf import Shelf, keeping_on
from datacenter_mcp.validating import sentence, validated

ANSWER_LIMIT = 4 * 1024 * 1024
"""Bytes of one answer as JSON."""

TEXT_LIMIT = 64 * 1024
"""Bytes up to which an answer is repeated as text, for clients that read nothing else; a longer one would travel twice."""

Text = Annotated[str, Field(min_length=1, max_length=1_000)]
Parameters = Annotated[dict[str, Any], Field(default_factory=dict)]
log = logging.getLogger(__name__)


def build_server(room: Room, *, allow_writes: bool) -> MCPServer[Any]:
    """The server of a room, not yet connected to any transport."""
    desk = Desk(room, writable=allow_writes)
    tools = _read_tools(desk)
    if allow_writes:
        offered = [spec for spec in room.operations if not refusal(room.drivers(None), spec.name)]
        tools += [_write_tool(desk, spec) for spec in offered]
    return MCPServer(
        name=f"datacenter-mcp-{room.platform}",
        instructions=f"Reads and operates {room.platform} over the connection {room.connection}.",
        tools=list(tools),
        log_level="WARNING",
    )


class RoomTool(Tool):
    """A tool whose errors are data (`{"error": ErrorReport}`), and whose answers have a size limit."""

    async def run(
        self,
        arguments: dict[str, Any],
        context: Any,
        convert_result: bool = False,  # noqa: FBT001, FBT002
    ) -> Any:
        """One call. What a room did not mean to raise is told as `broken`, without its text."""
        try:
            unknown = sorted(arguments.keys() - self.parameters["properties"].keys())
            if unknown:
                return _failed(_invalid(f"{self.name} has no argument {', '.join(unknown)}."))
            answer = await super().run(arguments, context)
        except ToolError as error:
            return _failed(self._report(error))
        return _answered(answer)

    def _report(self, error: ToolError) -> ErrorReport:
        cause = error.__cause__
        if isinstance(cause, RoomError):
            return cause.report
        if isinstance(cause, ValidationError) and not isinstance(error, UnexpectedToolError):
            return _invalid(sentence(cause))
        log.error("The tool %s failed unexpectedly", self.name, exc_info=cause)
        return ErrorReport(kind="broken", message="The platform server met an error of its own.")


class Desk:
    """The contract's tools over one room: finds the operation, validates its parameters, pages, remembers."""

    def __init__(self, room: Room, *, writable: bool) -> None:
        self._room = room
        self._writable = writable
        self._pager = Pager(room.list_resources)
        self._deeds = Deeds()
        self._shelf = Shelf()

    async def list_resources(
        self,
        kind: Text | None = None,
        parent: Text | None = None,
        cursor: str | None = None,
        limit: Annotated[int, Field(ge=1)] = 200,
    ) -> ResourcePage:
        """List what there is, with facts and their source. What could not be read is in `failures`."""
        with keeping_on(self._shelf):
            page = await self._pager.page(Query(kind, parent), cursor, limit)
        return page.model_copy(update={"kinds": self._notes(page)})

    async def describe_resource(self, id: Text) -> Resource:
        """Read one resource now."""
        with keeping_on(self._shelf):
            return await self._room.describe(id)

    async def get_health(self, id: Text | None = None) -> Health:
        """The health of one resource, or of the connection as a whole."""
        return await self._room.health(id)

    async def get_metrics(self, id: Text) -> MetricsReport:
        """The numbers of one resource, read now."""
        with keeping_on(self._shelf):
            return await self._room.metrics(id)

    async def get_payloads(
        self, hashes: Annotated[list[Text], Field(min_length=1, max_length=PAGE_LIMIT)]
    ) -> PayloadBunch:
        """Raw answers that were read a moment ago, by the hashes in the sources of facts. Secrets in them are blotted out."""
        return await asyncio.to_thread(self._shelf.bunch, hashes)

    async def list_operations(self, target: Text | None = None) -> OperationOffers:
        """What can be done here, or to one target; also while writes are off."""
        drivers = self._room.drivers(target)
        reasons = {spec.name: refusal(drivers, spec.name) for spec in self._room.operations}
        return OperationOffers(
            offers=[
                OperationOffer(
                    operation=name,
                    supported=reason is None,
                    writable=self._writable,
                    reason=reason,
                )
                for name, reason in reasons.items()
            ]
        )

    async def look(self, operation: Text, target: Text, parameters: Parameters) -> Look:
        """What an operation's target is like right now; changes nothing."""
        spec = next((spec for spec in self._room.operations if spec.name == operation), None)
        if spec is None:
            known = ", ".join(spec.name for spec in self._room.operations)
            raise InvalidRequest(
                f"{self._room.platform} has no operation {operation!r}; there are: {known}."
            )
        self._must_be_offered(spec, target)
        valid = validated(spec.parameters, parameters, spec.name)
        with keeping_on(self._shelf):
            return await self._room.look(spec, target, valid)

    async def act(
        self,
        spec: OperationSpec,
        target: str,
        parameters: dict[str, Any],
        idempotency_key: str,
        *,
        dry_run: bool,
        since: Seen | None = None,
    ) -> OperationResult:
        """Do one operation, or (dry run) tell what it would do; a dry run is not remembered under its key. `since`: what the
        caller saw, and did not see changed; None: act without looking.
        """
        valid = validated(spec.parameters, parameters, spec.name)
        self._must_be_offered(spec, target)

        async def run() -> OperationResult:
            effect = await self._effect_meanwhile(spec, target, valid, since)
            if effect is None:
                effect = await self._room.act(spec, target, valid, dry_run=dry_run)
            return OperationResult(
                operation=spec.name,
                target=target,
                idempotency_key=idempotency_key,
                changed=effect.changed,
                dry_run=dry_run,
                before=effect.before,
                after=effect.after,
                would=list(effect.would),
                detail=effect.detail,
            )

        if dry_run:
            return await run()
        request = json.dumps([spec.name, target, valid.model_dump(mode="json")])
        return await self._deeds.once(idempotency_key, request, target, run)

    async def _effect_meanwhile(
        self, spec: OperationSpec, target: str, parameters: Any, since: Seen | None
    ) -> Effect | None:
        """What to answer where somebody else was faster; None: nobody was seen."""
        if since is None:
            return None
        seen = await self._room.look(spec, target, parameters)
        moved = None not in (since.marker, seen.marker) and since.marker != seen.marker
        if not seen.satisfied and not moved:
            return None
        return Effect(seen.state, seen.state, detail="it was done meanwhile, and not again")

    def _notes(self, page: ResourcePage) -> Mapping[str, KindNote]:
        """What there is to know of the kinds in a page."""
        words = VOCABULARIES.get(self._room.platform, {})
        kinds = {resource.kind for resource in page.resources}
        return {kind: words[kind].note() for kind in sorted(kinds & words.keys())}

    def _must_be_offered(self, spec: OperationSpec, target: str) -> None:
        """Raises `Unsupported` where the driver of the target does not offer the operation."""
        reason = refusal(self._room.drivers(target), spec.name)
        if reason is not None:
            raise Unsupported(reason, sent=False)


def _read_tools(desk: Desk) -> list[Tool]:
    hints = ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    named: dict[str, Callable[..., Any]] = {
        LIST_RESOURCES: desk.list_resources,
        DESCRIBE_RESOURCE: desk.describe_resource,
        GET_HEALTH: desk.get_health,
        GET_METRICS: desk.get_metrics,
        GET_PAYLOADS: desk.get_payloads,
        LIST_OPERATIONS: desk.list_operations,
        LOOK: desk.look,
    }
    tools = [
        RoomTool.from_function(do, name=name, annotations=hints) for name, do in named.items()
    ]
    for tool in tools:
        tool.parameters["additionalProperties"] = False
    return tools


def _write_tool(desk: Desk, spec: OperationSpec) -> Tool:
    async def act(
        target: Text,
        parameters: Parameters,
        idempotency_key: Text,
        dry_run: bool = False,  # noqa: FBT001, FBT002 (the shape of the tool's arguments)
        since: Seen | None = None,
    ) -> OperationResult:
        return await desk.act(
            spec, target, parameters, idempotency_key, dry_run=dry_run, since=since
        )

    tool = RoomTool.from_function(
        act,
        name=spec.name,
        description=spec.summary,
        annotations=ToolAnnotations(
            read_only_hint=False,
            destructive_hint=spec.destructive,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )
    tool.parameters["additionalProperties"] = False
    tool.parameters["properties"]["parameters"] = spec.parameters.model_json_schema()
    return tool


def _invalid(message: str) -> ErrorReport:
    return ErrorReport(kind="invalid", message=message, sent=False)


def _answered(answer: Wire) -> CallToolResult:
    text = answer.model_dump_json()
    if len(text) > ANSWER_LIMIT:
        return _failed(
            _invalid(
                f"The answer has more than {ANSWER_LIMIT} bytes: ask for a smaller page (limit)."
            )
        )
    shown = text if len(text) <= TEXT_LIMIT else f"{len(text)} bytes, in the structured content."
    return CallToolResult(
        content=[TextContent(type="text", text=shown)], structured_content=from_json(text)
    )


def _failed(report: ErrorReport) -> CallToolResult:
    content = {"error": report.model_dump(mode="json")}
    return CallToolResult(
        content=[TextContent(type="text", text=json.dumps(content))],
        structured_content=content,
        is_error=True,
    )
