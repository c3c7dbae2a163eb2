"""What the owner says about hosts and clusters. With nothing said, the room reads the machine that it runs on."""

import socket
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from datacenter_mcp.contract.reading import Wire
from datacenter_mcp.shell.access import LOCAL, Access

FilePath = Annotated[str, Field(pattern=r"^/[^\x00\n]{1,1000}$")]


class HostSettings(Access):
    """One system. `driver` `linux`: the file systems of the machine; `ceph`: the cluster that the machine's `ceph` and `rbd`
    speak to, called `name` here.

    `sudo` (`linux`): run the file systems' own tools with `sudo -n` (they need root). For `ceph`: `conf` and `keyring` are
    paths on the machine; None: the tools' own default. `user`: the account without `client.`.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    driver: Literal["linux", "ceph"] = "linux"
    sudo: bool = False
    conf: FilePath | None = None
    keyring: FilePath | None = None
    user: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")] | None = None

    @model_validator(mode="after")
    def _fits_the_driver(self) -> Self:
        if self.driver == "ceph" and self.sudo:
            raise ValueError("ceph needs no sudo, but a keyring that the account can read")
        if self.driver == "linux" and (self.conf or self.keyring or self.user):
            raise ValueError("conf, keyring and user belong to the driver ceph")
        return self


class StorageSettings(Wire):
    """All systems of a connection. `concurrency`: how many are read at the same time."""

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
