"""Pictures of the estate before anybody draws them: nodes with their names, edges with what proves them. Pure.

A diagram is as honest as a table: every name is cited, every edge stands on facts, and what was left out, since nobody
could read it, is said. Made by services from relations; drawn by the writing adapter.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from datacenter_docs.domain import citing
from datacenter_docs.domain.citing import Cite, Words
from datacenter_docs.domain.observed import NAME, ObservedResource
from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.speaking import label

LINKS = ("linked", "hears_card", "same_card")
"""The rules whose relations are cables between devices and machines."""
LINKED = Words("is linked to")
MOST = 200
"""Nodes of one diagram; more of them nobody reads."""
ALIKE = 6
"""Neighbours of one resource that are drawn by the same rule at the same end."""
MACHINES = frozenset({("network", "device"), ("vmware", "host"), ("openstack", "hypervisor")})
"""What a topology shows, by platform and kind. What runs on a machine would hide it."""
PASSING = frozenset({"about", "after"})
"""Rules about what happened, which nothing depends on."""

Known = Mapping[str, ObservedResource]


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a picture: the id of the resource, its name with the fact that says so, and its platform and kind."""

    id: str
    name: Cite
    platform: Words
    kind: Words


@dataclass(frozen=True, slots=True)
class Edge:
    """Two nodes by their ids; read it: left, `words`, right. `proofs`: ids of the facts that say so, at least one."""

    left: str
    right: str
    words: Words
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """Nodes in the order of their ids, and the edges between them. `directed`: left depends on, or belongs to, right.

    `complete` False: there is more than was drawn.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    directed: bool
    complete: bool


def topology(relations: Iterable[Relation], known: Known, most: int = MOST) -> Diagram:
    """The devices and machines, and the cables between them.

    `relations`: those of `LINKS`; others are passed over. `known`: the resources at their ends and what contains these: an
    interface stands for its device. Where there are more machines than `most`, those with the most cables are drawn.
    """
    proofs: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for relation in relations:
        if relation.rule not in LINKS:
            continue
        left, right = _machine(relation.left, known), _machine(relation.right, known)
        if left is not None and right is not None and left != right:
            proofs[min(left, right), max(left, right)].update(relation.proofs)
    cables = Counter(end for pair in proofs for end in pair)
    ranked = sorted(cables, key=lambda one: (-cables[one], one))
    drawn = set(ranked[:most])
    edges = [
        Edge(left, right, LINKED, tuple(sorted(proofs[left, right])))
        for left, right in sorted(proofs)
        if {left, right} <= drawn
    ]
    return _diagram(drawn, edges, known, directed=False, complete=len(ranked) <= most)


def around(centre: str, relations: Iterable[Relation], known: Known) -> Diagram:
    """One resource and what it has to do with directly. `known`: the resources at the ends of `relations`.

    Of many alike neighbours only the first are drawn.
    """
    alike: Counter[tuple[str, str, bool]] = Counter()
    edges: list[Edge] = []
    complete = True
    for relation in _telling(centre, relations, known):
        other = relation.right if relation.left == centre else relation.left
        group = (relation.rule, known[other].kind, relation.left == centre)
        alike[group] += 1
        if alike[group] > ALIKE:
            complete = False
            continue
        words = Words(RULES[relation.rule].words)
        edges.append(Edge(relation.left, relation.right, words, relation.proofs))
    drawn = {centre, *(end for edge in edges for end in (edge.left, edge.right))}
    return _diagram(drawn, edges, known, directed=True, complete=complete)


def _telling(centre: str, relations: Iterable[Relation], known: Known) -> Iterator[Relation]:
    """The relations of the centre with what is known, without those of what merely happened."""
    for relation in relations:
        ends = {relation.left, relation.right}
        if centre in ends and relation.rule not in PASSING and all(one in known for one in ends):
            yield relation


def _machine(resource_id: str, known: Known) -> str | None:
    """The machine that a resource is or is a part of; None: it is none, or nothing is known of it."""
    met: set[str] = set()
    at: str | None = resource_id
    while at is not None and at in known and at not in met:
        resource = known[at]
        if (resource.platform, resource.kind) in MACHINES:
            return at
        if resource.kind != "interface":
            return None
        met.add(at)
        at = resource.parent
    return None


def _diagram(
    drawn: Iterable[str],
    edges: Sequence[Edge],
    known: Known,
    *,
    directed: bool,
    complete: bool,
) -> Diagram:
    nodes = tuple(_node(known[one]) for one in sorted(drawn))
    return Diagram(nodes, tuple(edges), directed, complete)


def _node(resource: ObservedResource) -> Node:
    fact = resource.fact(NAME)
    if fact is None:
        raise AssertionError(f"{resource.id} has no name, which every sighting has")
    return Node(
        resource.id, citing.cited(fact), Words(resource.platform), Words(label(resource.kind))
    )
