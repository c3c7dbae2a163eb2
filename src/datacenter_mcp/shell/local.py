"""Commands on this machine."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence

from datacenter_mcp.contract.errors import Broken, Unavailable, Unsupported
from datacenter_mcp.shell.command import OUTPUT_LIMIT, CommandResult, Ends


class LocalShell:
    """Runs commands as this process's user, each in a session of its own, at most eight at a time."""

    local = True

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._slots = asyncio.Semaphore(8)

    async def run(
        self,
        argv: Sequence[str],
        *,
        stdin: str | None = None,
        timeout_seconds: float | None = None,
    ) -> CommandResult:
        if not argv:
            raise Unsupported("There is no login shell to talk to on this machine.")
        async with self._slots:
            try:
                process = await asyncio.create_subprocess_exec(
                    *argv,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.PIPE,
                    start_new_session=True,
                    env={**os.environ, "LC_ALL": "C"},
                )
            except (OSError, ValueError) as error:
                raise Unsupported(f"{argv[0]} cannot be run on this machine: {error}") from error
            try:
                async with asyncio.timeout(timeout_seconds or self._timeout_seconds):
                    return await _talk(process, stdin or "")
            except TimeoutError as error:
                raise Unavailable(f"{argv[0]} did not answer in time.", sent=True) from error
            finally:
                await _end(process)

    async def ends(self) -> Ends | None:
        return None

    async def close(self) -> None:
        return None


async def _talk(process: asyncio.subprocess.Process, stdin: str) -> CommandResult:
    stdin_pipe, stdout_pipe, stderr_pipe = process.stdin, process.stdout, process.stderr
    if stdin_pipe is None or stdout_pipe is None or stderr_pipe is None:
        raise Broken("A command was started without pipes.")
    with contextlib.suppress(ConnectionError):
        stdin_pipe.write(stdin.encode())
        stdin_pipe.write_eof()
    stdout, stderr = await asyncio.gather(_bounded(stdout_pipe), _bounded(stderr_pipe))
    return CommandResult(await process.wait(), stdout, stderr)


async def _bounded(stream: asyncio.StreamReader) -> str:
    chunks: list[bytes] = []
    size = 0
    while chunk := await stream.read(65_536):
        chunks.append(chunk)
        size += len(chunk)
        if size > OUTPUT_LIMIT:
            raise Broken(f"A command answered with more than {OUTPUT_LIMIT} bytes.", sent=True)
    return b"".join(chunks).decode("utf-8", "replace")


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a command that still runs, with all that it started."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
