"""Makes a derived number again, from its id alone, so that nobody has to believe a document."""

from dataclasses import dataclass

from datacenter_docs.domain.capacities import Capacity, capacity_of
from datacenter_docs.domain.citing import Cite
from datacenter_docs.domain.derivations import Derivation
from datacenter_docs.domain.errors import Invalid, NotFound
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.reckonings import Reckoned, Reckoning, days_left, growth, is_reckoned
from datacenter_docs.domain.relations import Relation
from datacenter_docs.domain.web import needed_by
from datacenter_docs.ports.estate import EstateReader, ResourceFilter
from datacenter_docs.services.reaching import DEPENDENT

FACTS_TOLD = 100
"""Facts or resources of those that went into a number that are named."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A number made again. `words`: what it is. `made_of`: ids of the facts that went into it, or of the resources where it
    counts; the first ones.
    """

    id: str
    words: str
    value: float
    text: str
    made_of: tuple[str, ...]


class Deriving:
    """Makes derived numbers."""

    def __init__(self, estate: EstateReader) -> None:
        self._estate = estate

    async def again(self, derived_id: str) -> Derived:
        """The number as it is now. Raises `Invalid` for what is no id, `NotFound` where it cannot be made (any more)."""
        if is_reckoned(derived_id):
            return await self._reckoned(Reckoning.parse(derived_id))
        return await self._over_kind(Derivation.parse(derived_id))

    async def _over_kind(self, derivation: Derivation) -> Derived:
        wanted = ResourceFilter(
            derivation.platform, derivation.connection or None, derivation.kind
        )
        value, made_of = 0.0, list[str]()
        async for bunch in self._estate.walk(wanted):
            for resource in bunch:
                part = derivation.of(resource)
                if part is not None:
                    value += part
                    made_of.append(resource.id)
        return _derived(derivation.cite(value), derivation.words, value, made_of)

    async def _reckoned(self, wanted: Reckoning) -> Derived:
        if wanted.rule is Reckoned.RELATIONS:
            relations = [
                one
                async for some in self._estate.walk_relations(rules=[wanted.of])
                for one in some
            ]
            return _counted(wanted, relations)
        if wanted.rule is Reckoned.NEEDED:
            related = await self._estate.related([wanted.of], DEPENDENT)
            return _counted(wanted, [one for one in related if wanted.of in needed_by(one)])
        if wanted.rule in (Reckoned.GROWTH, Reckoned.DAYS_LEFT):
            return await self._over_time(wanted)
        resource = await self._estate.get(wanted.of)
        capacity = _capacity(resource)
        amounts = capacity.amounts(resource)
        if amounts is None:
            raise _unknown(wanted)
        used, size = amounts
        value, unit = (
            (size, capacity.used) if wanted.rule is Reckoned.SIZE else (used / size, "_ratio")
        )
        made_of = _facts(resource, capacity)
        return _derived(wanted.cite(value, unit), wanted.words, value, made_of)

    async def _over_time(self, wanted: Reckoning) -> Derived:
        try:
            since, until = wanted.span()
        except ValueError as error:
            raise Invalid(f"{wanted.id!r} says no time.") from error
        before = await self._estate.get(wanted.of, since)
        after = await self._estate.get(wanted.of, until)
        capacity = _capacity(after)
        value = growth(before, after, since, until)
        if wanted.rule is Reckoned.DAYS_LEFT:
            value = days_left(after, value)
        if value is None:
            raise _unknown(wanted)
        made_of = [*_facts(before, capacity), *_facts(after, capacity)]
        return _derived(wanted.cite(value, capacity.used), wanted.words, value, made_of)


def _capacity(resource: ObservedResource) -> Capacity:
    capacity = capacity_of(resource)
    if capacity is None:
        raise NotFound(f"Nobody says how full a {resource.kind} of {resource.platform} is.")
    return capacity


def _facts(resource: ObservedResource, capacity: Capacity) -> list[str]:
    facts = (resource.fact(name) for name in dict.fromkeys((capacity.used, *capacity.size)))
    return [fact.id for fact in facts if fact]


def _counted(wanted: Reckoning, relations: list[Relation]) -> Derived:
    value = len({(one.rule, one.left, one.right) for one in relations})
    made_of = [proof for relation in relations for proof in relation.proofs]
    return _derived(wanted.cite(value), wanted.words, value, made_of)


def _derived(cite: Cite, words: str, value: float, made_of: list[str]) -> Derived:
    return Derived(cite.proof.id, words, value, cite.text, tuple(made_of[:FACTS_TOLD]))


def _unknown(wanted: Reckoning) -> NotFound:
    return NotFound(f"This cannot be made: something that it needs is not known. {wanted.words}")
