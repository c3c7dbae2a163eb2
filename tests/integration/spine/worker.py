"""The real worker, wired by the real bootstrap, that stops for good at a chosen point, so that it can be killed there.

`worker.py [POINT]`: says `reached` at the point. A point is `before` or `after`, and a journal kind, `act`, `look`,
`settle`, `acquire` (the locks), `check` (the fence), or `change:<field>` for a change of a case that sets this field. At
`freeze` and a point, which may then be `inside` the write transaction of a journal kind, the process stops as by SIGSTOP,
and goes on with SIGCONT. Time goes `SPEED` times as fast.
"""

import asyncio
import os
import signal
import sys
import time
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from datacenter_docs import bootstrap
from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.persistence import fence as fencing
from datacenter_docs.bootstrap import house, opening

SPEED = 20
FREEZE = "freeze "


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
        self._freezes = text.startswith(FREEZE)
        self._text = text.removeprefix(FREEZE)

    async def __call__(self, here: str) -> None:
        if here == self._text and not self._freezes:
            say("reached")
            await asyncio.Event().wait()
        self.freeze(here)

    def freeze(self, here: str) -> None:
        """Once, with all threads, whatever they hold."""
        if here == self._text:
            self._text = ""
            say("reached")
            os.kill(os.getpid(), signal.SIGSTOP)


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


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
    grants, fence, locks = house.SqlGrantStore, house.SqlFence, house.SqlResourceLocks
    house.SystemClock = FastClock
    house.journal_of = lambda *given: Pausing(
        journal(*given), point, append=lambda entries: [entry.kind for entry in entries]
    )
    append = fencing.chain.append

    def appended(connection: Any, entries: Any) -> Any:
        for entry in entries:
            point.freeze(f"inside {entry.kind}")
        return append(connection, entries)

    fencing.chain = SimpleNamespace(append=appended)
    house.SqlFence = lambda *given: Pausing(
        fence(*given),
        point,
        append=lambda _claim, entries: [entry.kind for entry in entries],
        check=lambda _claim: ["check"],
    )
    house.SqlResourceLocks = lambda *given: Pausing(
        locks(*given), point, acquire=lambda *_, **__: ["acquire"]
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
    async with bootstrap.open_house(bootstrap.read_settings(), works=True) as rooms:
        say("working")
        await rooms.superseded.wait()
    say("superseded")


if __name__ == "__main__":
    pausing(Point(sys.argv[1] if len(sys.argv) > 1 else ""))
    asyncio.run(work())
