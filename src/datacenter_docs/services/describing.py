"""The page of one resource, from what is known of it. Made when somebody asks, so that it is never older than the estate."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from datacenter_docs.domain import citing
from datacenter_docs.domain.citing import Cite, Proof, ProofKind, Words
from datacenter_docs.domain.documents import FactRow, RelationRow, ResourcePage
from datacenter_docs.domain.observed import NAME, CitedFact, FactId, ObservedResource
from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.speaking import label
from datacenter_docs.domain.values import canonical_json
from datacenter_docs.ports.estate import EstateReader

HASH_SHOWN = 12
"""Digits of a payload's hash that a page shows; the link has the whole."""


class Describing:
    """Describes single resources."""

    def __init__(self, estate: EstateReader) -> None:
        self._estate = estate

    async def resource(self, resource_id: str, at: datetime | None = None) -> ResourcePage:
        """The page, as it was known at a time. Raises `NotFound` when it was never seen until then."""
        resource, relations = await asyncio.gather(
            self._estate.get(resource_id, at), self._estate.relations(resource_id, at)
        )
        others = await self._estate.get_all(
            sorted({_other(r, resource_id) for r in relations}), at
        )
        facts = list(resource.facts())
        return ResourcePage(
            id=resource.id,
            name=named(resource),
            kind=Words(label(resource.kind)),
            platform=Words(resource.platform),
            connection=citing.connected(resource.connection),
            gone_since=_gone(resource),
            stated=tuple(_row(fact) for fact in facts if not fact.measured),
            measured=tuple(_row(fact) for fact in facts if fact.measured),
            relations=tuple(_relation_rows(resource_id, relations, others)),
        )


def named(resource: ObservedResource) -> Cite:
    """The name of a resource, cited; it leads to its page."""
    return citing.cited(_name(resource))


def _name(resource: ObservedResource) -> CitedFact:
    fact = resource.fact(NAME)
    if fact is None:
        raise AssertionError(f"{resource.id} has no name, which every sighting has")
    return fact


def _gone(resource: ObservedResource) -> Cite | None:
    if resource.vanished_at is None:
        return None
    proof = Proof(ProofKind.CHANGE, resource.id)
    return Cite(citing.moment(resource.vanished_at), proof)


def _row(fact: CitedFact) -> FactRow:
    source = fact.source
    return FactRow(
        attribute=fact.attribute,
        label=Words(label(fact.attribute)),
        value=citing.cited(fact),
        since=citing.named(fact, citing.moment(fact.since)),
        tool=citing.named(fact, source.tool),
        arguments=citing.named(fact, canonical_json(dict(source.arguments))),
        payload=Cite(
            source.payload_sha256[:HASH_SHOWN], Proof(ProofKind.PAYLOAD, source.payload_sha256)
        ),
    )


def _other(relation: Relation, resource_id: str) -> str:
    return relation.right if relation.left == resource_id else relation.left


def _relation_rows(
    resource_id: str, relations: Sequence[Relation], others: Mapping[str, ObservedResource]
) -> Sequence[RelationRow]:
    rows = []
    for relation in relations:
        other = others.get(_other(relation, resource_id))
        if other is None:
            continue
        rule = RULES[relation.rule]
        rows.append(
            RelationRow(
                words=Words(rule.words if relation.left == resource_id else rule.inverse),
                kind=Words(label(other.kind)),
                other=named(other),
                proofs=tuple(_proof(proof) for proof in relation.proofs),
            )
        )
    return rows


def _proof(fact_id: str) -> Cite:
    return Cite(label(FactId.parse(fact_id).attribute), Proof(ProofKind.FACT, fact_id))
