"""The one contract, played on the demo world and on every real peer: what is true of every operation, whoever does it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms.calling import calling
from tests.contract.rooms.openstack_cases import web
from tests.contract.rooms.stages import STAGES, Act, Stage

from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.contract.tools import READ_TOOLS
from datacenter_mcp.contract.vocabulary.platforms import VOCABULARIES
from datacenter_mcp.contract.vocabulary.words import mistakes

__all__ = ["web"]
EACH = pytest.mark.parametrize(
    "stage", [pytest.param(stage, marks=stage.marks, id=stage.name) for stage in STAGES]
)


Play = Callable[[], AbstractAsyncContextManager[Act]]


@pytest.fixture
def play(
    stage: Stage,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Play:
    """Opens the stage in the test's own task, where the client has to be closed again too."""
    for name, value in stage.environment.items():
        monkeypatch.setenv(name, value)
    needed = [request.getfixturevalue(name) for name in stage.needs]
    return lambda: stage.open(tmp_path, *needed)


async def look(act: Act) -> dict[str, Any]:
    asked = {"target": act.target, "parameters": dict(act.parameters)}
    return await act.call("look", operation=act.operation, **asked)


async def do(act: Act, key: str, **more: Any) -> dict[str, Any]:
    asked = {"target": act.target, "parameters": dict(act.parameters)}
    return await act.call(act.operation, idempotency_key=key, **asked, **more)


async def took_effect(act: Act, before: dict[str, Any]) -> dict[str, Any]:
    """The look once the effect shows; fails where it does not."""
    act.passes()
    asked = {"operation": act.operation, "target": act.target, "parameters": dict(act.parameters)}
    return await act.call.until(
        lambda seen: seen["marker"] not in (None, before["marker"])
        if act.restart
        else seen["satisfied"] is True,
        "look", **asked,
    )  # fmt: skip


@EACH
async def test_a_dry_run_tells_what_it_would_do_and_changes_nothing(stage: Stage, play: Play):
    async with play() as act:
        before = await look(act)
        dry = await do(act, "1", dry_run=True)
        act.passes()
        after = await look(act)

        assert (dry["changed"], dry["dry_run"], bool(dry["would"])) == (False, True, True)
        assert (before["state"], before["marker"]) == (after["state"], after["marker"])


@EACH
async def test_it_is_done_once_and_looking_shows_it(stage: Stage, play: Play):
    async with play() as act:
        before = await look(act)
        done = await do(act, "1")
        after = await took_effect(act, before)
        same = await do(act, "1")

        assert (before["exists"], before["satisfied"]) == (True, None if act.restart else False)
        assert done["changed"] is True
        assert done["before"] == before["state"]
        assert after["exists"]
        assert same == done


@EACH
async def test_what_is_so_already_is_not_done_again(stage: Stage, play: Play):
    async with play() as act:
        if act.restart:
            return  # a restart is never so already
        before = await look(act)
        await do(act, "1")
        settled = await took_effect(act, before)
        again = await do(act, "2")

        assert again["changed"] is False
        assert again["before"] == again["after"] == settled["state"]


@EACH
async def test_its_inverse_brings_the_pre_state_back_where_there_is_one(stage: Stage, play: Play):
    async with play() as act:
        if act.inverse is None:
            return
        operation, parameters = act.inverse
        before = await look(act)
        await do(act, "1")
        await took_effect(act, before)
        undone = await act.call(
            operation, target=act.target, parameters=dict(parameters), idempotency_key="2"
        )
        act.passes()
        after = await act.call.until(
            lambda seen: seen["satisfied"] is False,
            "look", operation=act.operation, target=act.target, parameters=dict(act.parameters),
        )  # fmt: skip

        assert undone["changed"] is True
        assert after["state"] == before["state"]


@EACH
async def test_a_target_of_another_kind_is_refused_before_anything_is_sent(
    stage: Stage, play: Play
):
    async with play() as act:
        platform, connection, _, _ = act.target.split(":", 3)
        asked = {"parameters": dict(act.parameters), "idempotency_key": "1"}
        wrong = await act.call.error(
            act.operation, target=f"{platform}:{connection}:nonsense:1", **asked
        )

        assert wrong.kind in ("invalid", "not_found", "unsupported")
        assert wrong.sent is False


@EACH
async def test_its_target_is_said_in_the_words_of_the_platform_with_its_source(
    stage: Stage, play: Play
):
    async with play() as act:
        found = await act.call("describe_resource", id=act.target)
        again = await act.call("describe_resource", id=act.target)
        resource = Resource.model_validate(found)

        assert mistakes(VOCABULARIES[act.target.split(":")[0]], resource) == []
        assert (resource.id, again["id"]) == (act.target, act.target)
        assert len(resource.source.payload_sha256) == 64
        assert resource.source.connection == act.target.split(":")[1]


@EACH
async def test_without_writes_no_tool_that_acts_is_listed(stage: Stage, play: Play):
    async with play() as act:
        async with calling(act.read_only(), allow_writes=False) as call:
            tools = await call.tools()
            offers = (await call("list_operations", target=act.target))["offers"]
            mine = next(offer for offer in offers if offer["operation"] == act.operation)

        assert tools.keys() == set(READ_TOOLS)
        assert (mine["supported"], mine["writable"]) == (True, False)
