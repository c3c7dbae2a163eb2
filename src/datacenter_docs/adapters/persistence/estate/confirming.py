"""When connections were last read: what was seen then, and is not marked as missing, is confirmed of that time."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select, true

from datacenter_docs.adapters.persistence.estate.tables import coverages


def last_read(
    connection: Connection, names: Iterable[str], at: datetime | None
) -> Mapping[str, datetime]:
    """When the newest reading that brought anything began, by connection; those that were never read are not in it.

    One seek for each connection, however many surveys there were.
    """
    query = select(coverages.c.started_at).where(coverages.c.readable == true())
    if at is not None:
        query = query.where(coverages.c.started_at <= at)
    newest = query.order_by(coverages.c.survey.desc()).limit(1)
    found = {
        name: connection.scalar(newest.where(coverages.c.connection == name))
        for name in sorted(set(names))
    }
    return {name: moment for name, moment in found.items() if moment is not None}
