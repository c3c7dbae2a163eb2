"""Devices that are read over SNMP. Nothing is ever set: every operation is refused as `unsupported`."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from datacenter_mcp.contract.errors import Broken, Unsupported
from datacenter_mcp.network.drivers import snmp_answers
from datacenter_mcp.network.drivers.snmp_answers import (
    ADDRESSES,
    ARP,
    INTERFACES,
    LLDP,
    LLDP_PORTS,
    MORE,
    SYSTEM,
    Table,
)
from datacenter_mcp.network.drivers.snmp_session import SnmpSession
from datacenter_mcp.network.nouns import DeviceInfo, Driver, Interface, Neighbour, Route
from datacenter_mcp.network.settings import DeviceSettings
from datacenter_mcp.readings import Reading

T = TypeVar("T")
READ_ONLY = "Over SNMP devices are read and never set."


def open_snmp(settings: DeviceSettings) -> "SnmpDriver":
    """The driver of one device; nothing is asked yet."""
    return SnmpDriver(settings.name, SnmpSession(settings))


class SnmpDriver(Driver):
    """One device with the standard tables. Routes are not read: the tables of a core router hold a million."""

    cannot: ClassVar = dict.fromkeys(
        ("clear_interface_errors", "enable_port", "restart_interface", "disable_port"), READ_ONLY
    )
    bounces_detached = False

    def __init__(self, name: str, session: SnmpSession) -> None:
        self._name = name
        self._session = session

    async def device(self) -> Reading[DeviceInfo]:
        [system] = await self._tables(SYSTEM)
        if not system:
            raise Broken(f"{self._name} answers without the group `system`.")
        return self._reading(snmp_answers.device(system), system)

    async def interfaces(self) -> Reading[Sequence[Interface]]:
        table, more, addresses = await self._tables(INTERFACES, MORE, ADDRESSES)
        found = snmp_answers.interfaces(table, more, addresses)
        return self._reading(found, table, more, addresses)

    async def routes(self) -> Reading[Sequence[Route]]:
        return self._reading([])

    async def neighbours(self) -> Sequence[Reading[Sequence[Neighbour]]]:
        table, more, arp, ports, lldp = await self._tables(INTERFACES, MORE, ARP, LLDP_PORTS, LLDP)
        names = snmp_answers.names(table, more)
        return [
            self._reading(snmp_answers.arp(arp, names), arp),
            self._reading(snmp_answers.lldp(ports, lldp, names), ports, lldp),
        ]

    async def entrances(self, interfaces: Sequence[Interface]) -> frozenset[str] | None:
        return None

    async def set_admin(self, name: str, *, up: bool) -> str:
        raise Unsupported(READ_ONLY, sent=False)

    async def bounce(self, name: str, down_seconds: int) -> str:
        raise Unsupported(READ_ONLY, sent=False)

    async def close(self) -> None:
        self._session.close()

    async def _tables(self, *roots: str) -> Sequence[Table]:
        return [await self._session.table(root) for root in roots]

    def _reading(self, value: T, *tables: Table) -> Reading[T]:
        raw = "\n".join(repr(sorted(table.items())) for table in tables)
        return Reading(value, "snmp walk", raw, {"device": self._name})
