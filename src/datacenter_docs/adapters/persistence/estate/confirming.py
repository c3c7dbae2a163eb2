"""When connections were last read: what was seen then, and is not marked as missing, is confirmed of that time."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, true

from datacenter_docs.adapters.persistence.estate.tables import coverages


def last_read(
    connection: Connection, names: Iterable[str], at: datetime | None
) -> Mapping[str, datetime]:
    """When the newest reading that brought anything began, by connection; those that were never read are not in it.

    One seek for each connection, however many surveys there were.
    """
    newest = _newest(dated=at is not None)
    found = {
        name: connection.scalar(newest, {"wanted": name, "at": at}) for name in sorted(set(names))
    }
    return {name: moment for name, moment in found.items() if moment is not None}


@cache
def _newest(*, dated: bool) -> Select[Any]:
    """Built once: building a statement costs more than running it."""
    query = select(coverages.c.started_at).where(
        coverages.c.readable == true(), coverages.c.connection == bindparam("wanted")
    )
    if dated:
        at = bindparam("at", type_=coverages.c.started_at.type)
        query = query.where(coverages.c.started_at <= at)
    return query.order_by(coverages.c.survey.desc()).limit(1)
