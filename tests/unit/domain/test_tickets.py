"""The states of a ticket, and what a ticket may hold."""

import pytest
from pydantic import ValidationError
from tests.unit.domain.samples import NOW

from datacenter_docs.domain.tickets import (
    BY_A_PERSON,
    CLOSED,
    MOVES,
    Ticket,
    TicketRequest,
    TicketState,
    move_allowed,
)


@pytest.mark.parametrize("current", TicketState)
@pytest.mark.parametrize("wanted", TicketState)
def test_a_move_is_an_arrow_or_a_replay(current, wanted):
    assert move_allowed(current, wanted) is (wanted in MOVES[current] or wanted is current)


def test_every_state_can_be_reached_and_only_resolved_is_the_end():
    reached = {TicketState.RECEIVED}.union(*MOVES.values())

    assert reached == set(TicketState) == MOVES.keys()
    assert [state for state, following in MOVES.items() if not following] == [TicketState.RESOLVED]
    assert BY_A_PERSON <= CLOSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"ticket_id": "a/b"},
        {"ticket_id": ""},
        {"ticket_id": "-x"},
        {"description": "\x00"},
        {"description": "\ud800"},
        {"description": ""},
        {"category": " "},
    ],
)
def test_a_ticket_that_cannot_be_kept_is_refused(wrong):
    with pytest.raises(ValidationError):
        TicketRequest(**{"ticket_id": "INC-1", "description": "down", **wrong})


def test_title_and_description_are_read_together():
    with_title = TicketRequest(ticket_id="INC-1", title="Link", description="down")

    assert with_title.text == "Link\ndown"
    assert with_title.replaced(title="").text == "down"


def test_automation_is_off_unless_asked_for():
    ticket = Ticket(
        request=TicketRequest(ticket_id="INC-1", description="down", category=" NETWORK "),
        state=TicketState.RECEIVED,
        received_at=NOW,
        updated_at=NOW,
    )

    assert not ticket.request.enable_auto_remediation
    assert (ticket.id, ticket.request.category) == ("INC-1", "network")
