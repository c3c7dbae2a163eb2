"""What the owner says about devices. With nothing said, the room reads the machine that it runs on."""

import socket
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.shell.access import LOCAL, Access, Reference

DeviceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]


class DeviceSettings(Access):
    """One device. `driver` `linux`: iproute2 with JSON; `frr`: FRR's vtysh; `ios`: a Cisco-like command line;
    `snmp`: read only, over UDP.

    `sudo`: change links with `sudo -n`. `management_interface` None: found out from the session's own addresses; with
    `ios` it is not found out. `enable_secret`: a reference; needed where a login is not privileged at once.
    `community` (v2c), or `username` with both passwords (v3, AES-128): references, for `snmp`.
    `frr_access` `shell`: the account has a shell, vtysh is a command; `vtysh`: the login is vtysh itself.
    `frr_namespace`: FRR's own pathspace (`vtysh -N`). `lldp_socket`: where lldpd listens (`lldpd -u`); None: at its default.
    """

    name: DeviceName
    driver: Literal["linux", "frr", "ios", "snmp"] = "linux"
    sudo: bool = False
    management_interface: str | None = None
    frr_access: Literal["shell", "vtysh"] = "shell"
    frr_namespace: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")] | None = (
        None
    )
    lldp_socket: Annotated[str, Field(pattern=r"^/[A-Za-z0-9._/-]{1,100}$")] | None = None
    enable_secret: Reference | None = None
    snmp_port: Annotated[int, Field(ge=1, le=65_535)] = 161
    community: Reference | None = None
    authentication: Literal["sha", "sha256"] = "sha256"
    authentication_password: Reference | None = None
    privacy_password: Reference | None = None

    @model_validator(mode="after")
    def _fits_the_driver(self) -> Self:
        if self.driver == "ios":
            return self._fits_ios()
        v3 = (self.username, self.authentication_password, self.privacy_password)
        if self.driver == "snmp" and self.community is None and None in v3:
            raise ValueError(
                "snmp needs a community, or username, authentication_password and privacy_password"
            )
        return self

    def _fits_ios(self) -> Self:
        if self.host == LOCAL:
            raise ValueError("this machine has no command line of that kind")
        if self.host_key == "accept-new":
            raise ValueError("write the host key into known_hosts; accept-new is not for ios")
        if (self.management_interface or "").lower().startswith("vlan"):
            raise ValueError("name the port that carries our session, not its VLAN")
        return self


class NetworkSettings(Wire):
    """All devices of a connection. `concurrency`: how many are read at the same time.

    `backup_folder`: where the configuration of a device with driver `ios` is kept before each change, the newest
    `backups_kept` of each device; None: it is not kept.
    """

    devices: tuple[DeviceSettings, ...] = ()
    backup_folder: Path | None = None
    backups_kept: Annotated[int, Field(ge=1, le=10_000)] = 50
    concurrency: Annotated[int, Field(ge=1, le=256)] = 16

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [device.name for device in self.devices]
        if len(set(names)) != len(names):
            raise ValueError("each device needs a name of its own")
        return self

    def with_default(self) -> tuple[DeviceSettings, ...]:
        """The devices; none given: this machine."""
        if self.devices:
            return self.devices
        name = socket.gethostname().partition(".")[0] or "localhost"
        return (DeviceSettings(name=name, host=LOCAL),)
