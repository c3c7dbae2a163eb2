"""Which pages of resources may say something else than they did up to a survey: what it touched, and whatever names that."""

from collections.abc import Collection, Iterable, Iterator, Set
from datetime import datetime

from datacenter_docs.domain.observed import NAME, ObservedResource
from datacenter_docs.domain.relations import Relation
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.services.reaching import grounds

AT_ONCE = 50
"""Resources whose relations are asked for together; of many more than a few thousand relations not all would be told."""


async def touched_pages(estate: EstateReader, after_survey: int) -> Set[str]:
    """The ids of all resources whose pages may differ: those with other values; and where a name or a relation is another,
    those at the other end of it and everything that these stand on, since their pages tell what would be affected.
    """
    touched = await estate.touched(after_survey)
    found = set(touched.stated | touched.measured)
    before = (await estate.survey(after_survey)).finished_at
    for some in _bunches(sorted(touched.stated)):
        then, now = await _related(estate, some, before), await _related(estate, some, None)
        renamed = await _renamed(estate, some, after_survey)
        moved = then ^ now | {one for one in then | now if renamed & set(_ends(one))}
        ends = {end for relation in moved for end in _ends(relation)}
        found |= ends
        for at in (before, None):
            for bunch in _bunches(sorted(ends)):
                found |= await grounds(estate, bunch, at)
    return found


async def _related(
    estate: EstateReader, resource_ids: Collection[str], at: datetime | None
) -> Set[Relation]:
    return frozenset(await estate.related(resource_ids, None, at))


async def _renamed(
    estate: EstateReader, resource_ids: Collection[str], after_survey: int
) -> Set[str]:
    """Those that were not called so before, did not exist, or do not any more."""
    known = await estate.get_all(list(resource_ids))
    return {one for one, resource in known.items() if _is_new(resource, after_survey)}


def _is_new(resource: ObservedResource, after_survey: int) -> bool:
    name = resource.fact(NAME)
    return resource.vanished_at is not None or name is None or name.origin.survey > after_survey


def _ends(relation: Relation) -> Iterator[str]:
    yield from (relation.left, relation.right)


def _bunches(many: list[str]) -> Iterable[list[str]]:
    return (many[start : start + AT_ONCE] for start in range(0, len(many), AT_ONCE))
