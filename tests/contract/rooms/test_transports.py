"""The same room over stdio and over HTTP, as a process of its own."""

import asyncio
import json
import os
import re
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from tests.contract.rooms.calling import Caller
from tests.peers.netlab import PASSWORD, NetLab

from datacenter_mcp.contract.tools import READ_TOOLS

pytestmark = pytest.mark.peer
TOKEN = "a-token-for-the-test"
ETH1 = "network:lab:interface:r1/eth1"


def environment(lab: NetLab) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DATACENTER_MCP_SETTINGS": json.dumps(lab.settings()),
        "LAB_PASSWORD": PASSWORD,
        "HANDS_TOKEN": TOKEN,
    }


def command(*more: str) -> list[str]:
    return ["-m", "datacenter_mcp", "serve", "network", "--connection", "lab", *more]


@asynccontextmanager
async def process(lab: NetLab, *more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The server as a process with pipes; ended by its id."""
    pipe = asyncio.subprocess.PIPE
    started = await asyncio.create_subprocess_exec(
        sys.executable, *command(*more), env=environment(lab), stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.terminate()
        await started.communicate()


async def test_stdio_serves_the_room_and_a_warm_call_is_quick(lab, record_property):
    server = StdioServerParameters(
        command=sys.executable, args=command("--allow-writes"), env=environment(lab)
    )
    async with Client(stdio_client(server)) as client:
        call = Caller(client)
        tools = await call.tools()
        await call("describe_resource", id=ETH1)
        started = time.perf_counter()
        for _ in range(20):
            await call("list_operations")
        bare = (time.perf_counter() - started) / 20
        started = time.perf_counter()
        for _ in range(5):
            await call("look", operation="enable_port", target="network:lab:interface:sw1/swp1")
        looked = (time.perf_counter() - started) / 5
        report = await call.error("enable_port", target="nonsense", idempotency_key="1")

    record_property("list_operations_ms", round(bare * 1000, 1))
    record_property("look_ms", round(looked * 1000, 1))
    assert {*READ_TOOLS, "enable_port"} <= tools.keys()
    assert report.kind == "invalid"
    assert bare < 1


async def test_a_child_exits_when_its_stdin_ends_and_says_nothing_else_on_stdout(lab):
    async with process(lab) as child:
        request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": {"name": "test", "version": "0"}}}  # fmt: skip
        stdout, _ = await asyncio.wait_for(
            child.communicate(json.dumps(request).encode() + b"\n"), 20
        )

    assert child.returncode == 0
    assert [json.loads(line)["jsonrpc"] for line in stdout.splitlines()] == ["2.0"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--http", "127.0.0.1:1"], "needs --token"),
        (["--http", "nonsense", "--token", "env:HANDS_TOKEN"], "not an address"),
        (["--settings", "/not/there"], "cannot be read"),
        (["--http", "127.0.0.1:1", "--token", "env:NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE"),
        (["--http", "127.0.0.1:1", "--token", TOKEN], "by reference"),
    ],
)
async def test_wrong_settings_end_with_a_sentence_and_no_secret(lab, arguments, said):
    async with process(lab, *arguments) as child:
        _, stderr = await asyncio.wait_for(child.communicate(), 20)

    assert child.returncode == 2
    assert said in stderr.decode()
    assert TOKEN not in stderr.decode()
    assert "Traceback" not in stderr.decode()


async def test_http_serves_the_room_to_who_has_the_token_only(lab):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/mcp"
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    async with process(lab, "--http", str(port), "--token", "env:HANDS_TOKEN"):
        await reachable(port)
        async with httpx2.AsyncClient() as anybody:
            without = await anybody.post(url, json={})
            wrong = await anybody.post(url, json={}, headers={"Authorization": "Bearer x"})
            odd = await anybody.post(
                url, json={}, headers={"Authorization": "Bearer \xff".encode("latin-1")}
            )
            rebound = await anybody.post(url, json={}, headers={**bearer, "Host": "evil.example"})
            foreign = await anybody.post(
                url, json={}, headers={**bearer, "Origin": "http://evil.example"}
            )
        async with (
            httpx2.AsyncClient(headers=bearer) as known,
            Client(streamable_http_client(url, http_client=known)) as client,
        ):
            call = Caller(client)
            tools = await call.tools()
            found = await call("describe_resource", id=ETH1)

    assert [one.status_code for one in (without, wrong, odd)] == [401, 401, 401]
    assert [rebound.status_code, foreign.status_code] == [421, 403]
    assert tools.keys() == {*READ_TOOLS}
    assert re.fullmatch(r"[0-9a-f]{64}", found["source"]["payload_sha256"])


async def reachable(port: int) -> None:
    """Wait until something listens. Fails after 20 seconds."""
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return
