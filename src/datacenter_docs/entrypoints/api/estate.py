"""The shapes of answers about the estate."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Path, Query
from pydantic import AwareDatetime, BaseModel

from datacenter_docs.domain.changes import Change
from datacenter_docs.domain.deeds import Deed
from datacenter_docs.domain.observed import NAME, PARENT, CitedFact, FactValue, ObservedResource
from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.sightings import LONGEST_ID
from datacenter_docs.domain.tickets import Text
from datacenter_docs.ports.estate import FactRecord
from datacenter_docs.services.drifting import Difference

LONGEST_SHOWN = 2_000
"""Characters of a value in the list of a resource's facts; a fact by its id is shown whole."""

ResourceIdPath = Annotated[Text, Path(max_length=LONGEST_ID, description="The resource's id, with its colons and slashes as they are; in one that ends in /history or /relations that slash is %2F.")]  # fmt: skip
At = Annotated[
    AwareDatetime | None,
    Query(description="As it was known then, with time zone; none: as it is known now."),
]


class FactShown(BaseModel):
    """A value with its observation. `shortened`: the value is longer; the fact by its id has the whole of it."""

    id: str
    attribute: str
    value: Any
    measured: bool
    since: datetime
    confirmed_at: datetime
    shortened: bool = False

    @classmethod
    def of(cls, fact: CitedFact) -> "FactShown":
        """Draw it from a fact."""
        value, shortened = _shortened(fact.value)
        return cls(
            id=fact.id,
            attribute=fact.attribute,
            value=value,
            measured=fact.measured,
            since=fact.since,
            confirmed_at=fact.confirmed_at,
            shortened=shortened,
        )


class ResourceSummary(BaseModel):
    """One line of the list of resources. `unseen`: not seen by the newest survey, and not known to be gone."""

    id: str
    platform: str
    connection: str
    kind: str
    name: str
    parent: str | None
    first_seen_at: datetime
    confirmed_at: datetime
    vanished_at: datetime | None
    unseen: bool

    @classmethod
    def of(cls, resource: ObservedResource) -> "ResourceSummary":
        """Draw the line from a resource."""
        return cls(**_summary(resource))


class ResourceShown(ResourceSummary):
    """A resource with its facts; `name_fact` and `parent_fact` are the ids of the facts that say its name and what contains it."""

    name_fact: str
    parent_fact: str
    facts: list[FactShown]

    @classmethod
    def of(cls, resource: ObservedResource) -> "ResourceShown":
        """Draw it from a resource."""
        ids = {name: fact.id for name in (NAME, PARENT) if (fact := resource.fact(name))}
        return cls(
            **_summary(resource),
            name_fact=ids[NAME],
            parent_fact=ids[PARENT],
            facts=[FactShown.of(fact) for fact in resource.facts()],
        )


class SourceShown(BaseModel):
    """The call that first read a value; `payload` is where its raw answer is found."""

    connection: str
    tool: str
    arguments: dict[str, Any]
    observed_at: datetime
    payload_sha256: str
    payload: str


class FactDetail(FactShown):
    """One fact. `until`: when another value was found, or the resource to be gone; null: it stands."""

    resource_id: str
    resource: str
    until: datetime | None
    survey: int
    source: SourceShown

    @classmethod
    def record(cls, record: FactRecord) -> "FactDetail":
        """Draw it from what is remembered of a fact."""
        fact, source = record.fact, record.fact.source
        shown = FactShown.of(fact).model_dump() | {"value": fact.value, "shortened": False}
        return cls(
            **shown,
            resource_id=fact.resource_id,
            resource=f"/api/v1/resources/{quote(fact.resource_id, safe='/:')}",
            until=record.until,
            survey=fact.origin.survey,
            source=SourceShown(
                connection=source.connection,
                tool=source.tool,
                arguments=dict(source.arguments),
                observed_at=source.observed_at,
                payload_sha256=source.payload_sha256,
                payload=f"/api/v1/payloads/{source.payload_sha256}",
            ),
        )


class RelationShown(BaseModel):
    """Two things that have to do with each other: `left`, then `words`, then `right`. `proofs`: ids of facts."""

    rule: str
    words: str
    left: str
    right: str
    proofs: list[str]

    @classmethod
    def of(cls, relation: Relation) -> "RelationShown":
        """Draw it from a relation."""
        return cls(
            rule=relation.rule,
            words=RULES[relation.rule].words,
            left=relation.left,
            right=relation.right,
            proofs=list(relation.proofs),
        )


class DifferenceShown(BaseModel):
    """What is different between two times. `deeds`: what tickets did to these resources meanwhile; `markdown`: all of it as
    prose, with links to the facts; `cut`: so much happened that the oldest of it was left out.
    """

    changes: list[Change]
    deeds: list[Deed]
    markdown: str
    cut: bool

    @classmethod
    def of(cls, found: Difference) -> "DifferenceShown":
        """Draw it from a difference."""
        return cls(
            changes=list(found.changes),
            deeds=list(found.deeds),
            markdown=found.markdown,
            cut=found.cut,
        )


def _summary(resource: ObservedResource) -> dict[str, Any]:
    return {
        "id": resource.id,
        "platform": resource.platform,
        "connection": resource.connection,
        "kind": resource.kind,
        "name": resource.name,
        "parent": resource.parent,
        "first_seen_at": resource.first_seen_at,
        "confirmed_at": resource.confirmed_at,
        "vanished_at": resource.vanished_at,
        "unseen": resource.unseen,
    }


def _shortened(value: FactValue) -> tuple[FactValue, bool]:
    if isinstance(value, str) and len(value) > LONGEST_SHOWN:
        return value[:LONGEST_SHOWN], True
    return value, False
