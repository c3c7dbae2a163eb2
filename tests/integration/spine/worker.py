"""The real worker, wired by the real bootstrap, that stops for good at a chosen point, so that it can be killed there.

`worker.py [POINT]`: says `reached` at the point. A point is `before` or `after`, and a journal kind, `act`, `look`,
`settle`, or `change:<field>` for a change of a case that sets this field. Time goes `SPEED` times as fast.
"""

import asyncio
import sys
import time
from datetime import datetime, timedelta
from typing import Any

from datacenter_docs import bootstrap
from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.bootstrap import house, opening

SPEED = 20


class FastClock(SystemClock):
    """The real clock, in a hurry: waiting is not what is tested here."""

    def __init__(self) -> None:
        super().__init__()
        self._began, self._at = time.monotonic(), super().now()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=(time.monotonic() - self._began) * SPEED)

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / SPEED)


class Point:
    """Where to stop."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def __call__(self, here: str) -> None:
        if here == self._text:
            sys.stdout.write("reached\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


class Pausing:
    """A port that may stop before or after a call; everything else is the port's own."""

    def __init__(self, inner: Any, point: Point, **named: Any) -> None:
        self._inner, self._point, self._named = inner, point, named

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if name not in self._named:
            return method

        async def call(*arguments: Any, **options: Any) -> Any:
            names = self._named[name](*arguments, **options)
            for here in names:
                await self._point(f"before {here}")
            answer = await method(*arguments, **options)
            for here in names:
                await self._point(f"after {here}")
            return answer

        return call


def pausing(point: Point) -> None:
    """Put the wrappers where bootstrap takes its adapters from."""
    journal, cases = house.journal_of, house.SqlCaseStore
    actuator, reader = opening.McpPlatformActuator, opening.McpPlatformReader
    grants = house.SqlGrantStore
    house.SystemClock = FastClock
    house.journal_of = lambda *given: Pausing(
        journal(*given), point, append=lambda entries: [entry.kind for entry in entries]
    )
    house.SqlCaseStore = lambda database: Pausing(
        cases(database),
        point,
        change=lambda _id, change, *_: [f"change:{name}" for name in change.columns()],
    )
    house.SqlGrantStore = lambda database: Pausing(
        grants(database), point, settle=lambda *_: ["settle"]
    )
    opening.McpPlatformActuator = lambda pool: Pausing(
        actuator(pool), point, act=lambda operation, *_, **__: ["act", operation]
    )
    opening.McpPlatformReader = lambda pool: Pausing(reader(pool), point, look=lambda *_: ["look"])


async def work() -> None:
    async with bootstrap.open_house(bootstrap.read_settings(), works=True):
        sys.stdout.write("working\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    pausing(Point(sys.argv[1] if len(sys.argv) > 1 else ""))
    asyncio.run(work())
