"""Did it take effect? And the small nouns around it."""

import pytest
from tests.unit.domain.samples import NOW, PORT, look

from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.errors import Conflict, Invalid, Refused, Unavailable
from datacenter_docs.domain.estate import Look
from datacenter_docs.domain.grants import Grant, GrantKind
from datacenter_docs.domain.ids import ResourceId
from datacenter_docs.domain.outcomes import (
    Check,
    Effect,
    Outcome,
    OutcomeKind,
    Verification,
    judge_effect,
)
from datacenter_docs.domain.tickets import Ticket, TicketRequest, TicketState


@pytest.mark.parametrize(
    ("baseline", "seen", "effect"),
    [
        (None, look(satisfied=True), Effect.NOT_DONE),
        (look(), look(satisfied=True), Effect.DONE),
        (look(), look(satisfied=False), Effect.NOT_DONE),
        (look(marker="a"), look(satisfied=None, marker="b"), Effect.DONE),
        (look(marker="a"), look(satisfied=None, marker="a"), Effect.NOT_DONE),
        (look(marker="a"), look(satisfied=None), Effect.AMBIGUOUS),
        (look(), look(satisfied=None, marker="a"), Effect.AMBIGUOUS),
    ],
)
def test_the_platform_says_whether_it_took_effect_or_it_is_ambiguous(
    baseline: Look | None, seen: Look, effect: Effect
):
    assert judge_effect(baseline, seen) is effect


def test_a_verification_passes_only_if_every_check_did():
    good = Check(name="link", wanted="up", seen="up", passed=True)
    unknown = good.replaced(seen="?", passed=None)

    assert Verification(checks=(good,)).passed
    assert not Verification(checks=(good, unknown)).passed
    assert Verification(checks=(unknown,)).to_dict() == {
        "passed": False,
        "checks": [{"name": "link", "wanted": "up", "seen": "?", "passed": None}],
    }


@pytest.mark.parametrize("kind", OutcomeKind)
def test_changed_and_unchanged_are_successes(kind):
    outcome = Outcome(
        action_id="a", operation="enable_port", target=PORT, kind=kind, message="", finished_at=NOW
    )

    assert outcome.succeeded is (kind in ("changed", "unchanged"))


def test_a_resource_id_is_read_and_written():
    assert str(ResourceId.parse(PORT)) == PORT
    assert ResourceId.parse("storage:nas:volume:a:b").native == "a:b"
    with pytest.raises(Invalid, match="platform:connection:kind:native-id"):
        ResourceId.parse("storage::volume:a")


def test_a_change_names_only_what_it_sets():
    change = CaseChange(at=NOW, state=TicketState.PROCESSING, expected=frozenset(TicketState))

    assert change.columns() == {"state": TicketState.PROCESSING}


def test_a_case_begins_with_its_ticket_alone():
    ticket = Ticket(
        request=TicketRequest(ticket_id="T-1", description="down"),
        state=TicketState.RECEIVED,
        received_at=NOW,
        updated_at=NOW,
    )

    assert not Case(ticket=ticket).executed


def test_a_grant_travels_as_json():
    grant = Grant(
        grant_id="g",
        ticket_id="T-1",
        kind=GrantKind.APPROVAL,
        approved=True,
        approver="ann",
        plan_hash="0" * 64,
        state_hash="1" * 64,
        granted_at=NOW,
        expires_at=NOW,
    )

    assert Grant.model_validate_json(grant.model_dump_json()) == grant


def test_errors_carry_what_the_reader_needs():
    conflict = Conflict("it differs", {"title": ("a", "b")}, ticket_id="T-1")

    assert isinstance(conflict, Refused)
    assert conflict.differences == {"title": ("a", "b")}
    assert conflict.details == {"ticket_id": "T-1"}
    assert Unavailable("no answer", 5.0).retry_after_seconds == 5.0
    assert Invalid("wrong").fields == {}
