"""The devices of a connection, each with its shell and its driver."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from datacenter_mcp.contract.errors import InvalidRequest, NotFound
from datacenter_mcp.network.drivers.frr import FrrDriver
from datacenter_mcp.network.drivers.linux import LinuxDriver
from datacenter_mcp.network.nouns import Driver
from datacenter_mcp.network.settings import DeviceSettings, NetworkSettings
from datacenter_mcp.shell.command import Shell
from datacenter_mcp.shell.opening import open_shell

INTERFACE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}")


@dataclass(frozen=True, slots=True)
class Device:
    """One device, ready to be asked; nothing is connected before the first question."""

    name: str
    settings: DeviceSettings
    shell: Shell
    driver: Driver


class Devices:
    """All devices by name."""

    def __init__(self, settings: NetworkSettings) -> None:
        self.concurrency = settings.concurrency
        self.by_name: Mapping[str, Device] = {
            device.name: _open(device) for device in settings.with_default()
        }

    def named(self, name: str) -> Device:
        """One device. Raises `NotFound`."""
        if name not in self.by_name:
            raise NotFound(f"There is no device {name!r} in this connection.")
        return self.by_name[name]

    async def close(self) -> None:
        """Close all shells."""
        for device in self.by_name.values():
            await device.shell.close()


def safe_interface(name: str) -> str:
    """A name that may go into a command. Raises `InvalidRequest` for any other, whatever a device or a caller said."""
    if not INTERFACE_NAME.fullmatch(name):
        raise InvalidRequest(
            f"{name!r} is not an interface name that can be operated on.", sent=False
        )
    return name


def _open(settings: DeviceSettings) -> Device:
    shell = open_shell(settings)
    driver = (FrrDriver if settings.driver == "frr" else LinuxDriver)(settings, shell)
    return Device(settings.name, settings, shell, driver)
