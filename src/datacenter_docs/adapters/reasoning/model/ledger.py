"""What was shown to a model in one conversation, each value under a label, so that its answer can cite it. No I/O."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from datacenter_docs.domain.diagnosis import Evidence
from datacenter_docs.domain.estate import Resource
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.speaking import label as spoken_label
from datacenter_docs.domain.speaking import spoken
from datacenter_docs.domain.values import Scalar

MOST_FACTS = 60
"""Values of one thing that are shown at once."""
LONGEST = 300
"""Characters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """One value: of which thing, and who said so. `attribute` None: the name of the thing. `live`: it was read just now."""

    resource_id: str
    attribute: str | None
    value: Scalar | list[Scalar]
    source: str
    live: bool


class Ledger:
    """Labels: `r1` is a thing, and stands for its name; `r1.admin_state` is a value of it; `t1` a text that was found."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._shown: dict[str, _Shown] = {}
        self._texts: dict[str, str] = {}

    @property
    def given(self) -> Mapping[str, str]:
        """What may be cited: label -> text as people read it, as far as it was shown: who cites a long value a hundred times
        makes no long answer of it.
        """
        values = {
            label: (spoken(one.attribute, one.value) if one.attribute else str(one.value))[
                :LONGEST
            ]
            for label, one in self._shown.items()
        }
        return {**values, **self._texts}

    @property
    def names(self) -> Sequence[str]:
        """Names of things and of attributes that were shown, which may be written as they are."""
        attributes = {one.attribute for one in self._shown.values() if one.attribute}
        return [*self._names.values(), *attributes, *map(spoken_label, attributes)]

    def resource_of(self, label: str) -> str | None:
        """The id of the thing under a label, or with this id; None: no such thing was shown."""
        if label in self._ids:
            return label
        return next((one for one, own in self._ids.items() if own == label), None)

    def read(self, resource: Resource) -> str:
        """Show a thing as it was read just now; the text for the model."""
        source = f"{resource.source.connection}: {resource.source.tool}"
        facts = [(fact.attribute, fact.value) for fact in resource.facts]
        return self._thing(resource.id, resource.name, facts, source, live=True)

    def remembered(self, resource: ObservedResource) -> str:
        """Show a thing as surveys know it; what was read live under the same label stays."""
        source = f"{resource.connection}: survey, last confirmed {resource.confirmed_at:%Y-%m-%d %H:%M} UTC"
        facts = [
            (fact.attribute, fact.value if isinstance(fact.value, Scalar) else list(fact.value))
            for fact in resource.facts()
        ]
        return self._thing(resource.id, resource.name, facts, source, live=False)

    def evidence_of(self, item: Evidence) -> str:
        """Show what the offline diagnosis stands on; the text for the model."""
        if item.resource is None or item.attribute is None:
            return f"{item.statement}"
        label = f"{self.label(item.resource)}.{item.attribute}"
        source = item.source or "offline diagnosis"
        self._shown[label] = _Shown(item.resource, item.attribute, item.value, source, live=True)
        return f"{item.statement} [{label}] {spoken(item.attribute, item.value)[:LONGEST]}"

    def text(self, text: str) -> str:
        """A label for a title or another short text that was found."""
        label = f"t{len(self._texts) + 1}"
        self._texts[label] = text[:LONGEST]
        return label

    def label(self, resource_id: str) -> str:
        """The label of a thing, given when it is first shown or named."""
        if resource_id not in self._ids:
            label = f"r{len(self._ids) + 1}"
            self._ids[resource_id] = label
            name = resource_id.split(":", 3)[-1]
            self._names[label] = name
            self._shown[label] = _Shown(resource_id, None, name, "id", live=False)
        return self._ids[resource_id]

    def evidence(self, labels: Sequence[str]) -> Iterator[Evidence]:
        """What the cited labels say, as evidence; names and texts are none."""
        for label in dict.fromkeys(labels):
            one = self._shown.get(label)
            if one is not None and one.attribute is not None:
                name = self._names[self._ids[one.resource_id]]
                says = f"{spoken_label(one.attribute)} of {name} is {spoken(one.attribute, one.value)}."
                yield Evidence(
                    statement=says,
                    supports=True,
                    resource=one.resource_id,
                    attribute=one.attribute,
                    value=one.value,
                    source=one.source,
                )

    def _thing(
        self,
        resource_id: str,
        name: str,
        facts: Sequence[tuple[str, Scalar | list[Scalar]]],
        source: str,
        *,
        live: bool,
    ) -> str:
        label = self.label(resource_id)
        self._names[label] = name[:LONGEST]
        self._shown[label] = _Shown(resource_id, None, name[:LONGEST], source, live)
        lines = [f"[{label}] {name[:LONGEST]} ({resource_id}), {source}"]
        for attribute, value in facts[:MOST_FACTS]:
            own = f"{label}.{attribute}"
            before = self._shown.get(own)
            if live or before is None or not before.live:
                self._shown[own] = _Shown(resource_id, attribute, value, source, live)
            lines.append(f"  [{own}] {attribute} = {spoken(attribute, value)[:LONGEST]}")
        if len(facts) > MOST_FACTS:
            lines.append(f"  and {len(facts) - MOST_FACTS} values more, which are not shown")
        return "\n".join(lines)
