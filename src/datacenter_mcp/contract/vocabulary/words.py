"""What a vocabulary is made of.

Names carry their unit (`size_bytes`, `usage_ratio` 0..1, `age_seconds`, `started_at` ISO 8601 with zone). An attribute
that points to another resource of the same connection ends in `_id` or `_ids` and holds whole resource ids. What may
join two platforms (MAC addresses, UUIDs, provider ids, addresses) stands as the platform says it.
"""

from collections.abc import Mapping, Sequence

from datacenter_mcp.contract.reading import KindNote, Nature, Resource, Wire


class Kind(Wire):
    """One kind of resource. `parents`: the kinds that may contain it; empty: it stands at the top.

    `attributes`: name -> what it says, its unit, and what None means. `always`: those that are never None. `measured`: those
    that move by themselves (usage, counters, ages), so that another value is no change of the thing.
    """

    name: str
    summary: str
    parents: tuple[str, ...] = ()
    attributes: dict[str, str]
    always: frozenset[str] = frozenset()
    measured: frozenset[str] = frozenset()
    nature: Nature = Nature.LASTING

    def note(self) -> KindNote:
        """What goes with a page of such resources."""
        return KindNote(nature=self.nature, measured=sorted(self.measured))


Vocabulary = Mapping[str, Kind]


def vocabulary(*kinds: Kind) -> Vocabulary:
    """Kinds by name."""
    return {kind.name: kind for kind in kinds}


def mistakes(words: Vocabulary, resource: Resource) -> Sequence[str]:
    """How a resource departs from its vocabulary, in sentences; none: it does not."""
    kind = words.get(resource.kind)
    if kind is None:
        return [f"{resource.id}: there is no kind {resource.kind!r}"]
    said = {fact.attribute: fact.value for fact in resource.facts}
    found = [
        f"{resource.id}: {name} is not a word" for name in said if name not in kind.attributes
    ]
    found += [
        f"{resource.id}: {name} is missing"
        for name in sorted(kind.always)
        if said.get(name) is None
    ]
    parent = resource.parent.split(":", 3)[2] if resource.parent else None
    if (parent is None and kind.parents) or (parent is not None and parent not in kind.parents):
        found.append(f"{resource.id}: its parent is {resource.parent}")
    return found
