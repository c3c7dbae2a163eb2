"""What a document says, before anybody writes it: pages of cited values. Pure; made by services, written by an adapter.

A page holds no text that was observed but inside a `Cite`, and no time but one that was observed: how old it all is, is
added when somebody reads it (`freshness.py`), so that a page changes exactly when the estate does.
"""

from dataclasses import dataclass

from datacenter_docs.domain.citing import Cite, Words


@dataclass(frozen=True, slots=True)
class FactRow:
    """One attribute of a resource: its label, its value, since when it is so, and the call that read it."""

    attribute: str
    label: Words
    value: Cite
    since: Cite
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
    """The page of one resource. `gone_since` None: it is there."""

    id: str
    name: Cite
    kind: Words
    platform: Words
    connection: Cite
    gone_since: Cite | None
    stated: tuple[FactRow, ...]
    measured: tuple[FactRow, ...]
    relations: tuple[RelationRow, ...]

    template = "resource"


Page = ResourcePage
"""Every kind of page; each names its template."""
