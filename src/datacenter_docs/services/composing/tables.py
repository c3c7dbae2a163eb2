"""Tables of resources: one row each, the name first, then the columns of the kind. An id becomes the name of what it points
to; a number like that of a VLAN stays what it is.
"""

from collections.abc import Iterator, Mapping, Sequence

from datacenter_docs.domain import citing
from datacenter_docs.domain.citing import Cite, Words
from datacenter_docs.domain.columns import COLUMNS
from datacenter_docs.domain.observed import CitedFact, ObservedResource
from datacenter_docs.domain.speaking import NOT_KNOWN, label
from datacenter_docs.services.describing import named
from datacenter_docs.services.remembering import Known

POINTERS = ("_id", "_ids")
Row = tuple[Cite, ...]
Named = Mapping[str, ObservedResource]


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
    if any(one in others for one in _texts(fact)):
        return citing.named(fact, _names(fact, others))
    return citing.cited(fact)


def _names(fact: CitedFact, others: Named) -> str:
    return ", ".join(others[one].name if one in others else one for one in _texts(fact))


def _pointed(resource: ObservedResource) -> Iterator[str]:
    for attribute in COLUMNS.get((resource.platform, resource.kind), ()):
        fact = resource.fact(attribute) if attribute.endswith(POINTERS) else None
        if fact is not None:
            yield from _texts(fact)


def _texts(fact: CitedFact) -> Iterator[str]:
    values = fact.value if isinstance(fact.value, list | tuple) else (fact.value,)
    yield from (value for value in values if isinstance(value, str))
