"""Backups of what the settings name, and bringing one back so that it is safe to start."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.persistence.backups import keeping
from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.persistence.guards import SqlKillSwitch
from datacenter_docs.bootstrap.house import anchors_of, journal_of, workflows_of
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.ports.guards import KillSwitchState
from datacenter_docs.settings import Settings

RESTORER = "restore"
"""Who turns the kill switch on in a restored copy."""


async def back_up(settings: Settings, target: Path) -> dict[str, Any]:
    """Write a backup beside a running product, or without one. What `keeping.back_up` raises."""
    manifest = await asyncio.to_thread(
        keeping.back_up,
        settings.url,
        workflows_of(settings),
        anchors_of(settings),
        target,
        SystemClock().now(),
    )
    return manifest.model_dump(mode="json")


async def restore(settings: Settings, source: Path) -> dict[str, Any]:
    """Bring a backup back into an empty place, verify its journal, and turn the kill switch on: what was done since is not
    known to it, so nothing acts before a person has looked. What `keeping.bring_back` raises.
    """
    manifest = await asyncio.to_thread(keeping.bring_back, source, settings.url, settings.data_dir)
    database = await asyncio.to_thread(open_database, settings.url)
    try:
        journal, now = journal_of(settings, database, SystemClock()), SystemClock().now()
        report = asdict(await journal.verify())
        same = (report["records"], report["head_hash"]) == (manifest.records, manifest.head_hash)
        if report["ok"] and not same:
            told = f"it ends at record {report['records']} and not at {manifest.records}, as its manifest says"
            report |= {"ok": False, "reason": told}
        reason = f"Restored from a backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC: what was done since is not known here."
        state = KillSwitchState(on=True, reason=reason, actor=RESTORER, set_at=now)
        body = {"on": True, "reason": reason}
        entry = Entry(kind=EntryKind.KILL_SWITCH, at=now, actor=RESTORER, body=body)
        await SqlKillSwitch(database).set(state, entry)
        await journal.anchor()
    finally:
        database.close()
    return {"backup": manifest.model_dump(mode="json"), "journal": report, "kill_switch": reason}
