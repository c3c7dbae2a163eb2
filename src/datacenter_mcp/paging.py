"""Pages of a listing, in the order of ids. The cursor names the last id given, so it survives a restart of the server."""

import base64
import binascii
import json
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.contract.reading import ResourcePage
from datacenter_mcp.contract.tools import PAGE_LIMIT
from datacenter_mcp.room import Listing

KEPT_SECONDS = 30.0
KEPT_LISTINGS = 8


class Query(NamedTuple):
    """What is listed; None: no restriction."""

    kind: str | None
    parent: str | None


class Pager:
    """Cuts listings into pages. The first page is always read anew; for the following ones a listing is kept until nobody
    asked for half a minute, so that a long listing is not read from the devices once per page.
    """

    def __init__(self, read: Callable[[str | None, str | None], Awaitable[Listing]]) -> None:
        self._read = read
        self._kept: OrderedDict[Query, tuple[float, Listing]] = OrderedDict()

    async def page(self, query: Query, cursor: str | None, limit: int) -> ResourcePage:
        """One page. Raises `InvalidRequest` for a cursor of another query, or none of ours."""
        after = "" if cursor is None else _decode(cursor, query)
        listing = self._recent(query) if cursor is not None else None
        if listing is None:
            listing = await self._fresh(query)
        start = bisect_right(listing.resources, after, key=lambda resource: resource.id)
        end = start + min(limit, PAGE_LIMIT)
        shown, more = listing.resources[start:end], end < len(listing.resources)
        return ResourcePage(
            resources=list(shown),
            next_cursor=_encode(query, shown[-1].id) if more else None,
            failures=list(listing.failures),
        )

    async def _fresh(self, query: Query) -> Listing:
        read = await self._read(*query)
        listing = Listing(sorted(read.resources, key=lambda resource: resource.id), read.failures)
        self._kept[query] = (time.monotonic(), listing)
        self._kept.move_to_end(query)
        while len(self._kept) > KEPT_LISTINGS:
            self._kept.popitem(last=False)
        return listing

    def _recent(self, query: Query) -> Listing | None:
        used_at, listing = self._kept.get(query, (0.0, None))
        if listing is None or time.monotonic() - used_at >= KEPT_SECONDS:
            return None
        self._kept[query] = (time.monotonic(), listing)
        return listing


def _encode(query: Query, last: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([*query, last]).encode()).decode()


def _decode(cursor: str, query: Query) -> str:
    try:
        kind, parent, last = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise InvalidRequest("The cursor was not given by this server.") from error
    if (kind, parent) != query or not isinstance(last, str):
        raise InvalidRequest("The cursor belongs to another listing.")
    return last
