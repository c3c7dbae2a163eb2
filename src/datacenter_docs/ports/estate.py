"""The estate as it is remembered: what surveys recorded, read back at any time. Reading and recording are two ports.

`at` is always: as it was known then (a time with zone); None: as it is known now. Nothing here asks a platform.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.changes import Change, ChangeKind, Touched
from datacenter_docs.domain.observed import CitedFact, FactId, ObservedResource
from datacenter_docs.domain.relations import Crowd, Relation
from datacenter_docs.domain.sightings import Sighting
from datacenter_docs.domain.surveys import Coverage, Present, Survey
from datacenter_docs.ports.pages import Page


@dataclass(frozen=True, slots=True)
class ResourceFilter:
    """What to list; None: no restriction. `name`: a part of the name, in any case of letters. `parent`: an id.

    `vanished` True: those that are gone, False: those that are there; None: both.
    """

    platform: str | None = None
    connection: str | None = None
    kind: str | None = None
    name: str | None = None
    parent: str | None = None
    vanished: bool | None = False


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """What to list of what was found after `since` and not after `until`; None: no restriction."""

    since: datetime | None = None
    until: datetime | None = None
    platform: str | None = None
    connection: str | None = None
    resource_id: str | None = None
    kind: ChangeKind | None = None
    resource_ids: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class FactRecord:
    """A fact and how long it stood. `until`: when another value was found, or the resource to be gone; None: it stands."""

    fact: CitedFact
    until: datetime | None


@dataclass(frozen=True, slots=True)
class KeptPayload:
    """A raw answer of a platform. `sha256` and `size_bytes` are of the answer as it came.

    `body` None: it was not kept, or is no longer (`gone_because` says why). `cut`: only its beginning is kept.
    `redactions`: places in it that looked like a secret and were blotted out before it was stored.
    """

    sha256: str
    body: str | None
    size_bytes: int = 0
    cut: bool = False
    redactions: int = 0
    gone_because: str | None = None


class EstateReader(Protocol):
    """What is known. Every value comes with its fact; every answer is of one moment, and costs no platform a call."""

    async def survey(self, number: int) -> Survey:
        """One survey. Raises `NotFound`."""
        ...

    async def surveys(self, cursor: str | None, limit: int) -> Page[Survey]:
        """Surveys, newest first. Raises `Invalid` for a cursor that was not given by this method."""
        ...

    async def coverage(self, at: datetime | None = None) -> Sequence[Coverage]:
        """The newest reading of every connection, by name: how well it was read, what is missing, and how old it is.

        A connection that is no longer configured keeps its last one.
        """
        ...

    async def get(self, resource_id: str, at: datetime | None = None) -> ObservedResource:
        """One resource; one that is gone as it was last known. Raises `NotFound` when it was never seen until then."""
        ...

    async def get_all(
        self, resource_ids: Sequence[str], at: datetime | None = None
    ) -> Mapping[str, ObservedResource]:
        """Several resources by id; those that were never seen are not in the answer."""
        ...

    async def find(
        self,
        wanted: ResourceFilter,
        cursor: str | None,
        limit: int,
        at: datetime | None = None,
    ) -> Page[ObservedResource]:
        """Resources in the order of their ids. Raises `Invalid` for a cursor that was not given by this method."""
        ...

    def walk(
        self, wanted: ResourceFilter, at: datetime | None = None
    ) -> AsyncIterator[Sequence[ObservedResource]]:
        """All of them in the order of their ids, in bunches of about a thousand, so that nobody holds the whole estate.

        With `at` the bunches are of one moment; without it a survey that runs meanwhile may show in the later ones.
        """
        ...

    async def counts(self, at: datetime | None = None) -> Mapping[tuple[str, str, str], int]:
        """How many resources there are, by platform, connection and kind."""
        ...

    async def fact(self, fact_id: FactId) -> FactRecord:
        """One fact. Raises `NotFound` when there never was one, or it is no longer kept: the message says which."""
        ...

    async def history(
        self, resource_id: str, attribute: str | None, cursor: str | None, limit: int
    ) -> Page[Change]:
        """What happened to a resource (or to one attribute of it), newest first. Raises `NotFound`, `Invalid` (cursor)."""
        ...

    async def relations(self, resource_id: str, at: datetime | None = None) -> Sequence[Relation]:
        """What a resource has to do with others, by declared rules, at either end of each; at most some thousands.

        In the order of rule, left, right. Raises `NotFound`.
        """
        ...

    async def related(
        self,
        resource_ids: Collection[str],
        rules: Collection[str] | None = None,
        at: datetime | None = None,
    ) -> Sequence[Relation]:
        """The relations of several resources, at either end of each, every one once; in the order of rule, left, right.

        `rules`: only those of these; None: of all. At most some thousands for every few hundred resources.
        """
        ...

    def walk_relations(
        self, at: datetime | None = None, rules: Sequence[str] = ()
    ) -> AsyncIterator[Sequence[Relation]]:
        """All relations between resources that are there, each once, in no order, in bunches of at most some thousands.

        `rules`: only those by these rules; empty: by all.
        """
        ...

    async def crowds(self) -> Sequence[Crowd]:
        """Keys that too many things share now, so that they relate nothing: those with most members first, at most a hundred."""
        ...

    async def changes(self, wanted: ChangeFilter, cursor: str | None, limit: int) -> Page[Change]:
        """What changed, newest survey first, then by resource id. Raises `Invalid` (cursor)."""
        ...

    async def touched(self, after_survey: int) -> Touched:
        """The resources that any survey after this one found different. 0: all there are."""
        ...

    async def payload(self, sha256: str) -> KeptPayload:
        """The raw answer with this hash. Raises `NotFound` when no reading ever named it."""
        ...


@dataclass(frozen=True, slots=True)
class Begun:
    """The answer to `begin`. `created` False: that survey was running already."""

    survey: Survey
    created: bool


@dataclass(frozen=True, slots=True)
class Retention:
    """What may be forgotten; each a time before which it may. What is true now is never forgotten."""

    versions_before: datetime
    measurements_before: datetime
    payloads_before: datetime


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a sweep removed."""

    versions: int
    measurements: int
    readings: int
    payloads: int


