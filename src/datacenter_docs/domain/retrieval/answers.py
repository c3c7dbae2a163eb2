"""What is asked of the tickets that came before, and what is answered."""

from dataclasses import dataclass
from datetime import datetime

from datacenter_docs.domain.tickets import Ticket

LONGEST_HEADING = 120
MISSING_CATEGORY = "general"
"""What a ticket's category is where its sender gave none."""
OFFERED_FROM = 0.6
"""How sure a guess has to be to be shown where a category is missing."""
DISPUTED_FROM = 0.9
"""How sure it has to be to be shown against the one that was given."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A ticket as its words tell it. `ticket_id` is never in the answer about itself. `at`: when it was received."""

    ticket_id: str
    title: str
    body: str
    category: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier ticket. `score`, 0..1: higher is more alike; it puts in order and is no probability.

    `words`: those of the asked text that decided, the weightiest first, as the text spells them.
    """

    ticket_id: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """The category that a text most likely has, by what was learned before it came. `probability`, 0..1, is calibrated."""

    category: str
    probability: float


def wording(ticket: Ticket) -> Wording:
    """A stored ticket in its words. Without a title the beginning of the first line stands for it."""
    request = ticket.request
    title = request.title or request.description.strip().split("\n", 1)[0][:LONGEST_HEADING]
    return Wording(
        request.ticket_id, title, request.description, request.category, ticket.received_at
    )


def suggested(given: str, guess: Guess | None) -> Guess | None:
    """The guess, where it is worth a person's look: no category was given, or quite another one. Nothing is ever changed by it."""
    if guess is None or guess.category == given:
        return None
    least = OFFERED_FROM if given == MISSING_CATEGORY else DISPUTED_FROM
    return guess if guess.probability >= least else None
