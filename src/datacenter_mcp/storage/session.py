"""The hosts of a connection, each with its shell."""

from collections.abc import Mapping

from datacenter_mcp.contract.errors import InvalidRequest, NotFound
from datacenter_mcp.ids import ResourceName
from datacenter_mcp.readings import Reading
from datacenter_mcp.shell.opening import open_shell
from datacenter_mcp.storage.linux.host import Host
from datacenter_mcp.storage.linux.mapping import VOLUME
from datacenter_mcp.storage.linux.nouns import Volume
from datacenter_mcp.storage.settings import StorageSettings


class Hosts:
    """All hosts by name."""

    def __init__(self, settings: StorageSettings) -> None:
        self.concurrency = settings.concurrency
        self.by_name: Mapping[str, Host] = {
            host.name: Host(host.name, open_shell(host), host.sudo)
            for host in settings.with_default()
        }

    def named(self, name: str) -> Host:
        """One host. Raises `NotFound`."""
        if name not in self.by_name:
            raise NotFound(f"There is no host {name!r} in this connection.")
        return self.by_name[name]

    def of(self, name: ResourceName) -> Host:
        """The host that a native id begins with. Raises `NotFound`."""
        return self.named(name.native.partition("/")[0])

    async def volume(self, name: ResourceName) -> tuple[Host, Reading[Volume]]:
        """A volume, read now, with its host. Raises `NotFound`, and `InvalidRequest` when the id names something else."""
        if name.kind != VOLUME:
            raise InvalidRequest(f"The target is a {name.kind}; a volume is needed.", sent=False)
        host = self.of(name)
        reading = await host.volumes()
        uuid = name.native.partition("/")[2]
        for volume in reading.value:
            if volume.uuid == uuid:
                return host, reading.holding(await host.measured(volume))
        raise NotFound(f"There is no volume {uuid!r} mounted on {host.name}.")

    async def close(self) -> None:
        """Close all shells."""
        for host in self.by_name.values():
            await host.shell.close()
