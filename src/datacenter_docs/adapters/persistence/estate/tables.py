"""The tables of the estate. A change here needs a migration; a test compares the two.

A resource has a number of its own (`key`), so that its long id stands in one row. Each version holds all of what was
stated, so that a time can be read without the rows before it; values are JSON, `{attribute: [value, index of origin]}`,
origins `[[survey, since in microseconds, reading], ...]`.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from datacenter_docs.adapters.persistence.columns import Name, Sequence, UtcTime
from datacenter_docs.adapters.persistence.tables import metadata

surveys = Table(
    "surveys",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", Name, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("connections", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
)
running = surveys.c.state == "running"
Index(
    "uq_surveys_running",
    surveys.c.state,
    unique=True,
    sqlite_where=running,
    postgresql_where=running,
)

coverages = Table(
    "coverages",
    metadata,
    Column("connection", Name, primary_key=True),
    Column("survey", Integer, ForeignKey("surveys.number"), primary_key=True, autoincrement=False),
    Column("readable", Boolean, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("content", Text, nullable=False),
)
Index("ix_coverages_survey", coverages.c.survey)

resources = Table(
    "resources",
    metadata,
    Column("key", Sequence, primary_key=True, autoincrement=False),
    Column("id", Name, nullable=False),
    Column("platform", Name, nullable=False),
    Column("connection", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("present", Boolean, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    UniqueConstraint("id"),
)
Index("ix_resources_connection", resources.c.connection, resources.c.id)
Index("ix_resources_kind", resources.c.platform, resources.c.kind, resources.c.id)

versions = Table(
    "versions",
    metadata,
    Column("resource", Sequence, ForeignKey("resources.key"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("from_at", UtcTime, nullable=False),
    Column("until_number", Integer),
    Column("until_at", UtcTime),
    Column("confirmed_at", UtcTime),
    Column("name", Text, nullable=False),
    Column("parent", Name),
    Column("facts", Text, nullable=False),
    Column("origins", Text, nullable=False),
)
Index("ix_versions_number", versions.c.number, versions.c.resource)
ended = versions.c.until_number.is_not(None)
Index(
    "ix_versions_until",
    versions.c.until_number,
    versions.c.resource,
    sqlite_where=ended,
    postgresql_where=ended,
)
contained = versions.c.parent.is_not(None)
Index(
    "ix_versions_parent",
    versions.c.parent,
    versions.c.resource,
    sqlite_where=contained,
    postgresql_where=contained,
)

measurements = Table(
    "measurements",
    metadata,
    Column("resource", Sequence, ForeignKey("resources.key"), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("facts", Text, nullable=False),
    Column("origins", Text, nullable=False),
)
Index("ix_measurements_number", measurements.c.number, measurements.c.resource)
Index("ix_measurements_day", measurements.c.day)

absences = Table(
    "absences",
    metadata,
    Column("resource", Sequence, ForeignKey("resources.key"), primary_key=True),
    Column("from_at", UtcTime, primary_key=True),
    Column("confirmed_at", UtcTime, nullable=False),
    Column("doubted", Boolean, nullable=False),
    Column("until_at", UtcTime),
)

ends = Table(
    "ends",
    metadata,
    Column("key", Sequence, primary_key=True),
    Column("resource", Sequence, ForeignKey("resources.key"), nullable=False),
    Column("rule", Name, nullable=False),
    Column("side", SmallInteger, nullable=False),
    Column("text", Name, nullable=False),
    Column("of", Name, nullable=False),
    Column("attribute", Name, nullable=False),
    Column("survey", Integer, nullable=False),
    Column("from_at", UtcTime, nullable=False),
    Column("until_at", UtcTime),
)
Index("ix_ends_resource", ends.c.resource)
Index("ix_ends_of", ends.c.of)
Index("ix_ends_text", ends.c.text, ends.c.rule, ends.c.side)

readings = Table(
    "readings",
    metadata,
    Column("key", Sequence, primary_key=True, autoincrement=False),
    Column("connection", Name, nullable=False),
    Column("tool", Text, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("observed_at", UtcTime, nullable=False),
    Column("payload_sha256", Name, nullable=False),
)
Index("ix_readings_payload", readings.c.payload_sha256)

payloads = Table(
    "payloads",
    metadata,
    Column("sha256", Name, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("cut", Boolean, nullable=False),
    Column("redactions", Integer, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
)
Index("ix_payloads_kept", payloads.c.kept_at)
