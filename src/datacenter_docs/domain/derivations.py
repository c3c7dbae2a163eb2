"""Numbers that nobody observed and that follow from what was: counts and sums over kinds of resources. Pure.

A derivation is its own recipe: from its id alone the number can be made again, and the resources that went into it can
be listed. Documents cite it like a fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from datacenter_docs.domain import risk_rules
from datacenter_docs.domain.citing import Cite, Proof, ProofKind
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.risks import is_number, risks_of
from datacenter_docs.domain.speaking import label, spoken


class Recipe(StrEnum):
    """`count`: how many resources. `sum`: an attribute of them added up, those left out of which it is not known.
    `risks`: how many of them a rule of risks applies to.
    """

    COUNT = "count"
    SUM = "sum"
    RISKS = "risks"


@dataclass(frozen=True, slots=True)
class Derivation:
    """A recipe over the resources of a kind that are there. `connection` empty: over all connections of the platform.

    `attribute`: what is added up (`sum`), or what has to be `value` to be counted (`count`; empty: all are).
    `risk`: the rule's name (`risks`).
    """

    rule: Recipe
    platform: str
    kind: str
    connection: str = ""
    attribute: str = ""
    value: str = ""
    risk: str = ""

    @classmethod
    def parse(cls, text: str) -> "Derivation":
        """Read an id. Raises `Invalid` for what is none."""
        rule, _, rest = text.partition("?")
        try:
            fields = dict(parse_qsl(rest, keep_blank_values=True, strict_parsing=True))
            return cls(Recipe(rule), **fields)
        except (ValueError, TypeError) as error:
            raise Invalid(f"{text!r} is not the id of a derived number.") from error

    @property
    def id(self) -> str:
        """Rule and parameters, those that are not empty in the order of their names."""
        names = ("attribute", "connection", "kind", "platform", "risk", "value")
        given = [(name, getattr(self, name)) for name in names if getattr(self, name)]
        return f"{self.rule}?{urlencode(given)}"

    @property
    def words(self) -> str:
        """What the number is, as a sentence without it."""
        where = f" over {self.connection}" if self.connection else ""
        things = f"{label(self.kind)} of {self.platform}{where}"
        if self.rule is Recipe.SUM:
            return f"Sum of {label(self.attribute)} of every {things}."
        if self.rule is Recipe.RISKS:
            return f"Number of risks {self.risk!r} of every {things}."
        of_value = f" with {label(self.attribute)} {self.value}" if self.attribute else ""
        return f"Number of every {things}{of_value}."

    def of(self, resource: ObservedResource) -> float | None:
        """What one resource adds to the number; None: it is no part of it."""
        if resource.vanished_at is not None or not self._is_about(resource):
            return None
        if self.rule is Recipe.SUM:
            amount = resource.value(self.attribute)
            return amount if is_number(amount) else None
        if self.rule is Recipe.RISKS:
            rule = risk_rules.RISK_RULES.get(self.risk)
            return 1 if rule and any(risks_of(resource, [rule])) else None
        return 1 if not self.attribute or self._has_value(resource) else None

    def _has_value(self, resource: ObservedResource) -> bool:
        return spoken(self.attribute, resource.value(self.attribute)) == self.value

    def _is_about(self, resource: ObservedResource) -> bool:
        wanted = (self.platform, self.kind, self.connection or resource.connection)
        return (resource.platform, resource.kind, resource.connection) == wanted

    def cite(self, number: float) -> Cite:
        """The number, said in the unit of what was added up."""
        attribute = self.attribute if self.rule is Recipe.SUM else ""
        whole = int(number) if number == int(number) else number
        return Cite(spoken(attribute, whole), Proof(ProofKind.DERIVED, self.id))


SUMS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("vmware", "cluster"): ("cpu_cores", "memory_total_bytes"),
    ("vmware", "host"): ("cpu_cores", "memory_total_bytes", "memory_used_bytes"),
    ("vmware", "vm"): ("cpu_count", "memory_mib", "storage_used_bytes"),
    ("vmware", "datastore"): ("size_bytes", "used_bytes", "free_bytes"),
    ("kubernetes", "node"): ("cpu_cores", "memory_bytes", "pod_capacity"),
    ("kubernetes", "persistentvolume"): ("size_bytes",),
    ("storage", "cluster"): ("size_bytes", "used_bytes", "free_bytes"),
    ("storage", "volume"): ("size_bytes", "used_bytes", "free_bytes"),
    ("openstack", "hypervisor"): ("cpu_count", "used_cpu_count", "memory_mib", "used_memory_mib"),
    ("openstack", "instance"): ("cpu_count", "memory_mib"),
    ("openstack", "volume"): ("size_bytes",),
}
"""Attributes that documents add up, by platform and kind."""

STATES: Mapping[tuple[str, str], str] = {
    ("vmware", "host"): "connection_state",
    ("vmware", "vm"): "power_state",
    ("vmware", "datastore"): "accessible",
    ("kubernetes", "node"): "ready",
    ("kubernetes", "pod"): "phase",
    ("kubernetes", "persistentvolumeclaim"): "phase",
    ("kubernetes", "job"): "state",
    ("network", "interface"): "oper_state",
    ("network", "neighbour"): "established",
    ("network", "device"): "driver",
    ("storage", "volume"): "filesystem",
    ("openstack", "instance"): "status",
    ("openstack", "volume"): "status",
    ("openstack", "hypervisor"): "state",
    ("openstack", "service"): "state",
}
"""The attribute by whose values documents count a kind."""


def contributions(resource: ObservedResource) -> Mapping[Derivation, float]:
    """Everything that one resource adds to the numbers that documents show, for its own connection."""
    if resource.vanished_at is not None:
        return {}
    place = {
        "platform": resource.platform,
        "kind": resource.kind,
        "connection": resource.connection,
    }
    found: dict[Derivation, float] = {Derivation(Recipe.COUNT, **place): 1}
    state = STATES.get((resource.platform, resource.kind))
    if state is not None:
        value = spoken(state, resource.value(state))
        found[Derivation(Recipe.COUNT, **place, attribute=state, value=value)] = 1
    for attribute in SUMS.get((resource.platform, resource.kind), ()):
        amount = resource.value(attribute)
        if is_number(amount):
            found[Derivation(Recipe.SUM, **place, attribute=attribute)] = amount
    for risk in risks_of(resource, risk_rules.of_kind(resource.platform, resource.kind)):
        found[Derivation(Recipe.RISKS, **place, risk=risk.rule.name)] = 1
    return found
