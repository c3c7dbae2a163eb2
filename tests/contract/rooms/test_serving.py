"""What the server does for every room: tools with hints and closed schemas, typed errors, bounded answers, one deed a key."""

import asyncio

import pytest
from tests.contract.rooms.calling import calling
from tests.contract.rooms.plain_room import PlainRoom

from datacenter_mcp.contract.errors import Refused, Unavailable
from datacenter_mcp.contract.tools import PAGE_LIMIT, READ_TOOLS

TARGET = "network:plain:device:1"
SIZE = {"size_bytes": 1}


async def test_read_tools_are_hinted_so_and_write_tools_are_not():
    async with calling(PlainRoom()) as call:
        tools = await call.tools()

    assert tools.keys() == {*READ_TOOLS, "set_size"}
    for name in READ_TOOLS:
        hints = tools[name].annotations
        assert (hints.read_only_hint, hints.destructive_hint, hints.open_world_hint) == (
            True, False, False,
        )  # fmt: skip
        assert tools[name].output_schema
    hints = tools["set_size"].annotations
    assert (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint) == (
        False, True, True,
    )  # fmt: skip


async def test_parameters_of_a_write_tool_have_a_closed_schema():
    async with calling(PlainRoom()) as call:
        schema = (await call.tools())["set_size"].input_schema

    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"target", "idempotency_key"}
    parameters = schema["properties"]["parameters"]
    assert parameters["additionalProperties"] is False
    assert parameters["properties"]["size_bytes"]["type"] == "integer"


@pytest.mark.parametrize(
    "arguments",
    [
        {"target": TARGET, "idempotency_key": "1", "parameters": {}},
        {"target": TARGET, "idempotency_key": "1", "parameters": {"size_bytes": 1, "more": 2}},
        {"target": TARGET, "idempotency_key": "1", "parameters": {"size_bytes": "x"}},
        {"target": TARGET, "idempotency_key": "", "parameters": SIZE},
        {"target": TARGET, "parameters": SIZE},
        {"target": TARGET, "idempotency_key": "1", "parameters": SIZE, "force": True},
    ],
)
async def test_wrong_arguments_are_invalid_and_reach_no_room(arguments):
    room = PlainRoom()
    async with calling(room) as call:
        report = await call.error("set_size", **arguments)

    assert (report.kind, report.sent, room.acted) == ("invalid", False, [])


async def test_a_room_error_arrives_as_it_was_raised():
    error = Unavailable("Nobody answers.", retry_after_seconds=7, sent=False)
    async with calling(PlainRoom().failing(error)) as call:
        report = await call.error("describe_resource", id=TARGET)

    assert report == error.report


async def test_an_unexpected_error_keeps_its_text_to_itself(caplog):
    async with calling(PlainRoom().failing(KeyError("password=hunter2"))) as call:
        report = await call.error("describe_resource", id=TARGET)

    assert report.kind == "broken"
    assert "hunter2" not in report.message


async def test_an_answer_that_is_too_large_asks_for_a_smaller_page():
    async with calling(PlainRoom(resources=100, text="x" * 100_000)) as call:
        report = await call.error("list_resources", limit=100)
        page = await call("list_resources", limit=5)

    assert report.kind == "invalid"
    assert "smaller page" in report.message
    assert len(page["resources"]) == 5


async def test_a_page_is_never_larger_than_the_limit_and_later_pages_read_nothing_anew():
    room = PlainRoom(resources=2 * PAGE_LIMIT + 1)
    async with calling(room) as call:
        first = await call("list_resources", limit=10 * PAGE_LIMIT)
        found = await call.everything(limit=PAGE_LIMIT)

    assert len(first["resources"]) == PAGE_LIMIT
    assert len(found) == 2 * PAGE_LIMIT + 1
    assert room.listed == 2


async def test_the_same_key_acts_once_and_answers_the_same():
    room = PlainRoom()
    deed = {"target": TARGET, "idempotency_key": "1", "parameters": SIZE}
    async with calling(room) as call:
        first = await call("set_size", **deed)
        second = await call("set_size", **deed)
        other = await call.error("set_size", **{**deed, "parameters": {"size_bytes": 2}})

    assert first == second
    assert room.acted == [TARGET]
    assert other.kind == "conflict"


async def test_concurrent_calls_with_one_key_act_once_and_another_key_is_told_to_wait():
    room = PlainRoom()
    room.gate.clear()
    deed = {"target": TARGET, "parameters": SIZE}
    async with calling(room) as call:
        calls = [asyncio.create_task(call("set_size", idempotency_key="1", **deed)) for _ in "ab"]
        async with asyncio.timeout(5):
            while not room.acted:
                await asyncio.sleep(0)
        busy = await call.error("set_size", idempotency_key="2", **deed)
        room.gate.set()
        answers = await asyncio.gather(*calls)
        later = await call("set_size", idempotency_key="2", **deed)

    assert answers[0] == answers[1]
    assert (busy.kind, busy.sent) == ("conflict", False)
    assert later["changed"] is True
    assert len(room.acted) == 2


async def test_a_dry_run_is_not_remembered():
    room = PlainRoom()
    deed = {"target": TARGET, "idempotency_key": "1", "parameters": SIZE}
    async with calling(room) as call:
        dry = await call("set_size", dry_run=True, **deed)
        done = await call("set_size", **deed)

    assert (dry["changed"], done["changed"], room.acted) == (False, True, [TARGET])


@pytest.mark.parametrize(
    ("error", "deeds"),
    [(Refused("No."), 2), (Unavailable("Lost.", sent=False), 2), (Unavailable("Lost."), 1)],
    ids=["refused", "not sent", "unknown"],
)
async def test_a_key_is_tried_again_only_when_certainly_nothing_happened(error, deeds):
    room = PlainRoom().failing(error)
    deed = {"target": TARGET, "idempotency_key": "1", "parameters": SIZE}
    async with calling(room) as call:
        await call.error("set_size", **deed)
        await call.kinds(("set_size", deed))

    assert len(room.acted) == deeds
