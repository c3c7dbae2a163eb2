"""What the owner says about devices. With nothing said, the room reads the machine that it runs on."""

import socket
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.shell.access import LOCAL, Access

DeviceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]


class DeviceSettings(Access):
    """One device. `driver` `linux`: iproute2 with JSON; `frr`: FRR's vtysh.

    `sudo`: change links with `sudo -n`. `management_interface` None: found out from the session's own addresses.
    `frr_access` `shell`: the account has a shell, vtysh is a command; `vtysh`: the login is vtysh itself.
    `frr_namespace`: FRR's own pathspace (`vtysh -N`).
    """

    name: DeviceName
    driver: Literal["linux", "frr"] = "linux"
    sudo: bool = False
    management_interface: str | None = None
    frr_access: Literal["shell", "vtysh"] = "shell"
    frr_namespace: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")] | None = (
        None
    )


class NetworkSettings(Wire):
    """All devices of a connection. `concurrency`: how many are read at the same time."""

    devices: tuple[DeviceSettings, ...] = ()
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
