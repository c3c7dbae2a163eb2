"""`python -m datacenter_mcp serve <platform> --connection NAME`: one room behind one MCP server.

Settings are JSON or YAML and hold references to secrets, never secrets: `--settings FILE`, or JSON in the environment
variable `DATACENTER_MCP_SETTINGS`. None at all: the machine that it runs on.
"""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from datacenter_mcp.contract.errors import InvalidRequest, RoomError
from datacenter_mcp.room import Room
from datacenter_mcp.secrets import resolve
from datacenter_mcp.serving import build_server
from datacenter_mcp.transport import LOOPBACK, serve_http, serve_stdio
from datacenter_mcp.yaml_text import loaded

SETTINGS_VARIABLE = "DATACENTER_MCP_SETTINGS"
ROOMS: Mapping[str, tuple[str, str]] = {
    "bound": ("datacenter_mcp.bound.room", "open_bound"),
    "kubernetes": ("datacenter_mcp.kubernetes.room", "open_kubernetes"),
    "network": ("datacenter_mcp.network.room", "open_network"),
    "openstack": ("datacenter_mcp.openstack.room", "open_openstack"),
    "storage": ("datacenter_mcp.storage.room", "open_storage"),
    "vmware": ("datacenter_mcp.vmware.room", "open_vmware"),
}
"""Platform (`bound`: that of the binding) -> module and function `(connection, settings) -> Room`. Imported when it is
served, since no server needs the SDK of another."""


COLLECTING = (200_000, 30, 30)
"""When to look for circular garbage: a kept listing is half a million objects without any circle, and with Python's own
thresholds looking through them takes as long as sending them.
"""

DEMO = ("datacenter_mcp.demo.room", "open_demo")
"""The same for the simulated datacenter: `(platform, connection, settings) -> Room`."""


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="datacenter_mcp", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve one platform over MCP")
    serve.add_argument("platform", choices=sorted(ROOMS))
    serve.add_argument(
        "--connection", required=True, help="the connection's name, part of every id"
    )
    serve.add_argument("--settings", type=Path, help="a YAML or JSON file")
    serve.add_argument(
        "--demo", action="store_true", help="the simulated platform, not a real one"
    )
    serve.add_argument("--allow-writes", action="store_true", help="register the write tools")
    serve.add_argument("--http", metavar="[HOST:]PORT", help="HTTP instead of stdio")
    serve.add_argument("--token", help="env:NAME or file:PATH; needed with --http")
    serve.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME:PORT",
        help="another name that HTTP clients may call us by",
    )  # fmt: skip
    return parser.parse_args(argv)


def settings_of(file: Path | None) -> Mapping[str, Any]:
    """The settings as data. Raises `InvalidRequest` for what is no mapping."""
    where = str(file) if file else SETTINGS_VARIABLE
    try:
        text = file.read_text("utf-8") if file else os.environ.get(SETTINGS_VARIABLE, "{}")
        data = loaded(text, aliases=True)  # JSON is YAML
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"The settings in {where} cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise InvalidRequest(f"The settings in {where} must be a mapping.")
    return data


def open_room(platform: str, connection: str, settings: Mapping[str, Any]) -> Room:
    """The room of a platform. Raises `InvalidRequest` for wrong settings, or when the platform's SDK is not installed."""
    module, function = ROOMS[platform]
    try:
        opening = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        raise InvalidRequest(
            f"{platform} needs the package {error.name}: install datacenter-docs[{platform}]."
        ) from error
    room: Room = opening(connection, settings)
    return room


def open_demo(platform: str, connection: str, settings: Mapping[str, Any]) -> Room:
    """The room of a platform of the simulated datacenter. Raises `InvalidRequest` for wrong settings."""
    module, function = DEMO
    room: Room = getattr(import_module(module), function)(platform, connection, settings)
    return room


def endpoint(text: str) -> tuple[str, int]:
    """`[HOST:]PORT`. Raises `InvalidRequest`."""
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise InvalidRequest(f"{text!r} is not an address. Write HOST:PORT or PORT.")
    return host.strip("[]") or LOOPBACK, int(port)


async def serve(asked: argparse.Namespace) -> None:
    """Serve until stdin ends (stdio) or the process is told to stop (HTTP)."""
    address = endpoint(asked.http) if asked.http else None
    if address and not asked.token:
        raise InvalidRequest("--http needs --token env:NAME or file:PATH.")
    settings = settings_of(asked.settings)
    room = (open_demo if asked.demo else open_room)(asked.platform, asked.connection, settings)
    server = build_server(room, allow_writes=asked.allow_writes)
    try:
        if address:
            token = resolve(asked.token)
            await serve_http(
                server, host=address[0], port=address[1], token=token, names=asked.allow_host
            )
        else:
            await serve_stdio(server)
    finally:
        await room.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Run; 2: the command line or the settings are wrong."""
    asked = arguments(argv)
    gc.set_threshold(*COLLECTING)
    try:
        asyncio.run(serve(asked))
    except RoomError as error:
        sys.stderr.write(f"datacenter_mcp: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
