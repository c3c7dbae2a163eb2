"""The page of one resource, from what is known of it. Made when somebody asks, so that it is never older than the estate."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from datacenter_docs.domain import citing, diagrams
from datacenter_docs.domain.citing import Cite, Proof, ProofKind, Words
from datacenter_docs.domain.documents import FactRow, OriginRow, RelationRow, ResourcePage
from datacenter_docs.domain.observed import NAME, CitedFact, FactId, ObservedResource
from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.speaking import label
from datacenter_docs.domain.values import canonical_json
from datacenter_docs.ports.estate import EstateReader

POINTERS = ("_id", "_ids")
TITLES = {
    "vmware": "VMware",
    "kubernetes": "Kubernetes",
    "network": "the network",
    "storage": "storage",
    "openstack": "OpenStack",
}
"""The platforms, as a sentence names them."""
Named = Mapping[str, ObservedResource]
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
        facts = list(resource.facts())
        ids = {_other(relation, resource_id) for relation in relations}
        ids.update(one for fact in facts for one in pointed(fact))
        others = await self._estate.get_all(sorted(ids), at)
        return _page(resource, relations, others)

    async def resources(
        self, some: Sequence[ObservedResource], relations: Mapping[str, Sequence[Relation]]
    ) -> Sequence[ResourcePage]:
        """The pages of many as they are now. `relations`: by the id of the resource at either end."""
        ids = {one for each in some for fact in each.facts() for one in pointed(fact)}
        ids.update(_other(r, each.id) for each in some for r in relations.get(each.id, ()))
        others = await self._estate.get_all(sorted(ids))
        return [_page(each, relations.get(each.id, ()), others) for each in some]


def _page(
    resource: ObservedResource, relations: Sequence[Relation], others: Named
) -> ResourcePage:
    facts = list(resource.facts())
    diagram = diagrams.around(resource.id, relations, {**others, resource.id: resource})
    return ResourcePage(
        id=resource.id,
        name=named(resource),
        kind=Words(label(resource.kind)),
        platform=Words(TITLES.get(resource.platform, resource.platform)),
        connection=citing.connected(resource.connection),
        gone_since=_gone(resource),
        stated=tuple(_row(fact, others) for fact in facts if not fact.measured),
        measured=tuple(_row(fact, others) for fact in facts if fact.measured),
        relations=tuple(_relation_rows(resource.id, relations, others)),
        origins=tuple(_origins(facts)),
        diagram=diagram if diagram.edges else None,
    )


def said(fact: CitedFact, others: Named) -> Cite:
    """A fact's value; where it points to things that are known, their names."""
    ids = pointed(fact)
    if not any(one in others for one in ids):
        return citing.cited(fact)
    names = (others[one].name if one in others else one for one in ids)
    return citing.named(fact, ", ".join(names))


def pointed(fact: CitedFact) -> Sequence[str]:
    """The ids of other resources that a fact may hold; a number like that of a VLAN is none."""
    if not fact.attribute.endswith(POINTERS):
        return ()
    values = fact.value if isinstance(fact.value, list | tuple) else (fact.value,)
    return [value for value in values if isinstance(value, str)]


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


def _row(fact: CitedFact, others: Named) -> FactRow:
    return FactRow(Words(label(fact.attribute)), said(fact, others))


def _origins(facts: Sequence[CitedFact]) -> Iterator[OriginRow]:
    """The calls, the oldest knowledge first; each with all that it was the first to show."""
    read: dict[tuple[datetime, str, str, str], list[CitedFact]] = {}
    for fact in facts:
        source = fact.source
        call = (source.tool, canonical_json(dict(source.arguments)), source.payload_sha256)
        read.setdefault((fact.since, *call), []).append(fact)
    for (since, tool, arguments, sha256), first in sorted(read.items()):
        yield OriginRow(
            since=citing.named(first[0], citing.moment(since)),
            values=tuple(citing.named(fact, label(fact.attribute)) for fact in first),
            tool=citing.named(first[0], tool),
            arguments=citing.named(first[0], arguments),
            payload=Cite(sha256[:HASH_SHOWN], Proof(ProofKind.PAYLOAD, sha256)),
        )


def _other(relation: Relation, resource_id: str) -> str:
    return relation.right if relation.left == resource_id else relation.left


def _relation_rows(
    resource_id: str, relations: Sequence[Relation], others: Named
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
