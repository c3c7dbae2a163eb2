"""What a document says, before anybody writes it: pages of cited values. Pure; made by services, written by an adapter.

A page holds no text that was observed but inside a `Cite`, and no time but one that was observed: how old it all is, is
added when somebody reads it (`freshness.py`), so that a page changes exactly when the estate does.
"""

from dataclasses import dataclass
from typing import NamedTuple

from datacenter_docs.domain.citing import Cite, Phrased, Quoted, Words
from datacenter_docs.domain.diagrams import Diagram
from datacenter_docs.domain.drift_pages import (
    AffectedRow,
    CapacityPage,
    ChangeGroup,
    ChangesPage,
    ContradictionsPage,
    DeedRow,
    DependenciesPage,
    DiffPage,
)


class DocumentHead(NamedTuple):
    """A document without its text. `platforms`: whose connections it stands on. `survey`: the newest one when it was last
    written; 0 for one that is made on request.
    """

    id: str
    title: str
    platforms: tuple[str, ...]
    survey: int


RESOURCE = "resource/"
"""What the id of a resource's page begins with; the resource's own id follows."""


@dataclass(frozen=True, slots=True)
class Document:
    """A written document. `members`: the resources that its table lists, where it is a part of one; empty elsewhere."""

    id: str
    title: str
    platforms: tuple[str, ...]
    markdown: str
    survey: int
    members: tuple[str, ...] = ()

    @property
    def head(self) -> DocumentHead:
        """All but the text."""
        return DocumentHead(self.id, self.title, self.platforms, self.survey)


@dataclass(frozen=True, slots=True)
class FactRow:
    """One attribute of a resource: its label and its value. An id is said as the name of what it points to."""

    label: Words
    value: Cite


@dataclass(frozen=True, slots=True)
class OriginRow:
    """A call that first read values as they are: since when, which values, and the call."""

    since: Cite
    values: tuple[Cite, ...]
    tool: Cite
    arguments: Cite
    payload: Cite


@dataclass(frozen=True, slots=True)
class RelationRow:
    """What a resource has to do with another one: `words` of the rule, the other's kind and name, and the proving facts."""

    words: Words
    kind: Words
    other: Cite
    proofs: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """The page of one resource. `gone_since` None: it is there. `affected`: what would be affected if it were gone, and
    whether that is not all; `changes`: the last ones, newest first; `deeds`: what tickets did to it. `diagram` None: there
    is nothing to draw.
    """

    id: str
    name: Cite
    kind: Words
    platform: Words
    connection: Cite
    gone_since: Cite | None
    stated: tuple[FactRow, ...]
    measured: tuple[FactRow, ...]
    relations: tuple[RelationRow, ...]
    origins: tuple[OriginRow, ...]
    diagram: Diagram | None = None
    affected: tuple[AffectedRow, ...] = ()
    affected_cut: bool = False
    changes: tuple[ChangeGroup, ...] = ()
    deeds: tuple[DeedRow, ...] = ()

    template = "resource"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A connection: how well the newest survey read it, when it was last read completely (None:
    never), and how much it showed.
    """

    connection: Cite
    platform: Words
    state: Words
    read_at: Cite | None
    seen: Cite
    gaps: Cite


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with its words; `of` None: of all."""

    words: Words
    number: Cite
    of: Cite | None = None


@dataclass(frozen=True, slots=True)
class KindTable:
    """All resources of a kind: how many, by state, sums, and one row each, the name first. `parts`: links to the pages with
    the rows, where they are too many for the section; then it has none itself.
    """

    kind: Words
    total: Cite
    states: tuple[Counted, ...]
    sums: tuple[Counted, ...]
    columns: tuple[Words, ...]
    rows: tuple[tuple[Cite, ...], ...]
    parts: tuple[Cite, ...] = ()


@dataclass(frozen=True, slots=True)
class PlatformPage:
    """The section of a platform. `topology` None: there is nothing to draw."""

    title: Words
    connections: tuple[Cite, ...]
    tables: tuple[KindTable, ...]
    topology: Diagram | None = None

    template = "platform"


@dataclass(frozen=True, slots=True)
class PartPage:
    """Rows of a long table of a section."""

    title: Words
    kind: Words
    section: Cite
    columns: tuple[Words, ...]
    rows: tuple[tuple[Cite, ...], ...]

    template = "part"


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A resource that a rule applies to, and the facts that say so."""

    name: Cite
    facts: tuple[tuple[Words, Cite], ...]


@dataclass(frozen=True, slots=True)
class RiskTable:
    """A rule of risks and the resources that it applies to; `more` None: `rows` are all of them."""

    severity: Words
    kind: Words
    says: Words
    why: Words
    total: Cite
    rows: tuple[RiskRow, ...]
    more: Cite | None


@dataclass(frozen=True, slots=True)
class RisksPage:
    """All risks, the worst first."""

    tables: tuple[RiskTable, ...]

    template = "risks"


@dataclass(frozen=True, slots=True)
class Summary:
    """A page in a few sentences. `note`: whether the model wrote them, and if not, why not; None: there is no model."""

    parts: tuple[Words | Phrased | Cite, ...]
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """What there is, on one page: in a few sentences, connections with their platforms, numbers by platform, risks by severity, the way to the rest."""

    summary: Summary
    connections: tuple[tuple[Cite, Words], ...]
    kinds: tuple[tuple[Words, tuple[Counted, ...]], ...]
    risks: tuple[Counted, ...]
    sections: tuple[Cite, ...]
    topology: Diagram | None = None

    template = "overview"


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A connection in full: its numbers, and in words what is missing, not believed, or cannot be so."""

    source: SourceRow
    numbers: tuple[Counted, ...]
    gaps: tuple[tuple[Cite, Cite], ...]
    suspicions: tuple[tuple[Words, Cite, Cite], ...]
    oddities: tuple[tuple[Cite, Cite], ...]


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """How well the estate was read."""

    rows: tuple[CoverageRow, ...]

    template = "coverage"


@dataclass(frozen=True, slots=True)
class NotePage:
    """What people say about a document, to stand below it. None: they say nothing of it. `missing`: what it names that is not
    there.
    """

    author: Cite
    written_at: Cite
    owner: Cite | None
    purpose: Cite | None
    contacts: tuple[Cite, ...]
    text: Quoted | None
    missing: tuple[Cite, ...]

    template = "note"


Page = (
    ResourcePage
    | PlatformPage
    | PartPage
    | RisksPage
    | OverviewPage
    | CoveragePage
    | ChangesPage
    | DiffPage
    | ContradictionsPage
    | DependenciesPage
    | CapacityPage
    | NotePage
)
"""Every kind of page; each names its template."""
