"""The estate file (`datacenter.yaml`): which MCP servers there are, and how to reach them. Secrets only by reference.

A broken file is answered with file, line and what to do, all mistakes at once.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from datacenter_docs.adapters import yaml_text
from datacenter_docs.adapters.yaml_text import BrokenYamlError
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.ids import Platform
from datacenter_docs.domain.values import Value

SECRET_WORDS = ("password", "passphrase", "token", "secret", "private_key", "api_key")
CREDENTIAL_WORDS = (*SECRET_WORDS, "community", "credential", "_key")
"""A reference under such a name is a credential; others, of a region or a user's name, are ordinary words."""
REFERENCES = ("env:", "file:")
Reference = Annotated[str, Field(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$")]


class Connection(Value):
    """One MCP server.

    `server`: `builtin` is our own room for the platform; `demo` is the platform of the simulated datacenter (settings:
    `world`, its file); `external` is anybody's that speaks our contract; `bound` is anybody's that does not, and `binding`
    (a shipped one's name, or a file) says what its tools and answers mean. `stdio` starts `command` (built in for
    `builtin` and `demo`); `http` needs `url` and may have a `token`. `read_tools`: further tools of the server that
    readers may call, if the server says of them that they only read. `settings` go to a built-in room as they are.
    `environment`: further variables for a started server, by reference. `timeout_seconds` None: the setting stands.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    platform: Platform
    server: Literal["builtin", "demo", "external", "bound"] = "builtin"
    binding: str | None = None
    transport: Literal["stdio", "http"] = "stdio"
    command: tuple[str, ...] = ()
    url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    token: Reference | None = None
    allow_writes: bool = False
    timeout_seconds: Annotated[float, Field(gt=0, le=3_600)] | None = None
    sessions: Annotated[int, Field(ge=1, le=16)] = 1
    read_tools: tuple[str, ...] = ()
    environment: dict[str, Reference] = {}
    settings: dict[str, Any] = {}

    @model_validator(mode="after")
    def _reachable(self) -> "Connection":
        if self.transport == "http" and not self.url:
            raise ValueError(
                "transport http needs a url, for example url: https://mcp.example.net/mcp"
            )
        if self.transport == "stdio" and self.server in ("external", "bound") and not self.command:
            raise ValueError(
                f"a server that is {self.server} needs a command over stdio, for example command: [my-server, --stdio]"
            )
        if (self.server == "bound") is not bool(self.binding):
            raise ValueError(
                "server: bound and binding belong together, for example binding: kubernetes-mcp-server"
            )
        return self


class Estate(Value):
    """The whole file."""

    connections: tuple[Connection, ...] = ()

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Estate":
        names = [connection.name for connection in self.connections]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"two connections are called {', '.join(twice)}: names must be unique"
            )
        return self


def load(path: Path) -> Estate:
    """Read and check an estate file. Raises `NotFound`-like `Invalid` with `file:line: what is wrong` for each mistake."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            f"{path}: cannot be read: {error}. Give the estate file with --estate FILE."
        ) from error
    try:
        node, data = yaml_text.read(text)
    except BrokenYamlError as error:
        raise Invalid(f"{path}:{error.line}: {error}") from error
    if not isinstance(data, dict):
        raise Invalid(f"{path}:1: must begin with `connections:` and a list under it.")
    mistakes = {
        f"{path}:{_line(node, where)}: {_dotted(where)}": what
        for where, what in _inline_secrets(data, ())
    }
    try:
        estate = Estate.model_validate(data)
    except ValidationError as error:
        for problem in error.errors():
            what = problem["msg"].removeprefix("Value error, ")
            mistakes[f"{path}:{_line(node, problem['loc'])}: {_dotted(problem['loc'])}"] = what
        estate = Estate()
    if mistakes:
        raise Invalid("\n".join(f"{where}: {what}" for where, what in mistakes.items()), mistakes)
    return estate


def this_machine() -> Estate:
    """Without an estate file: the machine that we run on, read-only."""
    return Estate(
        connections=(
            Connection(
                name="local-network",
                platform=Platform.NETWORK,
                settings={"devices": [{"name": "localhost", "driver": "linux", "host": "local"}]},
            ),
            Connection(
                name="local-storage",
                platform=Platform.STORAGE,
                settings={"hosts": [{"name": "localhost", "driver": "linux", "host": "local"}]},
            ),
        )
    )


DEMO_NAMES: Mapping[Platform, str] = {
    Platform.VMWARE: "vcenter",
    Platform.KUBERNETES: "cluster",
    Platform.NETWORK: "fabric",
    Platform.STORAGE: "arrays",
    Platform.OPENSTACK: "cloud",
}
"""What the connections of the demo are called; part of every id there."""


def demo(world: Path) -> Estate:
    """The simulated datacenter in a file, all five platforms, writable: nothing real is behind it."""
    return Estate(
        connections=tuple(
            Connection(
                name=name,
                platform=platform,
                server="demo",
                allow_writes=True,
                settings={"world": str(world.absolute())},
            )
            for platform, name in DEMO_NAMES.items()
        )
    )


def command_of(connection: Connection) -> tuple[str, ...]:
    """The command that starts a stdio server."""
    return connection.command or _our_room(connection, connection.platform.value)


def translated(connection: Connection) -> Connection:
    """The connection that speaks our contract: for a bound server, our own room that stands before it."""
    if connection.server != "bound":
        return connection
    reached: dict[str, Any] = (
        {"command": list(connection.command)}
        if connection.transport == "stdio"
        else {"url": connection.url, "token": connection.token}
    )
    return connection.replaced(
        server="builtin",
        binding=None,
        transport="stdio",
        command=_our_room(connection, "bound"),
        url=None,
        token=None,
        environment={},
        settings={
            "platform": connection.platform.value,
            "binding": connection.binding,
            "environment": connection.environment,
            **connection.settings,
            **reached,
        },
    )


def _our_room(connection: Connection, room: str) -> tuple[str, ...]:
    command = (sys.executable, "-m", "datacenter_mcp", "serve", room, "--connection", connection.name)  # fmt: skip
    demo = ("--demo",) if connection.server == "demo" else ()
    return (*command, *demo, *(("--allow-writes",) if connection.allow_writes else ()))


def secret_references(connection: Connection) -> Iterator[str]:
    """The references of a connection to credentials, which its server gets to know."""
    if connection.token:
        yield connection.token
    yield from _credentials(connection.environment, told=False)
    yield from _credentials(connection.settings, told=False)


def _credentials(data: Any, *, told: bool) -> Iterator[str]:
    """`told`: the name above says that it is one."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            name = str(key).lower()
            yield from _credentials(value, told=any(word in name for word in CREDENTIAL_WORDS))
    elif isinstance(data, list):
        for value in data:
            yield from _credentials(value, told=told)
    elif told and isinstance(data, str) and data.startswith(REFERENCES):
        yield data


def references_in(settings: Any) -> Iterator[str]:
    """Every secret reference in a room's settings."""
    if isinstance(settings, Mapping):
        for value in settings.values():
            yield from references_in(value)
    elif isinstance(settings, list):
        for value in settings:
            yield from references_in(value)
    elif isinstance(settings, str) and settings.startswith(REFERENCES):
        yield settings


def _inline_secrets(
    data: Any, where: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Places where a secret seems to stand in the file itself."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            here = (*where, str(key))
            secret = any(word in str(key).lower() for word in SECRET_WORDS)
            if secret and isinstance(value, str | int) and not str(value).startswith(REFERENCES):
                yield here, "holds a secret; write a reference instead: env:NAME or file:PATH"
            else:
                yield from _inline_secrets(value, here)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _inline_secrets(value, (*where, index))


def _line(node: yaml.Node | None, where: tuple[str | int, ...]) -> int:
    """The line (from 1) of the deepest part of `where` that is in the file."""
    line = node.start_mark.line + 1 if node else 1
    for part in where:
        node = _child(node, part)
        if node is None:
            return line
        line = node.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child: yaml.Node = node.value[part]
        return child
    return None


def _dotted(where: tuple[str | int, ...]) -> str:
    return (
        "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).lstrip(".")
        or "the file"
    )
