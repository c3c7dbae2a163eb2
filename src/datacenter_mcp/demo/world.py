"""The world as one process has it: built once, kept up with what others let happen to it, seen as of now."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from datacenter_mcp.demo.building.world import build
from datacenter_mcp.demo.changes import Change, Step, overlay
from datacenter_mcp.demo.physics.laws import LAWS
from datacenter_mcp.demo.store import Event, Origin, Reading, Store
from datacenter_mcp.demo.view import View

RealTime = Callable[[], float]
KEEP_SECONDS = 1.0
"""So long a view is given again, when nothing happened meanwhile."""


class World:
    """Safe to share between threads. `real_time`: seconds since 1970."""

    def __init__(self, store: Store, real_time: RealTime = time.time) -> None:
        self._store, self._real_time = store, real_time
        self.origin = store.origin()
        self._base = build(self.origin.seed, self.origin.size, self.origin.born)
        self._lock = threading.RLock()
        self._events: dict[int, Event] = {}
        self._healed: set[int] = set()
        self._changes: list[Change] = []
        self._view: View | None = None

    @classmethod
    def create(
        cls, path: Path, origin: Origin, reading: Reading, real_time: RealTime = time.time
    ) -> "World":
        """A new world, or the one that is there already."""
        return cls(Store.create(path, origin, reading), real_time)

    @classmethod
    def open(cls, path: Path, real_time: RealTime = time.time) -> "World":
        """The world in a file. Raises `InvalidRequest` when there is none."""
        return cls(Store.open(path), real_time)

    def now(self) -> float:
        """The world's time, seconds since 1970."""
        return self._store.reading().at(self._real_time())

    def set_clock(self, world: float, rate: float = 1.0) -> None:
        """Let it be a time, and pass so fast from now on; 0: it stands still."""
        self._store.set_clock(Reading(real=self._real_time(), world=world, rate=rate))

    def grow(self, size: int) -> None:
        """Let it be of another size for whoever opens it from now on."""
        self._store.grow(size)

    def view(self) -> View:
        """The world now."""
        with self._lock:
            self._keep_up()
            now = self.now()
            old = self._view
            if old is not None and _still_holds(old, now):
                return old
            self._view = self._seen_at(now)
            return self._view

    def later(self, seconds: float) -> View:
        """The world as it will be by then if nothing else happens."""
        with self._lock:
            self._keep_up()
            return self._seen_at(self.now() + seconds)

    def events(self) -> Sequence[Event]:
        """All that has happened and was not healed away, in order."""
        with self._lock:
            self._keep_up()
            return [
                event
                for event in self._events.values()
                if event.number not in self._healed and event.heals is None
            ]

    def happen(self, cause: str, target: str, plan: Callable[[View], Sequence[Step]]) -> View:
        """Let something happen that is planned on the world as it is; nobody else can come between. The world as it was before.
        An empty plan is no event.
        """
        with self._lock, self._store.writing():
            before = self.view()
            steps = plan(before)
            if steps:
                self._store.add(before.now, cause, target, steps)
            return before

    def heal(self, events: Sequence[Event]) -> None:
        """Take events out of the story."""
        with self._lock, self._store.writing():
            now = self.now()
            for event in events:
                self._store.add(now, f"heal:{event.cause}", event.target, heals=event.number)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def _seen_at(self, at: float) -> View:
        return View(self._base, overlay(self._changes, at), LAWS, at)

    def _keep_up(self) -> None:
        fresh = {event.number: event for event in self._store.events(max(self._events, default=0))}
        if not fresh:
            return
        self._view = None
        self._events.update(fresh)
        self._changes.extend(self._store.changes(fresh))
        self._healed.update(event.heals for event in fresh.values() if event.heals is not None)
        self._changes = [change for change in self._changes if change.event not in self._healed]


def _still_holds(view: View, now: float) -> bool:
    """Whether a view is good enough for a time: close by, and with nothing between."""
    coming = view.overlay.next_at
    return 0 <= now - view.now < KEEP_SECONDS and (coming is None or now < coming)
