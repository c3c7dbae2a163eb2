"""The table of notes: one row per version, never changed but for the mark which one is current."""

from sqlalchemy import Boolean, Column, Integer, Table, Text

from datacenter_docs.adapters.persistence.columns import Name, UtcTime
from datacenter_docs.adapters.persistence.tables import metadata

notes = Table(
    "notes",
    metadata,
    Column("subject", Name, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("current", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("content", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("written_at", UtcTime, nullable=False),
)
