"""What runs the place: kill switch, audit trail, connections."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from datacenter_docs.entrypoints.api import records
from datacenter_docs.entrypoints.api.dependencies import Cursor, Limit, TheHouse
from datacenter_docs.entrypoints.api.schemas import Items, KillSwitchBody, LogRecord

router = APIRouter(tags=["operations"])


@router.get("/kill-switch")
async def get_kill_switch(house: TheHouse) -> dict[str, Any]:
    """Whether the kill switch is on, why, and who set it."""
    return asdict(await house.kill_switch.read())


@router.post("/kill-switch")
async def set_kill_switch(body: KillSwitchBody, house: TheHouse) -> dict[str, Any]:
    """On: no new action starts anywhere, within a second, also after a restart. Durable before this answers."""
    return asdict(await house.governing.set_kill_switch(body.actor, body.reason, on=body.on))


@router.get("/audit")
async def list_audit(
    house: TheHouse,
    ticket_id: Annotated[str | None, Query(max_length=128)] = None,
    kind: Annotated[list[str] | None, Query(description="Only these kinds of records.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Items[LogRecord]:
    """The journal in order, oldest first."""
    page = await house.journal.page(
        ticket_id=ticket_id, kinds=kind or (), after_seq=records.after(cursor), limit=limit
    )
    return Items(
        items=[records.shown(record) for record in page.items], next_cursor=page.next_cursor
    )


@router.get("/audit/verify")
async def verify_audit(house: TheHouse) -> dict[str, Any]:
    """Recompute the whole hash chain and compare it with the anchors outside the database."""
    return asdict(await house.journal.verify())


@router.get("/connections")
async def list_connections(house: TheHouse) -> Items[dict[str, Any]]:
    """The configured connections, without secrets."""
    return Items(items=[asdict(connection) for connection in house.reader.connections()])


@router.post("/connections/{name}/test")
async def test_connection(name: str, house: TheHouse) -> dict[str, Any]:
    """Connect, list the tools, ask for health. A sick server is an answer, not an error."""
    report = asdict(await house.reader.test(name))
    return {**report, "health": report["health"] and report["health"].model_dump(mode="json")}
