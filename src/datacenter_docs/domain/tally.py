"""The numbers of the whole estate, kept by adding and subtracting, so that their cost follows the change and not the size.

Filled by one walk over the estate, then told only of what a survey touched. Holds, for each resource, what it added, so
that it can be taken away again.
"""

from collections.abc import Iterator, Mapping, Sequence

from datacenter_docs.domain.derivations import Derivation, Recipe, contributions
from datacenter_docs.domain.observed import ObservedResource


class Tally:
    """Derived numbers by derivation, and which resources have a risk. Not safe for several threads at once."""

    def __init__(self) -> None:
        self._totals: dict[Derivation, float] = {}
        self._added: dict[str, Mapping[Derivation, float]] = {}
        self._endangered: dict[Derivation, set[str]] = {}
        self._names: dict[str, str] = {}
        self._known: dict[Derivation, Derivation] = {}

    def tell(self, resource: ObservedResource) -> bool:
        """A resource as it is now; what was told of it before is forgotten. Whether it is new, gone, or called otherwise."""
        before = self._added.pop(resource.id, {})
        self._add(before, -1)
        for derivation in before:
            if derivation.rule is Recipe.RISKS:
                self._endangered[derivation].discard(resource.id)
        added = {self._known.setdefault(d, d): n for d, n in contributions(resource).items()}
        if added:
            self._added[resource.id] = added
            self._add(added, 1)
        for derivation in added:
            if derivation.rule is Recipe.RISKS:
                self._endangered.setdefault(derivation, set()).add(resource.id)
        name = self._names.pop(resource.id, None)
        if resource.vanished_at is not None:
            return name is not None
        self._names[resource.id] = resource.name
        return name != resource.name

    def number(self, derivation: Derivation) -> float:
        """A number; 0 where nothing adds to it. `connection` empty: over all connections."""
        if derivation.connection:
            return self._totals.get(derivation, 0)
        return sum(n for d, n in self._totals.items() if _over_all(d) == derivation)

    def has(self, platform: str) -> bool:
        """Whether there is anything of a platform."""
        return any(derivation.platform == platform for derivation in self._totals)

    def numbers(self, rule: Recipe, platform: str = "") -> Iterator[tuple[Derivation, float]]:
        """All numbers of a rule that are not 0, in the order of their ids. `platform` empty: of all."""
        found = [d for d in self._totals if d.rule is rule and platform in ("", d.platform)]
        for derivation in sorted(found, key=lambda d: d.id):
            yield derivation, self._totals[derivation]

    def endangered(self, derivation: Derivation) -> Sequence[str]:
        """The ids of the resources that have the risk of this number, in order."""
        return sorted(self._endangered.get(derivation, ()))

    def _add(self, added: Mapping[Derivation, float], sign: int) -> None:
        for derivation, amount in added.items():
            total = self._totals.get(derivation, 0) + sign * amount
            if total:
                self._totals[derivation] = total
            else:
                self._totals.pop(derivation, None)


def _over_all(derivation: Derivation) -> Derivation:
    return Derivation(
        derivation.rule,
        derivation.platform,
        derivation.kind,
        "",
        derivation.attribute,
        derivation.value,
        derivation.risk,
    )
