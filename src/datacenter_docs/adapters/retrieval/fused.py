"""`SimilarTickets` with a second opinion: the order by words and the order by vectors, fused.

Only what shares words is a candidate; the vectors put the first hundred in another order. The rule is reciprocal rank fusion:
1 / (60 + rank) by words plus the same by vectors, as a share of the most there can be. A ticket without a vector, which came
while the provider was away, has the rank behind all that have one. Whatever the provider does, the answer by words stands.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import structlog
from sqlalchemy import Connection, bindparam, delete, insert, select

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.retrieval.gathering import CANDIDATES
from datacenter_docs.adapters.retrieval.tables import similar_vectors
from datacenter_docs.domain.errors import DatacenterDocsError
from datacenter_docs.domain.retrieval.answers import Alike, Wording
from datacenter_docs.ports.embedding import Embedder, Vector
from datacenter_docs.ports.similar import MOST, SimilarTickets

FLATTENING = 60
_STORED = select(similar_vectors).where(
    similar_vectors.c.ticket_id.in_(bindparam("ids", expanding=True)),
    similar_vectors.c.model == bindparam("model"),
)
log = structlog.get_logger(__name__)


class FusedSimilarTickets:
    """Wraps another `SimilarTickets`. `model`: vectors of different ones are never compared."""

    def __init__(
        self,
        words: SimilarTickets,
        embedder: Embedder,
        database: Database,
        model: str,
        timeout_seconds: float,
    ) -> None:
        self._words = words
        self._embedder = embedder
        self._database = database
        self._model = model
        self._timeout_seconds = timeout_seconds

    async def alike(self, asked: Wording, limit: int = MOST) -> Sequence[Alike]:
        found = await self._words.alike(asked, max(limit, CANDIDATES))
        vectors = await self._vectors([asked], self._timeout_seconds) if found else None
        if vectors is None:
            return found[:limit]
        stored = await self._stored([alike.ticket_id for alike in found])
        return _fused(found, vectors[0], stored)[:limit]

    async def add(self, tickets: Sequence[Wording], *, after: int, upto: int) -> bool:
        added = await self._words.add(tickets, after=after, upto=upto)
        patience = self._timeout_seconds * len(tickets)
        vectors = await self._vectors(tickets, patience) if added and tickets else None
        if vectors is not None:
            rows: list[dict[str, object]] = [
                {"ticket_id": one.ticket_id, "model": self._model, "vector": _packed(vector)}
                for one, vector in zip(tickets, vectors, strict=True)
            ]
            await self._database.writer.run(lambda connection: _store(connection, rows))
        return added

    async def followed(self) -> int:
        return await self._words.followed()

    async def clear(self) -> None:
        await self._words.clear()
        await self._database.writer.run(lambda c: c.execute(delete(similar_vectors)))

    async def _vectors(
        self, told: Sequence[Wording], patience_seconds: float
    ) -> Sequence[Vector] | None:
        """None: the provider did not deliver, which the log says."""
        texts = [f"{one.title}\n{one.body}" for one in told]
        try:
            async with asyncio.timeout(patience_seconds):
                return await self._embedder.embed(texts)
        except (DatacenterDocsError, TimeoutError) as error:
            log.warning("embedding_failed", error=str(error) or type(error).__name__)
            return None

    async def _stored(self, ids: Sequence[str]) -> dict[str, bytes]:
        given = {"ids": list(ids), "model": self._model}
        rows = await self._database.read(lambda c: c.execute(_STORED, given).all())
        return {row.ticket_id: row.vector for row in rows}


def _packed(vector: Vector) -> bytes:
    """A vector of length 1 in half precision."""
    whole = np.array(vector, np.float64)
    return (whole / np.linalg.norm(whole)).astype("<f2").tobytes()


def _fused(found: Sequence[Alike], asked: Vector, stored: dict[str, bytes]) -> Sequence[Alike]:
    own = np.frombuffer(_packed(asked), "<f2").astype(np.float32)
    near = {
        one: float(np.frombuffer(packed, "<f2").astype(np.float32) @ own)
        for one, packed in stored.items()
        if len(packed) == 2 * len(own)
    }
    by_vector = sorted(near, key=lambda one: -near[one])
    rank = {one: place for place, one in enumerate(by_vector)}
    most = 2 / FLATTENING
    fused = [
        replace(
            alike,
            score=round(
                (
                    1 / (FLATTENING + place)
                    + 1 / (FLATTENING + rank.get(alike.ticket_id, len(found)))
                )
                / most,
                4,
            ),
        )
        for place, alike in enumerate(found)
    ]
    return sorted(fused, key=lambda alike: -alike.score)


def _store(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    ids = [row["ticket_id"] for row in rows]
    connection.execute(delete(similar_vectors).where(similar_vectors.c.ticket_id.in_(ids)))
    connection.execute(insert(similar_vectors), rows)
