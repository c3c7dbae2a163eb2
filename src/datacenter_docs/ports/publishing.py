"""The documentation as files: an edition is what there is to publish at one moment, a press makes one format of it."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from datacenter_docs.domain.changes import Change
from datacenter_docs.domain.documents import Document
from datacenter_docs.domain.freshness import Freshness
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.surveys import Survey
from datacenter_docs.ports.estate import FactRecord, KeptPayload

Progress = Callable[[int, int], None]
"""Told how many pages are done, and of how many."""


class Format(StrEnum):
    """What the documentation can be made into."""

    SITE = "site"
    MARKDOWN = "markdown"
    PDF = "pdf"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Section:
    """A document of the estate, with how fresh it is now, also as a sentence."""

    document: Document
    freshness: Freshness
    says: str


@dataclass(frozen=True, slots=True)
class ResourceText:
    """A resource with its page as Markdown."""

    resource: ObservedResource
    markdown: str


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived number: its rule in words, the number in words, and what went into it, at most so much of it: resources with
    what each adds, or ids of facts. `more`: how many resources are left out.
    """

    id: str
    words: str
    text: str
    attribute: str
    members: Sequence[tuple[ObservedResource, float]] = ()
    more: int = 0
    facts: Sequence[str] = ()


class Edition(Protocol):
    """What there is to publish, up to the newest survey. Reads only."""

    @property
    def survey(self) -> int:
        """The newest survey up to which documents are written."""
        ...

    @property
    def now(self) -> datetime:
        """When the edition was begun."""
        ...

    async def total(self) -> int:
        """How many resources there are."""
        ...

    async def sections(self) -> Sequence[Section]:
        """All documents but the pages of resources, in the order of ids."""
        ...

    async def connections(self) -> Mapping[str, Freshness]:
        """How fresh the pages of a connection's resources are."""
        ...

    async def contested(self) -> Mapping[str, Freshness]:
        """How fresh the pages of those resources are about which sources disagree, by the ids of the resources."""
        ...

    async def noted(self) -> Set[str]:
        """The ids of the documents on which there is a note; it stands at the end of their text."""
        ...

    def resources(
        self, only: Collection[str] | None = None
    ) -> AsyncIterator[Sequence[ResourceText]]:
        """Resources with their pages, those that are gone too, in bunches. `only`: these ids; None: all."""
        ...

    def observed(self) -> AsyncIterator[Sequence[ObservedResource]]:
        """The resources that are there, without pages, in bunches."""
        ...

    async def touched(self, after_survey: int) -> Set[str]:
        """The ids of all resources whose pages may differ from those up to that survey: what it touched, and their neighbours."""
        ...

    async def past(self, fact_ids: Collection[str]) -> Sequence[FactRecord]:
        """Those of these facts that stand no longer; one that is not kept any more is left out."""
        ...

    async def payload(self, sha256: str) -> KeptPayload:
        """A raw answer. Raises `NotFound`."""
        ...

    async def derived(self, ids: Collection[str]) -> Sequence[Derived]:
        """These derived numbers, with what went into them."""
        ...

    async def changes(self, after_survey: int) -> Sequence[Change]:
        """What changed since that survey, newest first; at most some hundreds."""
        ...

    async def surveys(self, numbers: Collection[int]) -> Sequence[Survey]:
        """The records of these surveys; one that is no longer kept is left out."""
        ...


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a press did: files written anew, left as they were, removed. `note`: what else there is to say; may be empty."""

    written: int
    kept: int
    removed: int
    note: str = ""


class Press(Protocol):
    """Makes one format of an edition in a folder. What it did not change since the last time, it leaves alone."""

    async def press(
        self, edition: Edition, folder: Path, progress: Progress, *, commits: bool
    ) -> Pressed:
        """Write. `commits`: also into the history of a Git repository, where the format has one. Raises `Refused` for a folder that is not ours to write, `Unavailable` where writing fails, and then nothing
        that was there is lost.
        """
        ...
