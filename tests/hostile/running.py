"""The product as a process on the demo's rooms, a taken-over server, a dead device and a dead URL, with secrets for each."""

import shutil
import sys
import time
from pathlib import Path
from typing import Any

import yaml
from tests.e2e.product import Product
from tests.hostile.canaries import VALUES

from datacenter_docs.adapters.platforms.estate_file import DEMO_NAMES
from datacenter_mcp.demo.world import World


class Hostile(Product):
    """Its data begin as a copy of a template of `place.live`."""

    def __init__(self, folder: Path, template: Path) -> None:
        self._template = template
        super().__init__(folder, [])

    def _world_of(self, folder: Path, connections: list[dict[str, Any]]) -> list[str]:
        shutil.copytree(self._template, self.data)
        world = World.open(self.data / "world.sqlite")
        world.set_clock(time.time(), 1.0)
        world.close()
        key = folder / "canary.key"
        key.write_text(VALUES["CANARY_FILE"])
        estate = folder / "datacenter.yaml"
        estate.write_text(yaml.safe_dump({"connections": [*self._demo(), *_hostile(key)]}))
        return ["--estate", str(estate)]

    def _demo(self) -> list[dict[str, Any]]:
        world = {"world": str((self.data / "world.sqlite").absolute())}
        return [
            {"name": name, "platform": platform.value, "server": "demo", "allow_writes": True, "settings": world}
            for platform, name in DEMO_NAMES.items()
        ]  # fmt: skip

    @property
    def log(self) -> str:
        """What the process wrote to standard error."""
        return self._log.read_text()


def _hostile(key: Path) -> list[dict[str, Any]]:
    return [
        {"name": "rogue", "platform": "network", "server": "external", "allow_writes": True,
         "command": [sys.executable, "-m", "tests.hostile.rogue"],
         "environment": {"ROGUE_TOKEN": "env:CANARY_ROGUE", "PYTHONPATH": "env:PYTHONPATH"}},
        {"name": "dead-device", "platform": "network", "settings": {"devices": [
            {"name": "x8", "driver": "frr", "host": "127.0.0.1", "port": 1, "username": "dcdocs",
             "password": "env:CANARY_PASSWORD", "known_hosts": str(key.with_name("known_hosts"))}]}},
        {"name": "dead-url", "platform": "storage", "server": "external", "transport": "http",
         "url": "http://127.0.0.1:1/mcp", "token": "env:CANARY_HTTP"},
        {"name": "dead-file", "platform": "openstack", "server": "external", "transport": "http",
         "url": "http://127.0.0.1:1/mcp", "token": f"file:{key}"},
    ]  # fmt: skip
