"""The estate: surveys, resources with their versions, measurements, ends of relations, readings and their payloads."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "payloads",
        sa.Column("sha256", NAME, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.Column("redactions", sa.Integer(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_payloads")),
    )
    op.create_index("ix_payloads_kept", "payloads", ["kept_at"], unique=False)
    op.create_table(
        "readings",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("connection", NAME, nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("observed_at", MOMENT, nullable=False),
        sa.Column("payload_sha256", NAME, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_readings")),
    )
    op.create_index("ix_readings_payload", "readings", ["payload_sha256"], unique=False)
    op.create_table(
        "resources",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("platform", NAME, nullable=False),
        sa.Column("connection", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_resources")),
        sa.UniqueConstraint("id", name=op.f("uq_resources_id")),
    )
    op.create_index("ix_resources_connection", "resources", ["connection", "id"], unique=False)
    op.create_index("ix_resources_kind", "resources", ["platform", "kind", "id"], unique=False)
    op.create_table(
        "surveys",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("connections", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_surveys")),
    )
    op.create_index(
        "uq_surveys_running",
        "surveys",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "absences",
        sa.Column("resource", KEY, nullable=False),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.Column("doubted", sa.Boolean(), nullable=False),
        sa.Column("until_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["resource"], ["resources.key"], name=op.f("fk_absences_resource")
        ),
        sa.PrimaryKeyConstraint("resource", "from_at", name=op.f("pk_absences")),
    )
    op.create_table(
        "coverages",
        sa.Column("connection", NAME, nullable=False),
        sa.Column("survey", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("readable", sa.Boolean(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["survey"], ["surveys.number"], name=op.f("fk_coverages_survey")),
        sa.PrimaryKeyConstraint("connection", "survey", name=op.f("pk_coverages")),
    )
    op.create_index("ix_coverages_survey", "coverages", ["survey"], unique=False)
    op.create_table(
        "ends",
        sa.Column("key", KEY, nullable=False),
        sa.Column("resource", KEY, nullable=False),
        sa.Column("rule", NAME, nullable=False),
        sa.Column("side", sa.SmallInteger(), nullable=False),
        sa.Column("text", NAME, nullable=False),
        sa.Column("of", NAME, nullable=False),
        sa.Column("attribute", NAME, nullable=False),
        sa.Column("survey", sa.Integer(), nullable=False),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["resource"], ["resources.key"], name=op.f("fk_ends_resource")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_ends")),
    )
    op.create_index("ix_ends_of", "ends", ["of"], unique=False)
    op.create_index("ix_ends_resource", "ends", ["resource"], unique=False)
    op.create_index("ix_ends_text", "ends", ["text", "rule", "side"], unique=False)
    op.create_table(
        "measurements",
        sa.Column("resource", KEY, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource"], ["resources.key"], name=op.f("fk_measurements_resource")
        ),
        sa.PrimaryKeyConstraint("resource", "day", name=op.f("pk_measurements")),
    )
    op.create_index("ix_measurements_day", "measurements", ["day"], unique=False)
    op.create_index("ix_measurements_number", "measurements", ["number", "resource"], unique=False)
    op.create_table(
        "versions",
        sa.Column("resource", KEY, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("until_number", sa.Integer(), nullable=True),
        sa.Column("until_at", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent", NAME, nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource"], ["resources.key"], name=op.f("fk_versions_resource")
        ),
        sa.PrimaryKeyConstraint("resource", "number", name=op.f("pk_versions")),
    )
    op.create_index("ix_versions_number", "versions", ["number", "resource"], unique=False)
    op.create_index(
        "ix_versions_parent",
        "versions",
        ["parent", "resource"],
        unique=False,
        sqlite_where=sa.text("parent IS NOT NULL"),
        postgresql_where=sa.text("parent IS NOT NULL"),
    )
    op.create_index(
        "ix_versions_until",
        "versions",
        ["until_number", "resource"],
        unique=False,
        sqlite_where=sa.text("until_number IS NOT NULL"),
        postgresql_where=sa.text("until_number IS NOT NULL"),
    )
