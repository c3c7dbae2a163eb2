"""The page of one resource, from what is known of it. Made when somebody asks, so that it is never older than the estate."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from datacenter_docs.domain import citing, diagrams
from datacenter_docs.domain.changes import Change
from datacenter_docs.domain.citing import Cite, Proof, ProofKind, Words
from datacenter_docs.domain.deeds import Deed
from datacenter_docs.domain.documents import FactRow, OriginRow, RelationRow, ResourcePage
from datacenter_docs.domain.drift_pages import AffectedRow
from datacenter_docs.domain.observed import NAME, CitedFact, FactId, ObservedResource
from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.speaking import label
from datacenter_docs.domain.values import canonical_json
from datacenter_docs.ports.deeds import Deeds
from datacenter_docs.ports.estate import ChangeFilter, EstateReader
from datacenter_docs.services import telling
from datacenter_docs.services.reaching import Reach, Relating, reach

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
LAST_CHANGES = 10
LAST_DEEDS = 10
HASH_SHOWN = 12
"""Digits of a payload's hash that a page shows; the link has the whole."""


class Describing:
    """Describes single resources."""

    def __init__(self, estate: EstateReader, deeds: Deeds) -> None:
        self._estate = estate
        self._deeds = deeds

    async def resource(self, resource_id: str, at: datetime | None = None) -> ResourcePage:
        """The page, as it was known at a time. Raises `NotFound` when it was never seen until then."""
        resource, relations, reached, changes, deeds = await asyncio.gather(
            self._estate.get(resource_id, at),
            self._estate.relations(resource_id, at),
            reach(self._estate, resource_id, at),
            self._estate.changes(
                ChangeFilter(until=at, resource_id=resource_id), None, LAST_CHANGES
            ),
            self._deeds.upon([resource_id], None, at, LAST_DEEDS),
        )
        facts = list(resource.facts())
        ids = {_other(relation, resource_id) for relation in relations}
        ids.update(one for fact in facts for one in pointed(fact))
        ids.update(_ends(reached))
        others = await self._estate.get_all(sorted(ids), at)
        return _page(resource, relations, reached, others, changes.items, deeds)

    async def resources(
        self,
        some: Sequence[ObservedResource],
        relations: Mapping[str, Sequence[Relation]],
        relating: Relating,
    ) -> Sequence[ResourcePage]:
        """The pages of many as they are now, without what happened to each of them, which the section of changes tells.

        `relations`: by the id of the resource at either end; `relating`: knows those of others too.
        """
        reaches = [await reach(relating, each.id) for each in some]
        ids = {one for each in some for fact in each.facts() for one in pointed(fact)}
        ids.update(_other(r, each.id) for each in some for r in relations.get(each.id, ()))
        ids.update(end for reached in reaches for end in _ends(reached))
        others = await self._estate.get_all(sorted(ids))
        return [
            _page(each, relations.get(each.id, ()), reached, others)
            for each, reached in zip(some, reaches, strict=True)
        ]


def _page(
    resource: ObservedResource,
    relations: Sequence[Relation],
    reached: Reach,
    others: Named,
    changes: Sequence[Change] = (),
    deeds: Sequence[Deed] = (),
) -> ResourcePage:
    facts = list(resource.facts())
    known = {**others, resource.id: resource}
    diagram = diagrams.around(resource.id, relations, known)
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
        affected=tuple(_affected(reached, known)),
        affected_cut=reached.cut,
        changes=tuple(telling.groups([change], [])[0] for change in changes),
        deeds=tuple(telling.deed_row(deed) for deed in deeds),
    )


def _ends(reached: Reach) -> Iterator[str]:
    for one in reached.affected:
        yield from (one.resource_id, one.through)


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
                proofs=proofs(relation),
            )
        )
    return rows


def _affected(reached: Reach, others: Named) -> Iterator[AffectedRow]:
    for one in reached.affected:
        if one.resource_id in others and one.through in others:
            rule = RULES[one.relation.rule]
            yield AffectedRow(
                name=named(others[one.resource_id]),
                kind=Words(label(others[one.resource_id].kind)),
                words=Words(rule.words if one.relation.left == one.resource_id else rule.inverse),
                through=named(others[one.through]),
                proofs=proofs(one.relation),
            )


def proofs(relation: Relation) -> tuple[Cite, ...]:
    """The facts that prove a relation, by the names of their attributes."""
    return tuple(map(_proof, relation.proofs))


def _proof(fact_id: str) -> Cite:
    return Cite(label(FactId.parse(fact_id).attribute), Proof(ProofKind.FACT, fact_id))
