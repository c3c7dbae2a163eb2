"""What runs the place: kill switch, audit trail, connections."""

from typing import Annotated

from fastapi import APIRouter, Query

from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.audit import EntryKind
from datacenter_docs.domain.tickets import Text
from datacenter_docs.entrypoints.api import records
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import Cursor, Limit, Name, TheCaller, TheHouse
from datacenter_docs.entrypoints.api.paging import page
from datacenter_docs.entrypoints.api.schemas import Items, KillSwitchBody, LogRecord
from datacenter_docs.ports.guards import KillSwitchState
from datacenter_docs.ports.journal import JournalReport
from datacenter_docs.ports.platforms import ConnectionInfo, ConnectionReport

router = APIRouter(tags=["operations"], route_class=Guarded)


@router.get("/kill-switch")
@needs(Permission.READ)
async def get_kill_switch(house: TheHouse) -> KillSwitchState:
    """Whether the kill switch is on, why, and who set it."""
    return await house.kill_switch.read()


@router.post("/kill-switch")
@needs(Permission.STOP)
async def set_kill_switch(
    body: KillSwitchBody, house: TheHouse, caller: TheCaller
) -> KillSwitchState:
    """On: no new action starts anywhere, within a second, also after a restart. Durable before this answers. Turning it off needs
    the permission `kill_switch.off`.
    """
    if not body.on:
        caller.must(Permission.RESUME)
    actor = caller.named(body.actor, "actor")
    return await house.governing.set_kill_switch(actor, body.reason, on=body.on)


@router.get("/audit")
@needs(Permission.READ)
async def list_audit(
    house: TheHouse,
    ticket_id: Annotated[
        Text | None, Query(max_length=128, description="Only records of this ticket.")
    ] = None,
    kind: Annotated[
        list[EntryKind] | None, Query(description="Only these kinds of records.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Items[LogRecord]:
    """The journal in order, oldest first."""
    found = await house.journal.page(
        ticket_id=ticket_id, kinds=kind or (), after_seq=records.after(cursor), limit=limit
    )
    return Items(
        items=[records.shown(record) for record in found.items], next_cursor=found.next_cursor
    )


@router.get("/audit/verify")
@needs(Permission.READ)
async def verify_audit(house: TheHouse) -> JournalReport:
    """Recompute the whole hash chain and compare it with the anchors outside the database."""
    return await house.journal.verify()


@router.get("/connections")
@needs(Permission.READ)
async def list_connections(
    house: TheHouse, cursor: Cursor = None, limit: Limit = 50
) -> Items[ConnectionInfo]:
    """The configured connections by name, without secrets."""
    return page("connections", house.reader.connections(), lambda found: found.name, cursor, limit)


@router.post("/connections/{name}/test")
@needs(Permission.TEST_CONNECTIONS)
async def test_connection(name: Name, house: TheHouse) -> ConnectionReport:
    """Connect, list the tools, ask for health. A sick server is an answer, not an error."""
    return await house.reader.test(name)
