"""Questions over SNMP v2c or v3, with pysnmp: bounded in time and size, numbers in and numbers out (no MIB is loaded)."""

from collections.abc import Mapping
from typing import Any

from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch.asyncio import (
    USM_AUTH_HMAC96_SHA,
    USM_AUTH_HMAC192_SHA256,
    USM_PRIV_CFB128_AES,
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    bulk_walk_cmd,
)

from datacenter_mcp.contract.errors import Broken, Refused, Unavailable
from datacenter_mcp.network.settings import DeviceSettings
from datacenter_mcp.secrets import resolve

Table = Mapping[tuple[int, ...], Any]
"""What stands below an object: the rest of its identifier -> value (`int` or `bytes`)."""

ROWS = 25
ANSWERS = 20_000
"""More answers than this to one walk are an error: 500,000 values are no table of a device."""

AUTHENTICATION = {"sha": USM_AUTH_HMAC96_SHA, "sha256": USM_AUTH_HMAC192_SHA256}


class SnmpSession:
    """One device. It keeps no connection: SNMP has none."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._settings = settings
        self._engine: SnmpEngine | None = None

    async def table(self, root: str) -> Table:
        """All that stands below an object; empty: the device does not have it. Raises `Unavailable` and `Refused`."""
        if self._engine is None:
            self._engine = SnmpEngine()
        try:
            return await self._walk(self._engine, root)
        except (PySnmpError, OSError) as error:
            raise Unavailable(f"{self._settings.name} cannot be reached.", sent=False) from error

    def close(self) -> None:
        """Let go of the socket."""
        if self._engine is not None:
            self._engine.close_dispatcher()
            self._engine = None

    async def _walk(self, engine: SnmpEngine, root: str) -> Table:
        settings = self._settings
        address = (settings.host, settings.snmp_port)
        target = await UdpTransportTarget.create(
            address, timeout=settings.command_timeout_seconds / 3, retries=2
        )
        length = root.count(".") + 1
        found: dict[tuple[int, ...], Any] = {}
        answers = 0
        walk = bulk_walk_cmd(
            engine, self._identity(), target, ContextData(), 0, ROWS,
            ObjectType(ObjectIdentity(root)), lookupMib=False, lexicographicMode=False,
        )  # fmt: skip
        async for failure, status, _, values in walk:
            self._check(failure, status)  # has to stop: pysnmp itself asks on after a timeout
            answers += 1
            if answers > ANSWERS:
                raise Broken(f"{settings.name} answers without end below {root}.")
            found |= {tuple(name)[length:]: _plain(value) for name, value in values}
        return found

    def _check(self, failure: Any, status: Any) -> None:
        name = self._settings.name
        if failure is not None:
            kind = type(failure).__name__
            if kind == "RequestTimedOut":
                raise Unavailable(
                    f"{name} did not answer in time; that is also how it takes a wrong community.",
                    sent=True,
                )
            raise Refused(f"{name} refused us: {failure}.", sent=False)
        if status:
            raise Refused(f"{name} refused the question: {status}.", sent=False)

    def _identity(self) -> CommunityData | UsmUserData:
        settings = self._settings
        if settings.community is not None:
            return CommunityData(resolve(settings.community))
        return UsmUserData(
            settings.username,
            resolve(settings.authentication_password or ""),
            resolve(settings.privacy_password or ""),
            authProtocol=AUTHENTICATION[settings.authentication],
            privProtocol=USM_PRIV_CFB128_AES,
        )


def _plain(value: Any) -> Any:
    """A value of pysnmp as `int`, `bytes`, or None for what is neither."""
    if hasattr(value, "asOctets"):
        return value.asOctets()
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
