"""A backup that was made while a ticket waited for its approval: brought back elsewhere, it waits there, and is approved."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.test_demo import Demo

pytestmark = [pytest.mark.timeout(300)]
FAULT = "port-stuck"


def dcdocs(*words: str) -> Any:
    """What a command prints as JSON."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.e2e.dcdocs", *words, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    product = Demo(tmp_path / "first", [])
    (tmp_path / "first").mkdir()
    try:
        product.start()
        yield product
    finally:
        product.stop()


def test_what_waited_for_a_person_waits_in_the_restored_copy(demo: Demo, tmp_path: Path):
    ticket_id = demo.broken(FAULT)
    assert demo.settled(ticket_id)["status"] == "awaiting_approval"
    backup = str(tmp_path / "backup.tar.gz")

    made = dcdocs("backup", backup, "--data-dir", str(demo.data))
    demo.stop()
    (tmp_path / "second").mkdir()
    second = Demo(tmp_path / "second", [])
    told = dcdocs("restore", backup, "--data-dir", str(second.data))
    shutil.copy(demo.world, second.world)  # the datacenter is what it is

    assert told["journal"] | {"ok": True, "records": made["records"]} == told["journal"]
    try:
        second.start()
        assert second.get("/kill-switch")["on"] is True
        assert second.get(f"/tickets/{ticket_id}")["status"] == "awaiting_approval"
        second.post("/kill-switch", on=False, reason="Looked at it.", actor="ada")
        assert second.approve(ticket_id)["status"] == "resolved"
        assert second.verdict(FAULT) == (True, False)
        assert second.get("/audit/verify")["ok"] is True
    finally:
        second.stop()
