"""Nothing stale is evidence for an action: what documents remember may be old, so a ticket is answered by asking again."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from tests.integration.api.product import Product, submitted
from tests.integration.api.surveyed import finished, surveyed

from datacenter_mcp.demo.faults.oracle import heal, inject, target_of
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.world import World

FAULT = FAULTS["port-shut"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("product")


@pytest.fixture(scope="module")
def product(folder: Path) -> Iterator[Product]:
    with surveyed(folder) as started:
        yield started
        assert "Traceback" not in started.errors.read_text(encoding="utf-8")


def remembered(client: httpx2.Client, resource_id: str) -> dict[str, object]:
    """What the documents know of a resource."""
    facts = client.get(f"/api/v1/resources/{resource_id}").json()["facts"]
    return {fact["attribute"]: fact["value"] for fact in facts}


def asked(client: httpx2.Client, ticket_id: str, text: str) -> dict:
    """The diagnosis of a ticket."""
    diagnosis: dict = submitted(client, ticket_id, title=FAULT.title, category=FAULT.category, description=text)["diagnosis"]  # fmt: skip
    return diagnosis


def test_a_ticket_is_answered_by_what_is_so_now_and_not_by_what_was_surveyed(
    client: httpx2.Client, folder: Path
) -> None:
    with closing(World.open(folder / "world.sqlite")) as world:
        key = target_of(FAULT, world.view())
        port = key.replace("network:", "network:fabric:", 1)
        text = FAULT.told(world.view(), key)
        inject(world, FAULT, key)
        broken, before = asked(client, "T-broken", text), remembered(client, port)
        client.post("/api/v1/surveys", json={}).raise_for_status()
        finished(client, 2)
        heal(world)
        healed, after = asked(client, "T-healed", text), remembered(client, port)
    seen = {
        one["attribute"]: one["value"] for one in broken["evidence"] if one["resource"] == port
    }
    [action] = broken["plan"]["actions"]

    assert (before["admin_state"], after["admin_state"]) == ("up", "down")
    assert seen["admin_state"] == "down"
    assert (action["target"], action["look"]["state"]["admin_state"]) == (port, "down")
    assert healed["plan"]["actions"] == []
