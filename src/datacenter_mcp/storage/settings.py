"""What the owner says about hosts. With nothing said, the room reads the machine that it runs on."""

import socket
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.shell.access import LOCAL, Access


class HostSettings(Access):
    """One host. `sudo`: run the file systems' own tools with `sudo -n` (they need root)."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    driver: Literal["linux"] = "linux"
    sudo: bool = False


class StorageSettings(Wire):
    """All hosts of a connection. `concurrency`: how many are read at the same time."""

    hosts: tuple[HostSettings, ...] = ()
    concurrency: Annotated[int, Field(ge=1, le=256)] = 16

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [host.name for host in self.hosts]
        if len(set(names)) != len(names):
            raise ValueError("each host needs a name of its own")
        return self

    def with_default(self) -> tuple[HostSettings, ...]:
        """The hosts; none given: this machine."""
        if self.hosts:
            return self.hosts
        name = socket.gethostname().partition(".")[0] or "localhost"
        return (HostSettings(name=name, host=LOCAL),)