class EstateRecorder(Protocol):
    """Writes what a survey saw. Every call is durable when it returns and may be repeated with the same arguments."""

    async def begin(
        self,
        connections: Sequence[str],
        requested_by: str,
        at: datetime,
        entries: Sequence[Entry] = (),
    ) -> Begun:
        """A new survey; when one runs, that one. Its time is never before that of the newest one, whatever `at` says."""
        ...

    async def record(
        self, survey: int, sightings: Sequence[Sighting], at: datetime
    ) -> Sequence[str]:
        """Compare with what is known and store what differs, in one commit. The answer: hashes of the payloads that this
        refers to and that are not kept. No id twice in one call. What the survey recorded already of a resource is replaced.
        """
        ...

    async def keep(self, payloads: Sequence[KeptPayload], at: datetime) -> None:
        """Store raw answers, redacted already; one that is there stays as it is."""
        ...

    def present(self, connection: str) -> AsyncIterator[Sequence[Present]]:
        """What is believed to be there, in bunches, in the order of ids."""
        ...

    async def depart(
        self, survey: int, vanished: Sequence[str], unseen: Mapping[str, bool], at: datetime
    ) -> None:
        """Give tombstones to the vanished, and mark the unseen; the value tells whether a person may say that it is gone
        (it is missing by suspicion, not under a gap). One that is marked already keeps its time.
        """
        ...

    async def cover(self, coverage: Coverage) -> Coverage:
        """Store how a connection was read, replacing what the same survey said before. The answer has what only the store can
        tell: `read_at`, and what appeared, returned, changed and vanished since the survey began, also before a crash.
        """
        ...

    async def finish(self, survey: int, at: datetime) -> Survey:
        """The survey is over. Raises `NotFound`."""
        ...

    async def accept_vanished(
        self, connection: str, requested_by: str, at: datetime, entries: Sequence[Entry]
    ) -> int:
        """Give tombstones to what is missing by suspicion, as a survey of its own that a person made by a word, journaled in
        the same commit; how many. 0: nothing was doubted, and nothing happened. Raises `Refused` while a survey runs.
        """
        ...

    async def sweep(self, retention: Retention) -> Forgotten:
        """Forget what is older than it has to be, and readings and payloads that nothing refers to any more. Payloads of past
        measurements go as well; their readings stay.
        """
        ...
