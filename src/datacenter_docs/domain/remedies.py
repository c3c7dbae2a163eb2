"""What people say really helped: told in feedback, a person's word, and used only once somebody else said the same. Pure.

A remedy is a sentence for people, or operations of the catalogue. It is never an action by itself: the live reads still
have to confirm a cause, and the decision still decides.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from datacenter_docs.domain.catalogue import CATALOGUE
from datacenter_docs.domain.feedback import Feedback
from datacenter_docs.domain.masking import masked
from datacenter_docs.domain.values import Value

CONFIRMED_BY = 2
"""People, on as many tickets, who say the same before it is used."""
LONGEST = 300
_NAMED_BY = ("operation", "action", "name")
"""Keys under which people name an operation in `actual_actions_taken`."""


class Remedy(Value):
    """What people say helped. `text`: as the first of them put it; `operations`: of the catalogue, empty where they named none;
    `people`, `tickets`: how many said so, on how many tickets; `confirmed`: enough of both.
    """

    text: str
    operations: tuple[str, ...]
    people: int
    tickets: int

    @property
    def confirmed(self) -> bool:
        """Whether it may be used."""
        return self.people >= CONFIRMED_BY and self.tickets >= CONFIRMED_BY


def remedies(words: Iterable[Feedback]) -> Sequence[Remedy]:
    """What is told in the words on the tickets of one pattern, what most people say first.

    Two say the same when they name the same operations, or the same sentences without hosts, numbers and times.
    """
    told: dict[object, list[tuple[str, tuple[str, ...], Feedback]]] = {}
    for word in sorted(words, key=lambda one: (one.given_at, one.feedback_id)):
        text = (word.request.actual_resolution or "").strip()
        operations = tuple(sorted(set(_operations(word.request.actual_actions_taken or ()))))
        if text or operations:
            same = operations or masked(text).signature
            told.setdefault(same, []).append((text, operations, word))
    found = [_remedy(some) for some in told.values()]
    return sorted(found, key=lambda one: (-one.people, -one.tickets, one.text))


def _remedy(some: Sequence[tuple[str, tuple[str, ...], Feedback]]) -> Remedy:
    text = next((text for text, _, _ in some if text), "") or ", ".join(some[0][1])
    return Remedy(
        text=" ".join(text.split())[:LONGEST],
        operations=some[0][1],
        people=len({word.request.author.strip().casefold() for _, _, word in some}),
        tickets=len({word.request.ticket_id for _, _, word in some}),
    )


def _operations(taken: Iterable[Any]) -> Iterable[str]:
    """The operations of the catalogue among what somebody wrote down."""
    for one in taken:
        named = [one.get(key) for key in _NAMED_BY] if isinstance(one, dict) else [one]
        yield from (name for name in named if isinstance(name, str) and name in CATALOGUE)
