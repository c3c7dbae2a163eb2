"""Starts `worker.py` processes and ends them by their process id."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

WORKER = Path(__file__).with_name("worker.py")
WAIT_SECONDS = 60


@contextmanager
def worker(work: str, url: str, count: int) -> Iterator["subprocess.Popen[str]"]:
    """A process that stands ready; `go` sets it off. Killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, WORKER, work, url, str(count)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def ready(process: "subprocess.Popen[str]") -> None:
    """Wait until it stands ready."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def go(process: "subprocess.Popen[str]") -> None:
    """Set it off."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def run_together(work: str, url: str, count: int, processes: int = 2) -> list[list[str]]:
    """Run several at the same time; what each of them printed."""
    with ExitStack() as stack:
        started = [stack.enter_context(worker(work, url, count)) for _ in range(processes)]
        for process in started:
            ready(process)
        for process in started:
            go(process)
        outputs = [process.communicate(timeout=WAIT_SECONDS)[0].split() for process in started]
        assert [process.returncode for process in started] == [0] * processes
        return outputs
