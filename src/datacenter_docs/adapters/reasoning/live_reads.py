"""What one ticket reads: every kind once, live, bounded in number, in time, and in how many at a time.

What could not be read is a gap, never an error: the answer is then less sure, and says why.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence

from datacenter_docs.domain.conditions import GROWTH
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.estate import Fact, Resource
from datacenter_docs.ports.platforms import Gap, Inventory, PlatformReader

MOST_READS = 24
"""Kinds that are read for one ticket at most."""
SIDE_BY_SIDE = 4
"""Reads that run at a time."""
SECONDS = 60.0
"""All reads of a ticket together; what has not answered by then is a gap. A connection has its own, shorter limit."""
WATCH_SECONDS = 1.5
"""Between the two reads of a thing that is watched."""
Place = tuple[str, str]
"""Platform and kind."""


class LiveReads:
    """The reads of one ticket, remembered for as long as it is worked on."""

    def __init__(
        self, reader: PlatformReader, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._reader, self._sleep = reader, sleep
        self._watched: dict[str, asyncio.Task[Resource | None]] = {}
        self._answers: dict[Place, asyncio.Task[Inventory]] = {}
        self._gate = asyncio.Semaphore(SIDE_BY_SIDE)
        self._until: float | None = None

    @property
    def calls(self) -> int:
        """Kinds that were asked for."""
        return len(self._answers)

    async def of(self, platform: str, kind: str) -> Sequence[Resource]:
        """All things of a kind, over all connections; those that could not be read are missing, and among the gaps."""
        return (await self._read((platform, kind))).resources

    async def watched(self, resource: Resource, attributes: Collection[str]) -> Resource:
        """The resource, with what grew of it meanwhile: it is read once more after a moment. As it was, where it cannot be."""
        if resource.id not in self._watched:
            self._watched[resource.id] = asyncio.ensure_future(self._again(resource))
        later = await asyncio.shield(self._watched[resource.id])
        grown = [fact for name in sorted(attributes) for fact in _growth(name, resource, later)]
        return resource.replaced(facts=(*resource.facts, *grown))

    async def _again(self, resource: Resource) -> Resource | None:
        await self._sleep(WATCH_SECONDS)
        try:
            async with self._gate:
                return await self._reader.describe(resource.id)
        except DatacenterDocsError:
            return None

    async def gaps(self, places: Iterable[Place] | None = None) -> Sequence[Gap]:
        """What is missing of these; None: of all that was read."""
        wanted = self._answers.keys() if places is None else set(places) & self._answers.keys()
        answers = [await self._read(place) for place in sorted(wanted)]
        return sorted({gap for answer in answers for gap in answer.gaps}, key=str)

    async def _read(self, place: Place) -> Inventory:
        if place not in self._answers:
            if len(self._answers) >= MOST_READS:
                return _missing(place, f"{MOST_READS} reads were made for this ticket already")
            self._answers[place] = asyncio.ensure_future(self._asked(place))
        return await asyncio.shield(self._answers[place])

    async def _asked(self, place: Place) -> Inventory:
        loop = asyncio.get_running_loop()
        self._until = self._until or loop.time() + SECONDS
        try:
            async with self._gate, asyncio.timeout_at(self._until):
                return await self._reader.inventory(place[0], kind=place[1])
        except TimeoutError:
            return _missing(place, f"the reads of this ticket took more than {SECONDS:g} s")
        except DatacenterDocsError as error:
            return _missing(place, error.message)


def _growth(attribute: str, before: Resource, after: Resource | None) -> Iterator[Fact]:
    first, then = before.value(attribute), after.value(attribute) if after else None
    numbers = [one for one in (first, then) if isinstance(one, int | float)]
    if len(numbers) == 2:
        yield Fact(attribute=attribute + GROWTH, value=numbers[1] - numbers[0])


def _missing(place: Place, why: str) -> Inventory:
    return Inventory((), (Gap(place[0], place[1], why),))
