"""A session on a Cisco-like command line, with netmiko. It blocks: `ios.py` calls it in the device's own thread.

Every step has a time limit of netmiko's (`read_timeout_override`). A session in which anything went wrong is thrown
away, since nobody knows what its next answer would belong to; the next call logs in anew.
"""

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import paramiko
from netmiko import BaseConnection, ConnectHandler
from netmiko.exceptions import (
    ConfigInvalidException,
    NetmikoAuthenticationException,
    NetmikoBaseException,
    NetmikoTimeoutException,
)

from datacenter_mcp.contract.errors import Broken, Conflict, Refused, RoomError, Unavailable
from datacenter_mcp.network.settings import DeviceSettings
from datacenter_mcp.secrets import resolve

T = TypeVar("T")
COMPLAINT = r"^\s*% .+$"
"""What IOS says of a command that it does not take. Messages of its log have no space after the percent sign."""

UNKNOWN = re.compile(r"^\s*% ?(Invalid input|Incomplete|Ambiguous|Unknown) ", re.MULTILINE)
DENIED = re.compile(r"^\s*%? ?(Command authorization failed|Authorization failed)", re.MULTILINE)


class IosTerminal:
    """The command line of one device. Not for two threads at a time."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._settings = settings
        self._connection: BaseConnection | None = None

    def show(self, *commands: str) -> Sequence[str | None]:
        """What each command answered; None: the device does not know it. Raises `Refused` where it may not be asked."""
        return self._talk(lambda connection: [self._ask(connection, one) for one in commands])

    def configuration(self) -> str:
        """The running configuration. Raises `Refused` for an account that may not see it."""

        def read(connection: BaseConnection) -> str:
            self._become_privileged(connection)
            text = self._ask(connection, "show running-config")
            if text is None or "\nend" not in text:
                raise Broken(f"{self._name} does not show its configuration.", sent=False)
            return text

        return self._talk(read)

    def configure(self, *lines: str) -> None:
        """Change the running configuration; nothing is saved. Raises `Conflict` while somebody else has it locked."""

        def change(connection: BaseConnection) -> None:
            self._become_privileged(connection)
            said = _answer(connection, "configure terminal")
            if not connection.check_config_mode():
                self._not_entered(said)
            try:
                connection.send_config_set(
                    lines,
                    enter_config_mode=False,
                    read_timeout=self._settings.command_timeout_seconds,
                    error_pattern=COMPLAINT,
                )
            except ConfigInvalidException as error:
                connection.exit_config_mode()
                raise Refused(f"{self._name} refused the change: {_short(str(error))}") from error

        self._talk(change)

    def confirmed(self, command: str) -> None:
        """Run a command that may ask `[confirm]`, and say yes."""

        def run(connection: BaseConnection) -> None:
            self._become_privileged(connection)
            said = _answer(connection, command, r"\[confirm\]")
            if "[confirm]" in said:
                said += _answer(connection, "")
            if DENIED.search(said) or re.search(COMPLAINT, said, re.MULTILINE):
                raise Refused(f"{self._name} refused {command!r}: {_short(said)}", sent=False)

        self._talk(run)

    def close(self) -> None:
        """Let go of the session, without a word to a device that may not listen."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.paramiko_cleanup()

    @property
    def _name(self) -> str:
        return self._settings.name

    def _talk(self, speak: Callable[[BaseConnection], T]) -> T:
        connection = self._connected()
        try:
            return speak(connection)
        except RoomError:
            raise
        except (NetmikoBaseException, paramiko.SSHException, OSError, EOFError) as error:
            self.close()
            raise Unavailable(f"{self._name} did not answer in time.", sent=True) from error
        except ValueError as error:  # what netmiko raises for a prompt that it cannot make out
            self.close()
            raise Broken(f"{self._name} answered something else than expected.") from error

    def _ask(self, connection: BaseConnection, command: str) -> str | None:
        text = _answer(connection, command)
        if DENIED.search(text):
            raise Refused(f"{self._name} refused {command!r}.", sent=False)
        return None if UNKNOWN.search(text) else text

    def _become_privileged(self, connection: BaseConnection) -> None:
        if connection.check_enable_mode():
            return
        if self._settings.enable_secret is not None:
            try:
                connection.enable()
            except ValueError as error:
                raise Refused(f"{self._name} refused the enable secret.", sent=False) from error
        if not connection.check_enable_mode():
            raise Refused(
                f"The account {self._settings.username} is not privileged on {self._name}.",
                sent=False,
            )

    def _not_entered(self, said: str) -> None:
        if "locked" in said.lower():
            raise Conflict(f"{self._name} is being configured: {_short(said)}", sent=False)
        raise Refused(f"{self._name} refused to be configured: {_short(said)}", sent=False)

    def _connected(self) -> BaseConnection:
        known = self._connection
        channel: paramiko.Channel | None = known.remote_conn if known else None
        if known is not None and channel is not None and not channel.closed:
            return known
        self.close()
        try:
            self._connection = self._connect()
        except NetmikoAuthenticationException as error:
            who = self._settings.username
            raise Refused(f"{self._name} refused the login of {who}.", sent=False) from error
        except NetmikoTimeoutException as error:
            raise _unreached(self._name, error) from error
        except (NetmikoBaseException, paramiko.SSHException, OSError, EOFError) as error:
            raise Unavailable(f"{self._name} opens no session.", sent=False) from error
        except ValueError as error:
            raise Broken(f"{self._name} shows no prompt of IOS.", sent=False) from error
        return self._connection

    def _connect(self) -> BaseConnection:
        settings = self._settings
        strict = settings.host_key == "strict"
        known_hosts = settings.known_hosts or Path("~/.ssh/known_hosts").expanduser()
        secret = settings.enable_secret
        connection: BaseConnection = ConnectHandler(
            device_type="cisco_ios",
            host=settings.host,
            port=settings.port,
            username=settings.username or "",
            password=resolve(settings.password) if settings.password else None,
            pkey=_key(settings),
            secret=resolve(secret) if secret else "",
            ssh_strict=strict,
            alt_host_keys=strict,
            alt_key_file=str(known_hosts),
            conn_timeout=settings.connect_timeout_seconds,
            auth_timeout=settings.connect_timeout_seconds,
            banner_timeout=settings.connect_timeout_seconds,
            read_timeout_override=settings.command_timeout_seconds,
            keepalive=10,
        )
        return connection


