"""Tables of resources: one row each, the name first, then the columns of the kind. An id becomes the name of what it points
to; a number like that of a VLAN stays what it is.
"""

from collections.abc import Iterator, Sequence

from datacenter_docs.domain.citing import Cite, Words
from datacenter_docs.domain.columns import COLUMNS
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.speaking import NOT_KNOWN, label
from datacenter_docs.services.describing import Named, named, pointed, said
from datacenter_docs.services.remembering import Known

Row = tuple[Cite, ...]


def headings(platform: str, kind: str) -> tuple[Words, ...]:
    """What the columns are called, without that of the name."""
    return tuple(Words(label(attribute)) for attribute in COLUMNS.get((platform, kind), ()))


async def rows(estate: Known, resources: Sequence[ObservedResource]) -> Sequence[Row]:
    """The rows of resources of one kind, in their order."""
    pointed = {one for resource in resources for one in _pointed(resource)}
    others = await estate.get_all(sorted(pointed)) if pointed else {}
    return [_row(resource, others) for resource in resources]


def _row(resource: ObservedResource, others: Named) -> Row:
    columns = COLUMNS.get((resource.platform, resource.kind), ())
    return (named(resource), *(_cell(resource, attribute, others) for attribute in columns))


def _cell(resource: ObservedResource, attribute: str, others: Named) -> Cite:
    fact = resource.fact(attribute)
    if fact is None:  # nobody said anything of it: the name proves that the thing was read
        return Cite(NOT_KNOWN, named(resource).proof)
    return said(fact, others)


def _pointed(resource: ObservedResource) -> Iterator[str]:
    for attribute in COLUMNS.get((resource.platform, resource.kind), ()):
        fact = resource.fact(attribute)
        if fact is not None:
            yield from pointed(fact)
