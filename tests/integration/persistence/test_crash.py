"""What is left when a process is killed while it writes."""

import os
import signal

import pytest
from tests.fakes.storage import Storage
from tests.integration.persistence.processes import go, ready, worker

pytestmark = pytest.mark.crash
MANY = 1_000_000


@pytest.mark.parametrize("acknowledged_before", [1, 37, 400])
async def test_what_was_acknowledged_survives_a_kill_and_the_chain_verifies(
    database_url: str, storage: Storage, acknowledged_before: int
):
    with worker("append", database_url, MANY) as process:
        ready(process)
        go(process)
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(acknowledged_before)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout if line.endswith("\n")]
    report = await storage.journal.verify()

    assert report.ok
    assert report.records >= max(acknowledged)
    assert sorted(acknowledged) == [*range(1, len(acknowledged) + 1)]
