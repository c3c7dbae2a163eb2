"""Commands over SSH: one pooled connection per machine, checked host keys, bounded time and output, reconnects."""

import asyncio
import contextlib
import shlex
from collections.abc import Sequence
from pathlib import Path

import asyncssh

from datacenter_mcp.contract.errors import Broken, Refused, Unavailable
from datacenter_mcp.secrets import resolve
from datacenter_mcp.shell.access import Access
from datacenter_mcp.shell.command import OUTPUT_LIMIT, CommandResult, Ends

CHANNELS = 6
"""Commands at a time on one connection; OpenSSH allows ten sessions."""

ENVIRONMENT = "PATH=$PATH:/usr/sbin:/sbin LC_ALL=C"
"""What a command starts with: many tools are not on the path of an ordinary account."""

Failures = (OSError, asyncssh.Error, TimeoutError)


class SshShell:
    """Runs commands on a remote machine. The connection is made by the first command, and made anew after it was lost."""

    local = False

    def __init__(self, access: Access) -> None:
        self._access = access
        self._connection: asyncssh.SSHClientConnection | None = None
        self._connecting = asyncio.Lock()
        self._channels = asyncio.Semaphore(CHANNELS)

    async def run(
        self,
        argv: Sequence[str],
        *,
        stdin: str | None = None,
        timeout_seconds: float | None = None,
    ) -> CommandResult:
        command = f"{ENVIRONMENT} {shlex.join(argv)}" if argv else None
        limit = timeout_seconds or self._access.command_timeout_seconds
        async with self._channels:
            connection = await self._connected()
            try:
                async with asyncio.timeout(limit):
                    return await _talk(connection, command, stdin or "")
            except TimeoutError as error:
                raise Unavailable(f"{self._who} did not answer in time.", sent=True) from error
            except asyncssh.ChannelOpenError as error:
                connection.abort()
                raise Unavailable(f"{self._who} opens no session.", sent=False) from error
            except (OSError, asyncssh.Error) as error:
                connection.abort()
                raise Unavailable(f"The connection to {self._who} was lost.", sent=True) from error

    async def ends(self) -> Ends | None:
        connection = await self._connected()
        device, ours = (connection.get_extra_info(name) for name in ("peername", "sockname"))
        return Ends(device=device[0], ours=ours[0])

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.abort()
            with contextlib.suppress(*Failures):
                await connection.wait_closed()

    @property
    def _who(self) -> str:
        return f"{self._access.host}:{self._access.port}"

    async def _connected(self) -> asyncssh.SSHClientConnection:
        async with self._connecting:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._connect()
            return self._connection

    async def _connect(self) -> asyncssh.SSHClientConnection:
        access = self._access
        try:
            async with asyncio.timeout(access.connect_timeout_seconds):
                return await asyncssh.connect(
                    access.host,
                    access.port,
                    username=access.username or (),
                    password=resolve(access.password) if access.password else None,
                    client_keys=_keys(access),
                    agent_path=None,
                    config=None,
                    keepalive_interval=10,
                    keepalive_count_max=2,
                    known_hosts=None if access.host_key == "insecure" else _known_hosts(access),
                    client_factory=lambda: _HostKeys(access),
                )
        except asyncssh.PermissionDenied as error:
            raise Refused(
                f"{self._who} refused the login of {access.username}.", sent=False
            ) from error
        except asyncssh.HostKeyNotVerifiable as error:
            raise Refused(
                f"The host key of {self._who} is not trusted (host_key: {access.host_key}, "
                f"known_hosts: {_known_hosts(access)}).",
                sent=False,
            ) from error
        except TimeoutError as error:
            raise Unavailable(f"{self._who} did not answer in time.", sent=False) from error
        except (OSError, asyncssh.Error) as error:
            raise Unavailable(f"{self._who} cannot be reached.", sent=False) from error


class _HostKeys(asyncssh.SSHClient):
    """Decides about a host key that is not in the file of known hosts."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        if self._access.host_key != "accept-new":
            return False
        path = Path(_known_hosts(self._access))
        if any(asyncssh.read_known_hosts(str(path)).match(host, addr, port)[:3]):
            return False  # it is known, with another key
        name = host if port == 22 else f"[{host}]:{port}"
        with path.open("ab") as file:
            file.write(f"{name} ".encode() + key.export_public_key().strip() + b"\n")
        return True


def _known_hosts(access: Access) -> str:
    path = access.known_hosts or Path("~/.ssh/known_hosts").expanduser()
    if access.host_key == "accept-new":
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    return str(path)


def _keys(access: Access) -> list[asyncssh.SSHKey]:
    if access.private_key is None:
        return []
    passphrase = resolve(access.passphrase) if access.passphrase else None
    try:
        return [asyncssh.import_private_key(resolve(access.private_key) + "\n", passphrase)]
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise Refused(
            f"The private key in {access.private_key} cannot be used: {error}.", sent=False
        ) from error


async def _talk(
    connection: asyncssh.SSHClientConnection, command: str | None, stdin: str
) -> CommandResult:
    async with connection.create_process(command, encoding=None) as process:
        with contextlib.suppress(
            BrokenPipeError
        ):  # a quick command is gone before we say that we are done
            process.stdin.write(stdin.encode())
            process.stdin.write_eof()
        stdout, stderr = await asyncio.gather(_bounded(process.stdout), _bounded(process.stderr))
        await process.wait_closed()
        if process.returncode is None:
            raise asyncssh.ConnectionLost("the session ended without an exit status")
        return CommandResult(process.returncode, stdout, stderr)


async def _bounded(stream: asyncssh.SSHReader[bytes]) -> str:
    chunks: list[bytes] = []
    size = 0
    while chunk := await stream.read(65_536):
        chunks.append(chunk)
        size += len(chunk)
        if size > OUTPUT_LIMIT:
            raise Broken(f"A command answered with more than {OUTPUT_LIMIT} bytes.", sent=True)
    return b"".join(chunks).decode("utf-8", "replace")
