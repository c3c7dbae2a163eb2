"""Commands and what they answered: the shape that `LocalShell` and `SshShell` share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from datacenter_mcp.contract.errors import Broken, Refused

OUTPUT_LIMIT = 32 * 1024 * 1024
"""Bytes of one stream of one command; more is an error, not a cut answer."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command answered. Undecodable bytes are replaced: device output is data and never trusted."""

    exit_status: int
    stdout: str
    stderr: str

    def wanted(self, what: str) -> str:
        """The output of a command that has to succeed. Raises `Refused` when a permission is missing, else `Broken`."""
        if self.exit_status == 0:
            return self.stdout
        said = " ".join(self.stderr.split())[:200]
        lowered = said.lower()
        if any(
            word in lowered
            for word in ("permitted", "permission", "password is required", "may not run")
        ):
            raise Refused(f"{what} was refused: {said}")
        raise Broken(f"{what} failed with exit status {self.exit_status}: {said}")


@dataclass(frozen=True, slots=True)
class Ends:
    """The two addresses of a session as this side sees them."""

    device: str
    ours: str


class Shell(Protocol):
    """Runs commands on one machine. No command goes through a shell string of ours: words stay words."""

    @property
    def local(self) -> bool:
        """Whether it is this machine."""
        ...

    async def run(
        self,
        argv: Sequence[str],
        *,
        stdin: str | None = None,
        timeout_seconds: float | None = None,
    ) -> CommandResult:
        """Run a command; an empty `argv` is the login shell, fed with `stdin`. `timeout_seconds` None: the setting.

        Raises `Refused` when the login is, `Unavailable` when nothing came in time or the connection was lost (`sent`
        False: the command certainly did not start), `Broken` for too much output.
        """
        ...

    async def ends(self) -> Ends | None:
        """The addresses of the session; None on this machine."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...
