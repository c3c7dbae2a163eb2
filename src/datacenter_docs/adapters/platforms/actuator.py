"""`PlatformActuator` over MCP: the only class that calls write tools."""

from collections.abc import Mapping
from typing import Any

from datacenter_docs.adapters.platforms import answers
from datacenter_docs.adapters.platforms.pool import Pool
from datacenter_docs.domain.errors import Broken
from datacenter_docs.domain.estate import Look
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.ports.platforms import Acted
from datacenter_mcp.contract.acting import SINCE, OperationResult


class McpPlatformActuator:
    """Acts through one write tool per operation, with the action's id as the idempotency key."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def act(
        self,
        operation: str,
        target: str,
        parameters: Mapping[str, Any],
        *,
        baseline: Look,
        idempotency_key: str,
        dry_run: bool,
    ) -> Acted:
        connection = ResourceId.parse(target).connection
        arguments = {
            "target": target,
            "parameters": dict(parameters),
            "idempotency_key": idempotency_key,
            "dry_run": dry_run,
        }
        if await self._looks_first(connection, operation):
            arguments[SINCE] = {"marker": baseline.marker}
        result = answers.read(
            await self._pool.write(connection, operation, arguments), OperationResult, connection
        )
        if (result.target, result.idempotency_key) != (target, idempotency_key):
            raise Broken(f"{connection} answered for {result.target}, not for {target}.")
        said = answers.brief(result.detail or "; ".join(result.would))
        return Acted(changed=result.changed, detail=said)

    async def _looks_first(self, connection: str, operation: str) -> bool:
        """Whether the server takes what was seen before; one of an earlier version of the contract does not."""
        tool = (await self._pool.tools(connection)).get(operation)
        return tool is not None and SINCE in tool.input_schema.get("properties", {})