def _answer(connection: BaseConnection, command: str, question: str | None = None) -> str:
    """What came until the prompt, or until the device asks. Left to itself netmiko looks for the prompt before every
    command, which on a device that hangs takes half a minute, whatever the time limit.
    """
    prompt = rf"{re.escape(connection.base_prompt)}\S*[>#]\s*$"
    ends = f"{question}|{prompt}" if question else prompt
    return str(connection.send_command(command, expect_string=ends, cmd_verify=bool(command)))


def _key(settings: DeviceSettings) -> paramiko.PKey | None:
    if settings.private_key is None:
        return None
    passphrase = resolve(settings.passphrase) if settings.passphrase else None
    text = resolve(settings.private_key) + "\n"
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), password=passphrase)
        except (paramiko.SSHException, ValueError):
            continue
    raise Refused(f"The private key in {settings.private_key} cannot be used.", sent=False)


def _unreached(name: str, error: NetmikoTimeoutException) -> RoomError:
    changed = isinstance(error.__context__, paramiko.BadHostKeyException)
    if changed or "not found in known_hosts" in str(error):
        return Refused(f"The host key of {name} is not trusted.", sent=False)
    return Unavailable(f"{name} cannot be reached.", sent=False)


def _short(said: str) -> str:
    return " ".join(said.split())[:200]
