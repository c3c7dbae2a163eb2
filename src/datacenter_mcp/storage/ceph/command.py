"""Runs `ceph` and `rbd` with bounded time, and tells what their errors mean.

Both end with the number of the error as their exit status, or with 1 and name it in what they print (`[errno 110]`). Each line
that begins with a time is a log line of the library, which says nothing to a person. What comes from a cluster
goes back to it only behind an option's `=`, never where an option could be read.
"""

import errno
import re
from collections.abc import Sequence

from datacenter_mcp.contract.errors import (
    Broken,
    Conflict,
    InvalidRequest,
    NotFound,
    Refused,
    RoomError,
    Unavailable,
    Unsupported,
)
from datacenter_mcp.shell.command import CommandResult, Shell
from datacenter_mcp.storage.settings import HostSettings

LOG_LINE = re.compile(r"^\d{4}-\d\d-\d\dT")
NUMBER = re.compile(r"(?:\[errno |\()(\d{1,3})[\])]")
NOT_CONNECTED = ("couldn't connect to the cluster", "error connecting to the cluster")
NO_SUCH_PROGRAM = 127
WAIT_SHARE = 0.6
"""Of a command's time, how long its library waits for an answer: the typed end comes before the command is killed."""
KINDS: dict[int, type[RoomError]] = {
    errno.EPERM: Refused,
    errno.EACCES: Refused,
    errno.EROFS: Refused,
    errno.ENOSPC: Refused,
    errno.EDQUOT: Refused,
    errno.ENOENT: NotFound,
    errno.EBUSY: Conflict,
    errno.ETIMEDOUT: Unavailable,
    errno.ESHUTDOWN: Unavailable,
    errno.ENOTCONN: Unavailable,
    errno.EOPNOTSUPP: Unsupported,
}

AT_THE_DOOR = {errno.EPERM, errno.EACCES, errno.ENOENT, errno.EBUSY, errno.EOPNOTSUPP}
"""Errors with which nothing was begun; with any other a change may have been made, or half of it."""


class Command:
    """The two programs, with what the owner said about configuration, account and time."""

    def __init__(self, shell: Shell, settings: HostSettings) -> None:
        self.shell = shell
        limit = settings.command_timeout_seconds * WAIT_SHARE
        wait = max(1, int(limit))
        self._connect = max(1, int(min(settings.connect_timeout_seconds, limit)))
        named = {"conf": settings.conf, "id": settings.user, "keyring": settings.keyring}
        self._who = [f"--{option}={value}" for option, value in named.items() if value]
        self._who += [f"--rados-mon-op-timeout={wait}", f"--rados-osd-op-timeout={wait}"]

    async def ceph(self, *words: str) -> str:
        """What `ceph` answers, as JSON."""
        ours = [*self._who, f"--connect-timeout={self._connect}", "--format=json"]
        return await self._run(["ceph", *ours, *words], "ceph")

    async def rbd(self, *words: str) -> str:
        """What `rbd` prints, its times in UTC."""
        return await self._run(["env", "TZ=UTC", "rbd", *self._rbd_options, *words], "rbd")

    async def script(self, text: str, *words: str) -> str:
        """What a shell script prints whose `"$@"` are the options of `rbd`, after the `words`."""
        argv = ["env", "TZ=UTC", "sh", "-c", text, "sh", *words, *self._rbd_options]
        return await self._run(argv, "rbd")

    @property
    def _rbd_options(self) -> Sequence[str]:
        return [*self._who, f"--client-mount-timeout={self._connect}"]

    async def _run(self, argv: Sequence[str], program: str) -> str:
        result = await self.shell.run(argv)
        if result.exit_status == 0:
            return result.stdout
        raise failed(program, result)


def failed(program: str, result: CommandResult) -> RoomError:
    """What a failed command means; `sent` False: it did not get as far as the cluster."""
    if result.exit_status == NO_SUCH_PROGRAM:
        return Unsupported(f"There is no {program} on this machine.", sent=False)
    lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
    plain = [line for line in lines if not LOG_LINE.match(line)] or lines
    told = " ".join(plain).removeprefix(f"{program}: ")[:300]
    said = f"{program}: {told or f'exit status {result.exit_status}'}"
    if "unable to open config" in said or "conf_read_file" in said:
        return InvalidRequest(f"{said} (conf)", sent=False)
    number = _number(result.exit_status, said)
    timed_out = number == errno.ETIMEDOUT or plain == ["timed out"]
    if any(phrase in said for phrase in NOT_CONNECTED) or plain == ["timed out"]:
        return _not_connected(said, timed_out=timed_out)
    kind = Unavailable if timed_out else KINDS.get(number, Broken)
    return kind(said, sent=None if number in AT_THE_DOOR else True)


def _number(exit_status: int, said: str) -> int:
    """The number of the error. What is said may hold names from the cluster: it counts only where the status says no more
    than "failed", which is also the number of EPERM.
    """
    numbers = NUMBER.findall(said)
    return int(numbers[-1]) if exit_status == 1 and numbers else exit_status


def _not_connected(said: str, *, timed_out: bool) -> RoomError:
    if timed_out:
        return Unavailable(f"No monitor of the cluster answers ({said})", sent=False)
    return Refused(
        f"The cluster does not let us in: is the user right, and the keyring there? ({said})",
        sent=False,
    )
