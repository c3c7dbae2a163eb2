"""What the resolver answers: a cause, a question, or that it does not know; and what it makes of earlier tickets."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.platforms import ETH1, ETH2, FakePlatform, Thing
from tests.fakes.reasoning import FakePrecedents

from datacenter_docs.adapters.reasoning.runbook_resolver import RunbookResolver
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.runbooks import Runbook
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.ports.platforms import Gap
from datacenter_docs.ports.reasoning import Failure

VOLUME = "storage:lab:volume:nas1/home"
SHUT = {
    "attribute": "admin_state",
    "equals": "down",
    "required": True,
    "says": "It is shut.",
    "otherwise": "It is open.",
}
FULL = {
    "attribute": "usage_ratio",
    "at_least": 0.9,
    "required": True,
    "says": "It is full.",
    "otherwise": "It has room.",
}


def book(name: str, words: list[str], *, sight: bool = False, **fields: Any) -> Runbook:
    base = {
        "name": name, "summary": f"It is {name}.", "why": "It helps.", "platform": "network", "target_kind": "interface",
        "trigger": {"all_of": [words], "by_sight": sight}, "conditions": [SHUT],
    }  # fmt: skip
    return Runbook.model_validate({**base, **fields})


PORT = book("shut", ["down", "shut"], suggests={"operation": "enable_port"})
DISK = book("full", ["full"], platform="storage", target_kind="volume", conditions=[FULL],
            suggests={"operation": "expand_volume", "parameters": {"size_bytes": 5}})  # fmt: skip


def estate() -> FakePlatform:
    platform = FakePlatform(FakeClock())
    platform.things[VOLUME] = Thing(
        state={"size_bytes": 1}, facts={"usage_ratio": 0.99}, parent=None
    )
    platform.things[ETH2].state["admin_state"] = "up"
    return platform


async def asked(
    text: str,
    *books: Runbook,
    platform: FakePlatform | None = None,
    precedents: FakePrecedents | None = None,
) -> Diagnosis:
    resolver = RunbookResolver(books or (PORT, DISK), platform or estate(), precedents)
    return await resolver.resolve(TicketRequest(ticket_id="T-1", description=text, category="any"))


async def test_a_cause_comes_with_evidence_plan_and_what_was_rejected():
    found = await asked(
        "The port eth1 of r1 is down.",
        PORT,
        book("open", ["down"], conditions=[{**SHUT, "equals": "up"}]),
    )

    assert (found.cause, found.about, found.confidence) == ("It is shut.", ETH1, 0.95)
    assert [(one.resource, one.attribute, one.value, one.supports) for one in found.evidence] == [
        (ETH1, "admin_state", "down", True)
    ]
    assert [(one.cause, one.because, one.resource) for one in found.rejected] == [
        ("It is open.", "It is open.", ETH1)
    ]
    assert found.plan.actions[0].operation == "enable_port"
    assert found.seen == {f"{ETH1}#admin_state": "down"}


async def test_what_is_seen_of_a_named_thing_needs_no_words_and_is_less_sure():
    sight = book("shut", ["down"], sight=True)
    found = await asked("eth1 on r1 macht Probleme", sight)

    assert found.about == ETH1
    assert found.confidence == pytest.approx(0.95 * 0.95, abs=0.001)
    assert (await asked("eth1 on r1 macht Probleme", PORT)).cause is None
    assert (await asked("Something is wrong.", sight)).cause is None


async def test_two_troubles_are_told_as_two_and_nothing_is_planned():
    found = await asked("The port eth1 of r1 is down, and nas1 home is full.")

    assert found.cause is None
    assert found.summary.startswith("2 troubles in one ticket")
    assert found.plan.actions == ()
    assert len(found.look_at) == 2


async def test_of_two_that_fit_equally_well_it_asks_which_one():
    platform = estate()
    platform.things[ETH2].state["admin_state"] = "down"
    found = await asked("A port of r1 is down.", platform=platform)

    assert found.cause is None
    assert "r1 eth1" in found.unknowns[0]
    assert "r1 eth2" in found.unknowns[0]


async def test_a_name_one_slip_away_is_taken_and_asked_about():
    platform = estate()
    platform.things["storage:lab:volume:nas1/archive"] = Thing(
        state={}, facts={"usage_ratio": 0.99}, parent=None
    )
    found = await asked("The volume nas1 archvie is full.", DISK, platform=platform)
    plain = await asked("The volume nas1 archive is full.", DISK, platform=platform)

    assert found.about == plain.about == "storage:lab:volume:nas1/archive"
    assert found.confidence < plain.confidence
    assert "'archive' for 'archvie'" in found.unknowns[0]


async def test_nothing_known_nothing_named_nothing_confirmed_are_told_apart():
    unknown = await asked("The printer prints blank pages.")
    unnamed = await asked("It is down.")
    well = await asked("The port eth2 of r1 is down.")

    assert "no runbook speaks of this" in unknown.summary
    assert "names nothing that is in the estate" in unnamed.summary
    assert "do not confirm shut on r1 eth2" in well.summary
    assert [one.because for one in well.rejected] == ["It is open."]
    assert all(one.cause is None and one.confidence == 0 for one in (unknown, unnamed, well))


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "The port eth1 of r1 is down. " + "log " * 24_000, "?", "🔥", "  a  "]
)
async def test_any_text_gets_an_answer(text: str):
    found = await asked(text)

    assert found.summary
    assert (found.about == ETH1) is text.startswith("The port")


async def test_what_failed_here_is_not_proposed_again_and_it_is_said():
    failure = Failure("INC-7", "enable_port", ETH1, datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    found = await asked(
        "The port eth1 of r1 is down.", precedents=FakePrecedents(failures={ETH1: failure})
    )

    assert found.plan.actions == ()
    assert found.cause == "It is shut."
    assert (
        "enable_port was tried for INC-7 on 2026-01-02 03:04 UTC and did not help" in found.summary
    )
    assert found.look_at


async def test_what_changed_lately_is_told_and_proves_nothing():
    precedents = FakePrecedents(changes={ETH1: ["r1 eth1: mtu became 9000"]})
    found = await asked("The port eth1 of r1 is down.", precedents=precedents)

    assert found.lately == ("r1 eth1: mtu became 9000",)
    assert len(found.evidence) == 1


async def test_what_helped_the_pattern_widens_what_is_looked_at():
    text = "eth1 on r1 macht Probleme"
    without = await asked(text, PORT, precedents=FakePrecedents())
    found = await asked(text, PORT, precedents=FakePrecedents(operations={"enable_port": 3}))

    assert without.cause is None
    assert (found.cause, found.about) == ("It is shut.", ETH1)


async def test_a_trouble_beneath_is_the_cause_and_the_way_to_it_is_told():
    peer = {
        "name": "peer",
        "by": ["same_network"],
        "platform": "network",
        "kind": "interface",
        "beneath": True,
    }
    dark = book("dark", ["dark"], related=[peer], conditions=[{**SHUT, "equals": "up"}])
    platform = estate()
    platform.things[ETH1].facts["addresses"] = ["10.0.0.1/30"]
    platform.things[ETH2].facts["addresses"] = ["10.0.0.2/30"]
    found = await asked(
        "eth2 of r1 is dark", dark, book("shut", ["down"], sight=True), platform=platform
    )

    assert (found.cause, found.about) == ("It is shut.", ETH1)
    assert "r1 eth2 <- r1 eth1" in found.summary
    assert found.confidence == pytest.approx(0.95 * 0.99, abs=0.001)
    assert [one.resource for one in found.evidence] == [ETH1, ETH2]


async def test_troubles_that_stand_on_each_other_in_a_circle_come_to_an_end():
    peer = {
        "name": "peer",
        "by": ["same_network"],
        "platform": "network",
        "kind": "interface",
        "beneath": True,
    }
    ill = book("ill", ["ill"], sight=True, related=[peer], conditions=[{**SHUT, "equals": "up"}])
    platform = estate()
    for number, port in enumerate((ETH1, ETH2), 1):
        platform.things[port].state["admin_state"] = "up"
        platform.things[port].facts["addresses"] = [f"10.0.0.{number}/30"]

    assert (await asked("eth2 of r1 is ill", ill, platform=platform)).cause == "It is ill."


async def test_leaving_alone_is_an_answer_of_its_own():
    found = await asked(
        "The port eth1 of r1 is down.",
        book("works", ["down"], leave_alone=True, look_at=["Ask the author."]),
    )

    assert found.leave_alone
    assert found.summary.endswith("Leave it as it is.")
    assert found.look_at == ("Ask the author.",)


@pytest.mark.parametrize(("part", "confidence"), [("r1", 0.475), ("r9", 0.95), ("", 0.475)])
async def test_what_could_not_be_read_lowers_the_confidence_where_it_matters(
    part: str, confidence: float
):
    platform = estate()
    platform.gaps = (Gap("lab", part, "no answer"),)
    found = await asked("The port eth1 of r1 is down.", PORT, platform=platform)

    assert found.confidence == confidence
    assert "no answer" in found.unknowns[0]
