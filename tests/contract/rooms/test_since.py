"""What a write tool does with what its caller saw before: a call that slept on its way acts no more."""

from pathlib import Path

import pytest
from mcp import Client
from tests.contract.rooms.calling import Caller
from tests.fakes.room import PORT, FileRoom, Folder, Port

from datacenter_mcp.serving import build_server


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.write(Port())
    return folder


async def acted(folder: Folder, operation: str, key: str, **more: object) -> bool:
    async with Client(build_server(FileRoom(folder), allow_writes=True)) as client:
        answer = await Caller(client)(operation, target=PORT, idempotency_key=key, **more)
        return bool(answer["changed"])


async def test_what_is_so_by_now_is_not_done_again(folder: Folder):
    seen = {"since": {"marker": None}}

    assert await acted(folder, "enable_port", "first", **seen)
    assert not await acted(folder, "enable_port", "late", **seen)
    assert folder.effects == ["enable_port"]


async def test_a_restart_whose_marker_moved_is_not_done_again(folder: Folder):
    seen = {"since": {"marker": "0"}}

    assert await acted(folder, "restart_interface", "first", **seen)
    assert not await acted(folder, "restart_interface", "late", **seen)
    assert folder.effects == ["restart_interface"]


async def test_a_caller_that_says_nothing_of_what_it_saw_is_obeyed(folder: Folder):
    assert await acted(folder, "restart_interface", "first")
    assert await acted(folder, "restart_interface", "second")
    assert folder.effects == ["restart_interface"] * 2
