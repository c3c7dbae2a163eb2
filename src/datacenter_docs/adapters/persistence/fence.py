"""`Fence` over the database: a token per ticket, and the tenure of this worker, seen in the transaction that relies on them."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from datacenter_docs.adapters.persistence import chain
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.leases import must_last
from datacenter_docs.adapters.persistence.tables import claims
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import Superseded
from datacenter_docs.ports.fence import Claim
from datacenter_docs.ports.leases import Tenure


class SqlFence:
    """One row per ticket that was acted for. `tenure` None: nobody takes over here, so only runs of a ticket are told apart."""

    def __init__(self, database: Database, tenure: Tenure | None) -> None:
        self._database = database
        self._tenure = tenure

    async def claim(self, ticket_id: str) -> Claim:
        def store(connection: Connection) -> Claim:
            must_last(connection, self._tenure)
            mine = claims.c.ticket_id == ticket_id
            raised = update(claims).where(mine).values(token=claims.c.token + 1)
            if not connection.execute(raised).rowcount:
                connection.execute(insert(claims).values(ticket_id=ticket_id, token=1))
            return Claim(
                ticket_id, connection.execute(select(claims.c.token).where(mine)).scalar_one()
            )

        return await self._database.writer.run(store)

    async def append(self, claim: Claim, entries: Sequence[Entry]) -> None:
        def store(connection: Connection) -> None:
            self._must_hold(connection, claim)
            chain.append(connection, entries)

        await self._database.writer.run(store)

    async def check(self, claim: Claim) -> None:
        await self._database.read(lambda connection: self._must_hold(connection, claim))

    def _must_hold(self, connection: Connection, claim: Claim) -> None:
        must_last(connection, self._tenure)
        newest = connection.scalar(
            select(claims.c.token).where(claims.c.ticket_id == claim.ticket_id)
        )
        if newest != claim.token:
            raise Superseded(f"Another run has taken up {claim.ticket_id}; this one acts no more.")
