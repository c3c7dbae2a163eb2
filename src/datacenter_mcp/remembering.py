"""Deeds by idempotency key: the same key acts once, however often and however concurrently it is asked.

The memory lives as long as the server. After a restart the caller looks, as it does after a crash of its own.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from datacenter_mcp.contract.acting import OperationResult
from datacenter_mcp.contract.errors import Conflict, RoomError, Unavailable

CAPACITY = 1_000
NOTHING_HAPPENED = frozenset({"invalid", "not_found", "refused", "conflict", "unsupported"})


@dataclass(frozen=True, slots=True)
class _Deed:
    request: str
    task: asyncio.Task[OperationResult]


class Deeds:
    """What was done under which key, and which targets are being changed now."""

    def __init__(self) -> None:
        self._deeds: OrderedDict[str, _Deed] = OrderedDict()
        self._busy: set[str] = set()

    async def once(
        self, key: str, request: str, target: str, act: Callable[[], Awaitable[OperationResult]]
    ) -> OperationResult:
        """The result of the first call with `key`. `request` is the same exactly for equal requests. Raises `Conflict` when
        the key came with another request, or the target is being changed under another key.

        An error that tells that nothing happened is forgotten, so the key may be tried again; any other error is
        remembered: a repeated key never acts a second time when it is not known what the first did.
        """
        deed = self._deeds.get(key)
        if deed is None:
            self._make_room()
            deed = _Deed(request, asyncio.create_task(self._alone(target, act)))
            self._deeds[key] = deed
            deed.task.add_done_callback(lambda task: self._settle(key, task))
        elif deed.request != request:
            raise Conflict(
                f"The idempotency key {key!r} was used for another request.", sent=False
            )
        # The deed goes on when its caller goes away: half an operation is worse than an unheard answer.
        return await asyncio.shield(deed.task)

    async def _alone(
        self, target: str, act: Callable[[], Awaitable[OperationResult]]
    ) -> OperationResult:
        if target in self._busy:
            raise Conflict(
                f"{target} is being changed right now.", retry_after_seconds=5, sent=False
            )
        self._busy.add(target)
        try:
            return await act()
        finally:
            self._busy.discard(target)

    def _settle(self, key: str, task: asyncio.Task[OperationResult]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, RoomError) and _certainly_nothing(error):
            self._deeds.pop(key, None)

    def _make_room(self) -> None:
        """Forget the oldest deed that is done. Raises `Unavailable` when all are under way."""
        if len(self._deeds) < CAPACITY:
            return
        oldest = next((key for key, deed in self._deeds.items() if deed.task.done()), None)
        if oldest is None:
            raise Unavailable("Too many operations are under way.", sent=False)
        del self._deeds[oldest]


def _certainly_nothing(error: RoomError) -> bool:
    return error.report.sent is False or error.kind in NOTHING_HAPPENED
