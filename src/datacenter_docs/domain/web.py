"""All relations of the estate, kept up to date by what a survey touched, so that their numbers cost what changed and not
what there is. Pure.

A relation is kept without its proofs, which the store has. One thing is not followed: a key that comes to be shared by
too many (`relations.CROWD`) relates nothing from then on, also between things that were not touched; a web that is made
anew knows.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import NamedTuple

from datacenter_docs.domain.relation_rules import RULES
from datacenter_docs.domain.relations import Needs, Relation


class Strand(NamedTuple):
    """A relation, without its proofs."""

    rule: str
    left: str
    right: str


class Web:
    """Strands by the things at their ends. Not safe for several threads at once."""

    def __init__(self) -> None:
        self._at: defaultdict[str, set[Strand]] = defaultdict(set)
        self._numbers: Counter[str] = Counter()
        self._needed: Counter[str] = Counter()

    def add(self, relations: Iterable[Relation]) -> None:
        """Relations that hold; one that is known already is not added twice."""
        for relation in relations:
            strand = Strand(relation.rule, relation.left, relation.right)
            if strand not in self._at[strand.left]:
                self._count(strand, 1)
                self._at[strand.left].add(strand)
                self._at[strand.right].add(strand)

    def forget(self, resource_ids: Iterable[str]) -> None:
        """Everything that has one of these things at an end."""
        for resource_id in resource_ids:
            for strand in self._at.pop(resource_id, ()):
                self._count(strand, -1)
                other = strand.right if strand.left == resource_id else strand.left
                if other in self._at:
                    self._at[other].discard(strand)

    def numbers(self) -> Sequence[tuple[str, int]]:
        """How often each rule holds, the rules in the order in which they are declared; none that never does."""
        return [(name, self._numbers[name]) for name in RULES if self._numbers[name]]

    def examples(self, rule: str, most: int) -> Sequence[Strand]:
        """The first strands of a rule, in the order of ids."""
        return nsmallest(most, self.strands([rule]))

    def most_needed(self, most: int) -> Sequence[tuple[str, int]]:
        """The things on which most others stand directly, and on how many occasions; equals in the order of ids."""
        found = ((-number, one) for one, number in self._needed.items() if number > 0)
        return [(one, -number) for number, one in nsmallest(most, found)]

    def strands(self, rules: Collection[str]) -> Iterator[Strand]:
        """All strands of some rules, in no order."""
        for resource_id, strands in self._at.items():
            for strand in strands:
                if strand.rule in rules and strand.left == resource_id:
                    yield strand

    def _count(self, strand: Strand, sign: int) -> None:
        self._numbers[strand.rule] += sign
        for needed in needed_by(strand):
            self._needed[needed] += sign


def needed_by(strand: Strand | Relation) -> Iterator[str]:
    """The ends of a relation that the other one cannot do without."""
    needs = RULES[strand.rule].needs
    if needs in (Needs.LEFT, Needs.EACH):
        yield strand.right
    if needs in (Needs.RIGHT, Needs.EACH):
        yield strand.left
