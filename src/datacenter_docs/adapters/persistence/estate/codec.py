"""Between values and rows: tracks as JSON, readings by their key, what a resource says as a digest."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import Connection, bindparam, select

from datacenter_docs.adapters.persistence.columns import microseconds, moment
from datacenter_docs.adapters.persistence.estate.tables import readings
from datacenter_docs.domain.observed import FactValue, Origin, Reading, Track

_BY_KEYS = select(readings).where(readings.c.key.in_(bindparam("keys", expanding=True)))
KEYS_AT_ONCE = 5_000
"""Bound parameters of a statement; SQLite takes 32,766."""


class Mark(NamedTuple):
    """An origin as it is stored: survey, since, and the key of the reading."""

    survey: int
    since: int
    reading: int

    @classmethod
    def at(cls, survey: int, since: datetime, reading: int) -> "Mark":
        """A mark of a moment."""
        return cls(survey, microseconds(since), reading)


def to_json(value: Any) -> str:
    """Compact JSON, with the letters as they are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def digest(said: Mapping[str, FactValue]) -> bytes:
    """The same exactly for the same values, whatever their order."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).digest()


def to_row(track: Track[Mark]) -> dict[str, str]:
    """A track as columns."""
    return {"facts": to_json(track.values), "origins": to_json(track.origins)}


def marked(facts: str, origins: str) -> Track[Mark]:
    """A track as it was stored."""
    return Track(from_json(facts), [Mark(*one) for one in from_json(origins)])


def resolved(track: Track[Mark], known: Mapping[int, Reading]) -> Track[Origin]:
    """The track with the readings that its origins speak of."""
    return Track(
        track.values,
        [Origin(mark.survey, moment(mark.since), known[mark.reading]) for mark in track.origins],
    )


def readings_of(connection: Connection, tracks: Iterable[Track[Mark]]) -> Mapping[int, Reading]:
    """The readings that tracks speak of, by key."""
    wanted = sorted({mark.reading for track in tracks for mark in track.origins})
    return {
        row.key: Reading(
            row.connection, row.tool, from_json(row.arguments), row.observed_at, row.payload_sha256
        )
        for some in bunches(wanted)
        for row in connection.execute(_BY_KEYS, {"keys": some})
    }


def bunches(items: list[Any]) -> Iterable[list[Any]]:
    """The items, as many at once as a statement takes."""
    return (items[start : start + KEYS_AT_ONCE] for start in range(0, len(items), KEYS_AT_ONCE))
