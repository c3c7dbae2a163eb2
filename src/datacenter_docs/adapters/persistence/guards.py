"""What holds between processes, in the database: resource locks, rate limits, the kill switch.

Checks and writes are safe together because a write transaction is alone (see `engine.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from datacenter_docs.adapters.persistence import chain
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.leases import must_last
from datacenter_docs.adapters.persistence.tables import (
    kill_switch,
    rate_reservations,
    resource_locks,
)
from datacenter_docs.domain.audit import Entry
from datacenter_docs.ports.guards import KillSwitchState, RateLimit
from datacenter_docs.ports.leases import Tenure

_WINDOW = timedelta(seconds=3_600)
_SWITCH_ID = 1
_SWITCH = select(kill_switch)
_USED = select(func.count()).where(
    rate_reservations.c.scope == bindparam("scope"),
    rate_reservations.c.reserved_at > bindparam("since"),
)


class SqlResourceLocks:
    """One row per locked resource. `tenure`: who was taken over takes no lock any more; None: nobody takes over here."""

    def __init__(self, database: Database, tenure: Tenure | None = None) -> None:
        self._database = database
        self._tenure = tenure

    async def acquire(
        self, resources: Sequence[str], *, holder: str, at: datetime
    ) -> Mapping[str, str]:
        wanted = set(resources)

        def store(connection: Connection) -> Mapping[str, str]:
            must_last(connection, self._tenure)
            query = select(resource_locks.c.resource, resource_locks.c.holder)
            rows = connection.execute(query.where(resource_locks.c.resource.in_(wanted)))
            held = {row.resource: row.holder for row in rows}
            others = {name: who for name, who in held.items() if who != holder}
            free = sorted(wanted - held.keys())
            if free and not others:
                rows_to_add = [{"resource": r, "holder": holder, "acquired_at": at} for r in free]
                connection.execute(insert(resource_locks), rows_to_add)
            return others

        return await self._database.writer.run(store)

    async def release(self, holder: str) -> None:
        statement = delete(resource_locks).where(resource_locks.c.holder == holder)
        await self._database.writer.run(lambda connection: connection.execute(statement))


class SqlRateLimiter:
    """One row per scope and action. Rows stay, so that an action is not counted again however late it is replayed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(
        self, action_ids: Sequence[str], limits: Sequence[RateLimit], *, at: datetime
    ) -> str | None:
        def store(connection: Connection) -> str | None:
            rows = []
            for limit in limits:
                fresh = _not_reserved(connection, limit.scope, action_ids)
                refusal = _refusal(connection, limit, len(fresh), at)
                if refusal is not None:
                    return refusal
                rows += [
                    {"scope": limit.scope, "action_id": action_id, "reserved_at": at}
                    for action_id in fresh
                ]
            if rows:
                connection.execute(insert(rate_reservations), rows)
            return None

        return await self._database.writer.run(store)

    async def would_allow(
        self, actions: int, limits: Sequence[RateLimit], *, at: datetime
    ) -> bool:
        return await self._database.read(
            lambda connection: all(
                _refusal(connection, limit, actions, at) is None for limit in limits
            )
        )


class SqlKillSwitch:
    """One row; none: never touched, so off."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self) -> KillSwitchState:
        return await self._database.read(_read_switch)

    async def set(self, state: KillSwitchState, entry: Entry) -> None:
        row = {
            "is_on": state.on,
            "reason": state.reason,
            "actor": state.actor,
            "set_at": state.set_at,
        }

        def store(connection: Connection) -> None:
            if not connection.execute(update(kill_switch).values(row)).rowcount:
                connection.execute(insert(kill_switch).values(id=_SWITCH_ID, **row))
            chain.append(connection, [entry])

        await self._database.writer.run(store)


def _not_reserved(connection: Connection, scope: str, action_ids: Sequence[str]) -> list[str]:
    query = select(rate_reservations.c.action_id).where(
        rate_reservations.c.scope == scope, rate_reservations.c.action_id.in_(action_ids)
    )
    return sorted(set(action_ids) - set(connection.scalars(query)))


def _refusal(connection: Connection, limit: RateLimit, actions: int, at: datetime) -> str | None:
    """Why so many more actions are too many; None: they are not."""
    used = connection.scalar(_USED, {"scope": limit.scope, "since": at - _WINDOW}) or 0
    if actions == 0 or used + actions <= limit.per_hour:
        return None
    return (
        f"The rate limit of {limit.scope} is {limit.per_hour} actions an hour: "
        f"{used} are counted, {actions} more are too many."
    )


def _read_switch(connection: Connection) -> KillSwitchState:
    row = connection.execute(_SWITCH).one_or_none()
    if row is None:
        return KillSwitchState(on=False)
    return KillSwitchState(on=row.is_on, reason=row.reason, actor=row.actor, set_at=row.set_at)
