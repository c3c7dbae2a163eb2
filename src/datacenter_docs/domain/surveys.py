"""Surveys: one reading of all connections, what each connection gave, and what is to be thought of what is missing.

Pure. The rule: what was not looked at is never said to be gone, and a platform that suddenly shows next to nothing is not
believed until a person says so.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from datacenter_docs.domain.values import Value

SUSPICION_FLOOR = 10
"""Fewer resources of a kind than this may all go without suspicion."""


class CoverageState(StrEnum):
    """How well a connection was read. `complete`: all that it has. `partial`: with gaps. `suspicious`: it answered, and much
    less is there than before. `unreadable`: not at all.
    """

    COMPLETE = "complete"
    PARTIAL = "partial"
    SUSPICIOUS = "suspicious"
    UNREADABLE = "unreadable"


class SurveyState(StrEnum):
    """`running` until every connection was read or given up."""

    RUNNING = "running"
    FINISHED = "finished"


class MissingPart(Value):
    """A part of a connection that could not be read (a device, a host, a kind of things; empty: all of it), and why."""

    part: str
    reason: str


class Oddity(Value):
    """Something that a platform said and that cannot be so; it was left out or put right, and nothing failed for it.

    `subject`: what it is about, mostly a resource id; `what`: a sentence that says what was done with it.
    """

    subject: str
    what: str


class Suspicion(Value):
    """Of `before` resources of a kind, so few are `seen` that they are not taken for gone."""

    kind: str
    before: int
    seen: int


class Counts(Value):
    """What a connection brought: resources that were seen; of these new, back again, and changed in what they are; gone;
    and those that are neither seen nor known to be gone.
    """

    seen: int = 0
    appeared: int = 0
    returned: int = 0
    changed: int = 0
    vanished: int = 0
    unseen: int = 0


class Coverage(Value):
    """How one connection was read by one survey. Times are of our own clock.

    `read_at`: when the newest complete reading of the connection began, which may be an older survey's; None: never. How
    old the knowledge is, is counted from there. `oddities_left_out`: how many more there were than are kept.
    """

    survey: int
    connection: str
    platform: str
    state: CoverageState
    started_at: datetime
    finished_at: datetime
    read_at: datetime | None
    counts: Counts = Counts()
    gaps: tuple[MissingPart, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    oddities_left_out: int = 0


class Survey(Value):
    """One reading of the estate. `number` counts from 1; fact ids carry it. `connections`: those that it reads, by name.

    `coverage`: of those that are done, by name. `requested_by`: a person, or `schedule`.
    """

    number: int
    state: SurveyState
    requested_by: str
    connections: tuple[str, ...]
    started_at: datetime
    finished_at: datetime | None = None
    coverage: tuple[Coverage, ...] = ()


class Present(NamedTuple):
    """A resource that the estate believes to be there, as far as a judgement needs it."""

    id: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of the resources that a reading did not show: ids that are gone, ids that stay, and why.

    `doubted`: those of `unseen` whose kind is suspicious; a person may say that they are gone.
    """

    vanished: Sequence[str]
    unseen: Sequence[str]
    doubted: Sequence[str]
    suspicions: Sequence[Suspicion]


def judged(
    present: Iterable[Present],
    seen: Set[str],
    gaps: Sequence[MissingPart],
    believable_ratio: float,
    passing: Set[str] = frozenset(),
) -> Judgement:
    """The judgement over what a reading of a connection left out.

    `present`: all that was believed to be there before; `seen`: ids that the reading showed. `believable_ratio` 0..1: of a
    kind with `SUSPICION_FLOOR` or more, at least this part has to be seen, or none of the kind is taken for gone. `passing`:
    kinds that come and go by themselves, and are never suspicious.
    """
    before = {resource.id: resource for resource in present}
    missing = [resource_id for resource_id in before if resource_id not in seen]
    spared = _under_gaps(missing, before, gaps)
    had, lost = Counter(map(_kind, before)), Counter(_kind(one) for one in missing)
    hidden = Counter(map(_kind, spared))
    suspicions = [
        Suspicion(kind=kind, before=had[kind], seen=had[kind] - lost[kind])
        for kind in sorted(lost)
        if kind not in passing
        and had[kind] >= SUSPICION_FLOOR
        and lost[kind] > hidden[kind]
        and had[kind] - lost[kind] < believable_ratio * had[kind]
    ]
    suspicious = {suspicion.kind for suspicion in suspicions}
    doubted = [one for one in missing if one not in spared and _kind(one) in suspicious]
    unseen = {*spared, *doubted}
    return Judgement(
        vanished=[one for one in missing if one not in unseen],
        unseen=[one for one in missing if one in unseen],
        doubted=doubted,
        suspicions=suspicions,
    )


def state_of(gaps: Sequence[MissingPart], suspicions: Sequence[Suspicion]) -> CoverageState:
    """What to call a reading that came to its end."""
    if suspicions:
        return CoverageState.SUSPICIOUS
    return CoverageState.PARTIAL if gaps else CoverageState.COMPLETE


def _under_gaps(
    missing: Sequence[str], before: Mapping[str, Present], gaps: Sequence[MissingPart]
) -> Set[str]:
    """Those of `missing` that a gap may hide. A gap whose part is neither a kind nor a known thing may hide everything."""
    parts = {gap.part for gap in gaps}
    known = {part for resource in before.values() for part in _called(resource)}
    if not parts <= known:
        return frozenset(missing)
    return {one for one in missing if not parts.isdisjoint(_places(one, before))}


def _places(resource_id: str, before: Mapping[str, Present]) -> Iterator[str]:
    """The names under which a gap may speak of a resource: its own, and those of all that contains it."""
    at = before.get(resource_id)
    met: set[str] = set()
    while at is not None and at.id not in met:
        met.add(at.id)
        yield from _called(at)
        at = before.get(at.parent or "")


def _called(resource: Present) -> Iterator[str]:
    yield _kind(resource.id)
    yield resource.id.split(":", 3)[3]
    yield resource.name


def _kind(resource_id: str) -> str:
    return resource_id.split(":", 3)[2]
