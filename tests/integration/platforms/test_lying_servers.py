"""A server that speaks of things of others, or answers for another thing than it was asked about, is not believed."""

import contextlib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp.types import CallToolResult, Tool

from datacenter_docs.adapters.platforms.estate_file import Connection, Estate
from datacenter_docs.adapters.platforms.pool import Pool
from datacenter_docs.adapters.platforms.reader import McpPlatformReader
from datacenter_docs.domain.errors import Broken, DatacenterDocsError
from datacenter_docs.domain.ids import Platform

SOURCE = {"connection": "lab", "tool": "t", "arguments": {}, "observed_at": "2026-01-01T00:00:00Z", "payload_sha256": "0" * 64}  # fmt: skip
OWN, SIBLING = "network:rogue:interface:x9/eth1", "network:fabric:interface:r2/eth1"
FOREIGN = (SIBLING, "vmware:rogue:vm:vm-1", "network:rogue2:interface:a", "nonsense", "", "network:rogue:", "NETWORK:rogue:interface:a")  # fmt: skip


def thing(resource_id: str) -> dict[str, Any]:
    return {"id": resource_id, "kind": "interface", "name": "r2 eth1", "facts": [], "source": SOURCE}  # fmt: skip


class Saying:
    """A session that answers each tool with the same."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        return CallToolResult(content=[], structured_content=self._answers[tool])

    async def tools(self) -> Mapping[str, Tool]:
        return {}

    async def close(self) -> None:
        return None


def reader(**answers: Any) -> McpPlatformReader:
    rogue = Connection(name="rogue", platform=Platform.NETWORK, server="external", command=("x",))
    return McpPlatformReader(Pool(Estate(connections=(rogue,)), 5, lambda *_: Saying(answers)))


@pytest.mark.parametrize("foreign", FOREIGN)
async def test_things_of_others_are_left_out_of_a_listing_and_told(foreign: str):
    found = await reader(list_resources={"resources": [thing(OWN), thing(foreign)]}).inventory(
        "network"
    )

    assert [one.id for one in found.resources] == [OWN]
    [gap] = found.gaps
    assert gap.connection == "rogue"
    assert "not its own" in gap.reason


async def test_a_description_of_another_thing_is_no_answer():
    with pytest.raises(Broken, match="answered for"):
        await reader(describe_resource=thing(SIBLING)).describe(OWN)


async def test_a_successor_of_another_connection_is_none():
    look = {"exists": True, "satisfied": None, "health": {"status": "ok"}, "source": SOURCE, "successor": SIBLING}  # fmt: skip
    with pytest.raises(Broken, match="successor"):
        await reader(look=look).look("restart_interface", OWN, {})


GARBAGE: Mapping[str, Any] = {
    "nothing": None,
    "an empty object": {},
    "another type": {"resources": "all of them"},
    "a field more": {"resources": [], "and": 1},
    "an id that is a number": {"resources": [{**thing(OWN), "id": 7}]},
    "a fact that is a nest": {"resources": [{**thing(OWN), "facts": [{"attribute": "a", "value": {"b": []}}]}]},
    "a time that is none": {"resources": [{**thing(OWN), "source": {**SOURCE, "observed_at": "yesterday"}}]},
    "a cursor that is a list": {"resources": [], "next_cursor": []},
}  # fmt: skip


def _spoiled(place: str, value: Any) -> dict[str, Any]:
    return {"resources": [thing(OWN), {**thing(OWN), place: value}], "next_cursor": None}


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
NESTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip
ANSWERS = st.one_of(
    st.none(),
    st.dictionaries(st.sampled_from(["resources", "failures", "kinds", "id", "status", "exists", "state"]) | st.text(max_size=6), NESTS, max_size=4),
    st.builds(_spoiled, st.sampled_from(["id", "kind", "name", "parent", "facts", "source", "else"]), NESTS),
)  # fmt: skip


@pytest.mark.parametrize("what", GARBAGE)
async def test_an_answer_outside_the_contract_is_told_as_a_gap(what: str):
    found = await reader(list_resources=GARBAGE[what]).inventory("network")

    assert found.resources == ()
    assert all(gap.reason for gap in found.gaps)
    assert found.gaps


@pytest.mark.parametrize("tool", ["describe_resource", "look", "get_health"])
@pytest.mark.parametrize("what", ["nothing", "another type", "a field more"])
async def test_a_single_answer_outside_the_contract_is_an_error_of_ours(tool: str, what: str):
    rogue = reader(**{tool: GARBAGE[what]})
    calls = {
        "describe_resource": lambda: rogue.describe(OWN),
        "look": lambda: rogue.look("enable_port", OWN, {}),
        "get_health": lambda: rogue.health(OWN),
    }
    with pytest.raises(DatacenterDocsError):
        await calls[tool]()


@settings(max_examples=200, deadline=5_000)
@given(answer=ANSWERS)
async def test_whatever_is_answered_is_taken_as_ours_or_told(answer: Any):
    rogue = reader(list_resources=answer, describe_resource=answer, look=answer, get_health=answer)
    found = await rogue.inventory("network")
    for ask in (
        lambda: rogue.describe(OWN),
        lambda: rogue.look("enable_port", OWN, {}),
        lambda: rogue.health(OWN),
    ):
        with contextlib.suppress(DatacenterDocsError):
            await ask()

    assert all(one.id.startswith("network:rogue:") for one in found.resources)
    assert found.gaps or isinstance(answer, dict)


async def test_pages_without_end_come_to_one():
    endless = {"resources": [], "next_cursor": "again"}
    found = await reader(list_resources=endless).inventory("network")

    assert "without end" in found.gaps[-1].reason


async def test_what_a_server_says_in_its_own_words_is_short():
    failures = [{"part": "p" * 9_000, "kind": "unavailable", "message": "m" * 99_000}]
    rogue = reader(
        list_resources={"resources": [], "failures": failures},
        get_health={"status": "failed", "reasons": ["r" * 99_000] * 999},
    )
    [gap] = (await rogue.inventory("network")).gaps
    health = await rogue.health(OWN)

    assert len(gap.part) + len(gap.reason) < 3_000
    assert sum(map(len, health.reasons)) < 30_000
