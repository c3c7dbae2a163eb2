"""The model as the product wires it: from settings, over the real stores, to what a ticket says."""

from pathlib import Path

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.platforms import ETH1, FakePlatform
from tests.peers.databases import migrated_sqlite, opened, sqlite_url
from tests.peers.provider import Turn, asks, says, speaking

from datacenter_docs.bootstrap import read_settings, wire
from datacenter_docs.domain.decision import Verdict
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.ports.platforms import Platforms

__all__ = ["migrated_sqlite", "sqlite_url"]

ALONE = (
    asks("read", resource=ETH1),
    says(
        cause="[r1] is shut.",
        summary="[r1] is shut. Enable it.",
        evidence=["r1.admin_state"],
        action={"operation": "enable_port", "resource": "r1", "parameters": {}},
        confidence=1.0,
    ),
)


async def test_a_tickets_second_opinion_is_asked_recorded_and_left_to_a_person(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("THE_KEY", "key-0123456789")
    clock = FakeClock()
    platform = FakePlatform(clock)
    platform.things[ETH1].facts = {"admin_state": "down"}
    with speaking(ALONE) as provider, opened(sqlite_url) as database:
        settings = read_settings(
            data_dir=tmp_path,
            model="anthropic:claude-sonnet-5",
            model_base_url=provider.url,
            model_key="env:THE_KEY",
            auto_remediation_enabled=True,
        )
        house = wire(
            settings, database, Platforms(platform, platform, platform), lambda: None, clock
        )  # type: ignore[arg-type]
        request = TicketRequest(ticket_id="T-1", description="something is odd there", category="network", enable_auto_remediation=True)  # fmt: skip
        await house.receiving.receive(request)
        found = await house.stops.resolving.resolve("T-1")
        await house.stops.deciding.decide("T-1", found=found)
        case = await house.cases.get("T-1")
        [call] = (await house.model_calls.about("T-1", None, 10)).items

    assert case.diagnosis is not None
    assert case.diagnosis.resolver == "model:anthropic:claude-sonnet-5"
    assert case.decision is not None
    assert case.decision.verdict is Verdict.APPROVAL_REQUIRED
    assert "a model alone proposes this plan: a person decides" in case.decision.reasoning
    assert (call.model, call.requests) == ("anthropic:claude-sonnet-5", 2)
    assert [key.split()[-1] for key in provider.keys] == ["key-0123456789"] * 2


@pytest.mark.parametrize(
    ("given", "says_what"),
    [
        ({"model": "gpt"}, "write anthropic:NAME"),
        ({"model": "anthropic:"}, "write anthropic:NAME"),
        ({"model": "anthropic:m", "model_key": "env:NOT_SET_ANYWHERE"}, "NOT_SET_ANYWHERE"),
        ({"model": "anthropic:m", "model_key": "sk-ant-123"}, "env:NAME or file:PATH"),
    ],
)
def test_a_wrong_setting_is_told_at_the_start_and_never_repeats_a_secret(
    sqlite_url: str, tmp_path: Path, given: dict[str, str], says_what: str
):
    platform = FakePlatform(FakeClock())
    settings = read_settings(data_dir=tmp_path, **given)
    with opened(sqlite_url) as database, pytest.raises(Invalid, match=says_what) as told:
        wire(settings, database, Platforms(platform, platform, platform), lambda: None)  # type: ignore[arg-type]

    assert "sk-ant-123" not in str(told.value)


def test_the_script_of_a_provider_goes_on_with_its_last_turn():
    with speaking([Turn(text="a"), Turn(text="b")]) as provider:
        assert [provider.next().text for _ in range(3)] == ["a", "b", "b"]
