"""How a machine is reached, as its owner says."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from datacenter_mcp.contract.reading import Wire

LOCAL = "local"
Reference = Annotated[str, Field(pattern=r"^(env|file):.+")]


class Access(Wire):
    """Settings of one machine. `host` `local`: this machine, and nothing else of the settings matters.

    `host_key`: `strict` (default): only a key in `known_hosts`; `accept-new`: a host that is not in the file yet is
    added to it, a changed key is refused; `insecure`: any key, for labs only. `known_hosts` None: `~/.ssh/known_hosts`.
    `command_timeout_seconds` is less than what clients wait for a call, so that one hung device costs no session.
    `password`, `private_key` (the key itself, not its path) and `passphrase` are references.
    """

    host: Annotated[
        str, Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9:][A-Za-z0-9.:%_-]*$")
    ]
    port: Annotated[int, Field(ge=1, le=65_535)] = 22
    username: str | None = None
    password: Reference | None = None
    private_key: Reference | None = None
    passphrase: Reference | None = None
    host_key: Literal["strict", "accept-new", "insecure"] = "strict"
    known_hosts: Path | None = None
    connect_timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 10.0
    command_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 15.0
