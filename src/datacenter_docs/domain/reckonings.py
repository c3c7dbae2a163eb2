"""Numbers that follow from facts of several times or from relations: shares, growth, days until full, how many stand on
something. Pure.

Like a derivation (`derivations.py`), a reckoning is its own recipe: its id says all that is needed to make it again.
"""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from datacenter_docs.domain.capacities import capacity_of
from datacenter_docs.domain.citing import Cite, Proof, ProofKind
from datacenter_docs.domain.derivations import Derivation
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.speaking import spoken


class Reckoned(StrEnum):
    """`relations`: how often a rule of relations holds. `needed`: how many relations make others need a thing. `size`: parts
    of a size added up. `share`: used of size. `growth`: of what is used, for each day between two times. `days_left`: until
    it is full, if it goes on growing so.
    """

    RELATIONS = "relations"
    NEEDED = "needed"
    SIZE = "size"
    SHARE = "share"
    GROWTH = "growth"
    DAYS_LEFT = "days_left"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A recipe. `of`: the id of the resource, or the name of a rule of relations. `since`, `until`: ISO times; empty: now."""

    rule: Reckoned
    of: str
    since: str = ""
    until: str = ""

    @classmethod
    def parse(cls, text: str) -> "Reckoning":
        """Read an id. Raises `Invalid` for what is none."""
        rule, _, rest = text.partition("?")
        try:
            found = dict(parse_qsl(rest, keep_blank_values=True, strict_parsing=True))
            reckoning = cls(Reckoned(rule), **found)
            if reckoning.since or reckoning.until:
                reckoning.span()
        except (ValueError, TypeError) as error:
            raise Invalid(f"{text!r} is not the id of a derived number.") from error
        return reckoning

    @property
    def id(self) -> str:
        """Rule and parameters, those that are not empty."""
        given = [
            (f.name, getattr(self, f.name)) for f in fields(self)[1:] if getattr(self, f.name)
        ]
        return f"{self.rule}?{urlencode(given)}"

    @property
    def words(self) -> str:
        """What the number is, as a sentence without it."""
        return _WORDS[self.rule].format(of=self.of, since=self.since, until=self.until)

    def span(self) -> tuple[datetime, datetime]:
        """The two times. Raises `ValueError` where they are none, or not one after the other."""
        since, until = datetime.fromisoformat(self.since), datetime.fromisoformat(self.until)
        if since.tzinfo is None or until.tzinfo is None or since >= until:
            raise ValueError("not two times one after the other")
        return since, until

    def cite(self, number: float, attribute: str = "") -> Cite:
        """The number, said in the unit of an attribute."""
        text = (
            f"{number:,.0f} days"
            if self.rule is Reckoned.DAYS_LEFT
            else spoken(attribute, _whole(number))
        )
        return Cite(text, Proof(ProofKind.DERIVED, self.id))


def is_reckoned(derived_id: str) -> bool:
    """Whether the id of a derived number is that of a reckoning; else it is that of a derivation."""
    return derived_id.partition("?")[0] in set(Reckoned)


def recipe_words(derived_id: str) -> str:
    """What a derived number of either kind is, as a sentence without it. Raises `Invalid` for what is no id."""
    found = Reckoning if is_reckoned(derived_id) else Derivation
    return found.parse(derived_id).words


_WORDS = {
    Reckoned.RELATIONS: "Number of relations by the rule {of}.",
    Reckoned.NEEDED: "Number of relations by which others need {of}.",
    Reckoned.SIZE: "Size of {of}: its parts added up.",
    Reckoned.SHARE: "What is used of {of}, of its size.",
    Reckoned.GROWTH: "Growth of what is used of {of}, for each day from {since} to {until}.",
    Reckoned.DAYS_LEFT: "Days until {of} is full, growing as from {since} to {until}.",
}


def whole_days(now: datetime, days: int) -> tuple[datetime, datetime]:
    """So many whole days (UTC) up to the beginning of the day of `now`: what was last measured before each end no longer
    changes.
    """
    until = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return until - timedelta(days=days), until


def growth(
    before: ObservedResource | None,
    after: ObservedResource | None,
    since: datetime,
    until: datetime,
) -> float | None:
    """Growth of what is used, for each day. None: one of the two is not known, so there is too little history."""
    amounts = [_amounts(resource) for resource in (before, after)]
    if amounts[0] is None or amounts[1] is None:
        return None
    return (amounts[1][0] - amounts[0][0]) / ((until - since) / timedelta(days=1))


def days_left(after: ObservedResource, growing: float | None) -> float | None:
    """Days from the later time until it is full. None: it does not grow, or nobody knows."""
    amounts = _amounts(after)
    if amounts is None or growing is None or growing <= 0:
        return None
    used, size = amounts
    return max(0.0, size - used) / growing


def _amounts(resource: ObservedResource | None) -> tuple[float, float] | None:
    capacity = capacity_of(resource) if resource else None
    return capacity.amounts(resource) if capacity and resource else None


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number
