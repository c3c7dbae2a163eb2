"""`PlatformLister` over MCP: one connection from its first page to its last, and the raw answers behind it."""

from collections.abc import AsyncIterator, Sequence

from datacenter_docs.adapters.platforms import answers
from datacenter_docs.adapters.platforms.pool import Pool
from datacenter_docs.domain.errors import Broken
from datacenter_docs.domain.surveys import MissingPart
from datacenter_docs.ports.estate import KeptPayload
from datacenter_docs.ports.platforms import ListedPage
from datacenter_mcp.contract import tools
from datacenter_mcp.contract.reading import Nature, Payload, PayloadBunch
from datacenter_mcp.contract.redaction import redacted

PAGE = 500
"""Resources of a page: what is turned into values at once, while other work of this process waits."""

MAX_PAGES = 10_000


class McpPlatformLister:
    """Lists through the contract's read tools."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def pages(self, connection: str) -> AsyncIterator[ListedPage]:
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            arguments = {"kind": None, "parent": None, "cursor": cursor, "limit": PAGE}
            result = await self._pool.read(connection, tools.LIST_RESOURCES, arguments)
            page = answers.read(result, answers.Page, connection)
            yield _listed(page)
            cursor = page.next_cursor
            if cursor is None:
                return
        raise Broken(f"{connection} lists resources without end.")

    async def payloads(self, connection: str, hashes: Sequence[str]) -> Sequence[KeptPayload]:
        found: list[KeptPayload] = []
        wanted = list(hashes)
        while wanted:
            asked, rest = wanted[: tools.PAGE_LIMIT], wanted[tools.PAGE_LIMIT :]
            result = await self._pool.read(connection, tools.GET_PAYLOADS, {"hashes": asked})
            bunch = answers.read(result, PayloadBunch, connection)
            found += [_kept(payload) for payload in bunch.payloads if payload.sha256 in asked]
            if len(bunch.later) >= len(asked):
                raise Broken(f"{connection} never gives the raw answers that it was asked for.")
            wanted = [*bunch.later, *rest]
        return found


def _listed(page: answers.Page) -> ListedPage:
    def of(nature: Nature) -> frozenset[str]:
        return frozenset(kind for kind, note in page.kinds.items() if note.nature is nature)

    return ListedPage(
        resources=page.resources,
        gaps=[
            MissingPart(part=answers.brief(one.part), reason=answers.brief(one.message))
            for one in page.failures
        ],
        measured={kind: frozenset(note.measured) for kind, note in page.kinds.items()},
        passing=of(Nature.PASSING),
        happening=of(Nature.HAPPENING),
    )


def _kept(payload: Payload) -> KeptPayload:
    """Somebody else's server may not have blotted out what ours do."""
    body, redactions = redacted(payload.body)
    return KeptPayload(
        sha256=payload.sha256,
        body=body,
        size_bytes=payload.size_bytes,
        cut=payload.cut,
        redactions=payload.redactions + redactions,
    )
