"""Where the world is kept: one SQLite file with its seed, its clock, and what has happened to it. Many processes share it.

Nothing is ever changed but the clock, and once the size; a heal is one more line. Whoever asks reloads only what is new.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from datacenter_mcp.contract.errors import InvalidRequest, Unavailable
from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.demo.changes import Change, Step
from datacenter_mcp.demo.things import Thing, decoded, encoded

BUSY_SECONDS = 10.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS world (one INTEGER PRIMARY KEY CHECK (one = 1), seed INTEGER, size INTEGER, born REAL);
CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY CHECK (one = 1), real REAL, world REAL, rate REAL);
CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, at REAL NOT NULL, cause TEXT NOT NULL, target TEXT NOT NULL,
  heals INTEGER REFERENCES event (number));
CREATE TABLE IF NOT EXISTS step (event INTEGER NOT NULL REFERENCES event (number), position INTEGER NOT NULL,
  key TEXT NOT NULL, after_seconds REAL NOT NULL, attributes TEXT NOT NULL, name TEXT, parent TEXT, kind TEXT NOT NULL,
  PRIMARY KEY (event, position)) WITHOUT ROWID;
"""


class Origin(Wire):
    """What the world was built from. `born`: when it begins, seconds since 1970."""

    seed: int
    size: int
    born: float


class Reading(Wire):
    """What the world's clock shows: `world` at the real time `real`, and `rate` seconds of it for each real one since."""

    real: float
    world: float
    rate: float

    def at(self, real: float) -> float:
        """The world's time at a real time."""
        return self.world + self.rate * (real - self.real)


class Event(Wire):
    """Something that happened at one moment. `target`: the key of what it is about. `heals`: the event that it takes out of the
    story; None: none.
    """

    number: int
    at: float
    cause: str
    target: str
    heals: int | None = None


class Store:
    """One file, opened by this process. Raises `Unavailable` where it does not answer in time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = _opened(path)

    @classmethod
    def create(cls, path: Path, origin: Origin, reading: Reading) -> "Store":
        """A new world. One that is there already stays as it is."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        store = cls(path)
        with store.writing():
            store._connection.execute(
                "INSERT OR IGNORE INTO world VALUES (1, ?, ?, ?)",
                (origin.seed, origin.size, origin.born),
            )
            store._connection.execute(
                "INSERT OR IGNORE INTO clock VALUES (1, ?, ?, ?)",
                (reading.real, reading.world, reading.rate),
            )
        return store

    @classmethod
    def open(cls, path: Path) -> "Store":
        """A world that is there. Raises `InvalidRequest` when there is none."""
        if not path.exists():
            raise InvalidRequest(
                f"There is no demo world in {path}: make one with `dcdocs demo start`."
            )
        return cls(path)

    def origin(self) -> Origin:
        """What it was built from. Raises `InvalidRequest` for a file that is no world."""
        row = self._connection.execute("SELECT seed, size, born FROM world").fetchone()
        if row is None:
            raise InvalidRequest(f"{self.path} holds no demo world.")
        return Origin(seed=row[0], size=row[1], born=row[2])

    def reading(self) -> Reading:
        """The clock."""
        real, world, rate = self._connection.execute(
            "SELECT real, world, rate FROM clock"
        ).fetchone()
        return Reading(real=real, world=world, rate=rate)

    def set_clock(self, reading: Reading) -> None:
        """Let it show something else from now on."""
        with self.writing():
            self._connection.execute(
                "UPDATE clock SET real = ?, world = ?, rate = ?",
                (reading.real, reading.world, reading.rate),
            )

    def grow(self, size: int) -> None:
        """Let it be of another size for whoever opens it from now on; what there was stays as it is."""
        with self.writing():
            self._connection.execute("UPDATE world SET size = ?", (size,))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What is read and written inside is one step for everybody else."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise Unavailable(f"The demo world is busy: {error}", sent=False) from error
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def add(
        self,
        at: float,
        cause: str,
        target: str,
        steps: Sequence[Step] = (),
        heals: int | None = None,
    ) -> int:
        """Let something happen; its number. Only inside `writing`."""
        cursor = self._connection.execute(
            "INSERT INTO event (at, cause, target, heals) VALUES (?, ?, ?, ?)",
            (at, cause, target, heals),
        )
        number = cursor.lastrowid or 0
        self._connection.executemany(
            "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(number, position, *_row(step)) for position, step in enumerate(steps)],
        )
        return number

    def events(self, after: int = 0) -> Sequence[Event]:
        """What has happened, in order, from `after` on."""
        rows = self._connection.execute(
            "SELECT number, at, cause, target, heals FROM event WHERE number > ? ORDER BY number",
            (after,),
        )
        return [
            Event(number=row[0], at=row[1], cause=row[2], target=row[3], heals=row[4])
            for row in rows
        ]

    def changes(self, events: Mapping[int, Event]) -> Sequence[Change]:
        """The steps of these events."""
        if not events:
            return []
        rows = self._connection.execute(
            "SELECT event, key, after_seconds, attributes, name, parent, kind FROM step "
            "WHERE event BETWEEN ? AND ? ORDER BY event, position", (min(events), max(events)),
        )  # fmt: skip
        return [
            Change(row[0], events[row[0]].at + row[2], events[row[0]].cause, _step(*row[1:]))
            for row in rows
            if row[0] in events
        ]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    # Nothing real is at stake: after a power cut the last moments of a simulated world may be lost.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.executescript(SCHEMA)
    return connection


def _row(step: Step) -> tuple[str, float, str, str | None, str | None, str]:
    made = step.made
    kind = "gone" if step.gone else "made" if made else "set"
    attributes = encoded(made.attributes if made else step.attributes)
    name, parent = (made.name, made.parent) if made else (None, None)
    return step.key, step.after_seconds, attributes, name, parent, kind


def _step(
    key: str, after: float, text: str, name: str | None, parent: str | None, kind: str
) -> Step:
    attributes = decoded(text)
    if kind == "made":
        return Step(key, after_seconds=after, made=Thing(key, name or key, parent, attributes))
    return Step(key, attributes, after, gone=kind == "gone")
