"""The devices of a connection, each with its driver."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from datacenter_mcp.contract.errors import InvalidRequest, NotFound
from datacenter_mcp.grades import Proof, proof
from datacenter_mcp.network.drivers.frr import FrrDriver
from datacenter_mcp.network.drivers.linux import LinuxDriver
from datacenter_mcp.network.nouns import Driver
from datacenter_mcp.network.settings import DeviceSettings, NetworkSettings
from datacenter_mcp.shell.opening import open_shell


@dataclass(frozen=True, slots=True)
class Device:
    """One device, ready to be asked; nothing is connected before the first question."""

    name: str
    settings: DeviceSettings
    driver: Driver

    @property
    def proof(self) -> Proof:
        """What was shown of its driver; FRR behind a login that is vtysh itself is a driver of its own."""
        words = ["network", self.settings.driver]
        if self.settings.driver == "frr" and self.settings.frr_access == "vtysh":
            words.append("vtysh")
        return proof(" ".join(words), self.driver.cannot)


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
            raise NotFound(f"There is no device {name!r} in this connection.", sent=False)
        return self.by_name[name]

    async def close(self) -> None:
        """Close all connections."""
        for device in self.by_name.values():
            await device.driver.close()


def safe_interface(names: re.Pattern[str], name: str) -> str:
    """A name that may go into a command. Raises `InvalidRequest` for any other, whatever a device or a caller said."""
    if not names.fullmatch(name):
        raise InvalidRequest(
            f"{name!r} is not an interface name that can be operated on.", sent=False
        )
    return name


def _open(settings: DeviceSettings) -> Device:
    return Device(settings.name, settings, _driver(settings))


def _driver(settings: DeviceSettings) -> Driver:
    if settings.driver in {"ios", "snmp"}:
        return _open_extra(settings)
    shell = open_shell(settings)
    return (FrrDriver if settings.driver == "frr" else LinuxDriver)(settings, shell)


def _open_extra(settings: DeviceSettings) -> Driver:
    """Drivers whose SDK is an extra, and half a second that others need not spend."""
    try:
        if settings.driver == "snmp":
            from datacenter_mcp.network.drivers.snmp import open_snmp

            return open_snmp(settings)
        from datacenter_mcp.network.drivers.ios import open_ios
    except ModuleNotFoundError as error:
        raise InvalidRequest(
            f"The driver {settings.driver} needs the package {error.name}: install datacenter-docs[network]."
        ) from error
    return open_ios(settings)
