"""When a guessed category is shown, and what a ticket's wording is."""

from datetime import UTC, datetime

import pytest

from datacenter_docs.domain.retrieval.answers import Guess, suggested, wording
from datacenter_docs.domain.tickets import Ticket, TicketRequest, TicketState

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "probability", "shown"),
    [("general", 0.6, True), ("general", 0.59, False), ("network", 0.89, False), ("network", 0.9, True), ("storage", 0.99, False)],
)  # fmt: skip
def test_a_guess_is_shown_where_none_was_given_or_it_strongly_disagrees(
    given: str, probability: float, shown: bool
):
    guess = Guess("storage", probability)

    assert suggested(given, guess) == (guess if shown else None)


def test_no_guess_is_no_suggestion():
    assert suggested("general", None) is None


def test_a_ticket_without_a_title_is_called_by_its_first_line():
    request = TicketRequest(ticket_id="T", description="\n disk full\nmore")
    ticket = Ticket(request=request, state=TicketState.RECEIVED, received_at=AT, updated_at=AT)

    assert wording(ticket).title == "disk full"
    assert wording(ticket).body == request.description
