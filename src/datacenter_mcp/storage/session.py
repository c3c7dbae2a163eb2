"""The systems of a connection: hosts and clusters, each with its shell."""

from collections.abc import Mapping

from datacenter_mcp.contract.errors import NotFound
from datacenter_mcp.ids import Naming, ResourceName
from datacenter_mcp.shell.opening import open_shell
from datacenter_mcp.storage.ceph.command import Command
from datacenter_mcp.storage.ceph.system import CephSystem
from datacenter_mcp.storage.linux.host import Host
from datacenter_mcp.storage.linux.system import LinuxSystem
from datacenter_mcp.storage.settings import HostSettings, StorageSettings
from datacenter_mcp.storage.system import System


class Systems:
    """All systems by name; nothing is connected before the first question."""

    def __init__(self, naming: Naming, settings: StorageSettings) -> None:
        self.concurrency = settings.concurrency
        self.by_name: Mapping[str, System] = {
            one.name: _open(naming, one) for one in settings.with_default()
        }

    def of(self, name: ResourceName) -> System:
        """The system that a native id begins with. Raises `NotFound`."""
        own = name.native.partition("/")[0]
        if own not in self.by_name:
            raise NotFound(f"There is no {own!r} in this connection.", sent=False)
        return self.by_name[own]

    async def close(self) -> None:
        """Close all shells."""
        for system in self.by_name.values():
            await system.close()


def _open(naming: Naming, settings: HostSettings) -> System:
    shell = open_shell(settings)
    if settings.driver == "ceph":
        return CephSystem(naming, settings.name, Command(shell, settings))
    return LinuxSystem(naming, Host(settings.name, shell, settings.sudo))
