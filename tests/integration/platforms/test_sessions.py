"""No started server outlives the interest in it."""

import asyncio
from pathlib import Path

import pytest

from datacenter_docs.adapters.platforms.estate_file import Connection
from datacenter_docs.adapters.platforms.sessions import Session
from datacenter_docs.domain.ids import Platform

SILENT = "echo $$ > {pid}; while read -r line; do :; done"
"""A server that starts and never answers; it ends with its standard input."""


async def test_a_caller_that_gives_up_while_connecting_leaves_no_server_behind(tmp_path: Path):
    pid_file = tmp_path / "pid"
    connection = Connection(
        name="silent", platform=Platform.NETWORK, server="external",
        command=("sh", "-c", SILENT.format(pid=pid_file)),
    )  # fmt: skip
    session = Session(connection, timeout_seconds=30)
    call = asyncio.create_task(session.call("look", {}))
    async with asyncio.timeout(20):
        while not (pid_file.exists() and pid_file.read_text().strip()):
            await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        while Path(f"/proc/{pid_file.read_text().strip()}").exists():
            await asyncio.sleep(0.05)

    assert call.cancelled()
