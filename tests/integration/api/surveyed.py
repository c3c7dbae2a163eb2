"""A product on a part of the demo datacenter that was surveyed, for the tests of API and command line."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import yaml
from tests.integration.api.product import Product, running, until

from datacenter_mcp.demo.store import Origin, Reading
from datacenter_mcp.demo.world import World

CONNECTIONS = {"arrays": "storage", "fabric": "network"}
NO_SCHEDULE = {"DATACENTER_DOCS_SURVEY_SCHEDULE": ""}


@contextmanager
def surveyed(folder: Path) -> Iterator[Product]:
    """`dcdocs up`, after its first survey."""
    with surveying(folder) as product:
        with httpx2.Client(base_url=product.url, timeout=30) as client:
            finished(client, 1)
        yield product


@contextmanager
def surveying(folder: Path, size: int = 200) -> Iterator[Product]:
    """`dcdocs up`, in the middle of its first survey. `size`: about so many resources there are."""
    world, now = folder / "world.sqlite", time.time()
    origin = Origin(seed=1, size=size, born=now - 86_400)
    World.create(world, origin, Reading(real=now, world=now, rate=1.0)).close()
    connections = [
        {"name": name, "platform": platform, "server": "demo", "settings": {"world": str(world)}}
        for name, platform in CONNECTIONS.items()
    ]
    estate = yaml.safe_dump({"connections": connections})
    with running(folder, estate=estate, settings=NO_SCHEDULE) as product:
        yield product


def finished(client: httpx2.Client, number: int) -> dict[str, object]:
    """A survey once it is over."""
    return until(
        lambda: client.get(f"/api/v1/surveys/{number}").json(),
        lambda survey: bool(survey.get("finished_at")),
    )
