"""The shell that a machine's settings describe."""

from datacenter_mcp.shell.access import LOCAL, Access
from datacenter_mcp.shell.command import Shell
from datacenter_mcp.shell.local import LocalShell


def open_shell(access: Access) -> Shell:
    """The shell of a machine; nothing is connected until the first command."""
    if access.host == LOCAL:
        return LocalShell(access.command_timeout_seconds)
    from datacenter_mcp.shell.ssh import (
        SshShell,
    )  # a third of a second that a local room need not spend

    return SshShell(access)
