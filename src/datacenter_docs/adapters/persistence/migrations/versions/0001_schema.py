"""All tables as of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("ticket_id", NAME, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_kind", "journal", ["kind", "seq"], unique=False)
    op.create_index("ix_journal_ticket", "journal", ["ticket_id", "seq"], unique=False)
    op.create_table(
        "kill_switch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_kill_switch_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kill_switch")),
    )
    op.create_table(
        "patterns",
        sa.Column("pattern_id", NAME, nullable=False),
        sa.Column("signature", NAME, nullable=False),
        sa.Column("category", NAME, nullable=False),
        sa.Column("key_terms", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("occurrences", sa.Integer(), nullable=False),
        sa.Column("resolved", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("positive", sa.Integer(), nullable=False),
        sa.Column("neutral", sa.Integer(), nullable=False),
        sa.Column("negative", sa.Integer(), nullable=False),
        sa.Column("rating_sum", sa.Float(), nullable=False),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("confidence_sum", sa.Float(), nullable=False),
        sa.Column("confidence_count", sa.Integer(), nullable=False),
        sa.Column("reliability_sum", sa.Float(), nullable=False),
        sa.Column("reliability_count", sa.Integer(), nullable=False),
        sa.Column("executions", sa.Integer(), nullable=False),
        sa.Column("executions_succeeded", sa.Integer(), nullable=False),
        sa.Column("last_verification_failed", sa.Boolean(), nullable=False),
        sa.Column("automation_forbidden", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pattern_id", name=op.f("pk_patterns")),
        sa.UniqueConstraint("signature", name=op.f("uq_patterns_signature")),
    )
    op.create_index(
        "ix_patterns_category",
        "patterns",
        ["category", sa.literal_column("occurrences DESC"), "pattern_id"],
        unique=False,
    )
    op.create_index(
        "ix_patterns_occurrences",
        "patterns",
        [sa.literal_column("occurrences DESC"), "pattern_id"],
        unique=False,
    )
    op.create_table(
        "policies",
        sa.Column("name", NAME, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category", NAME, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_policies")),
    )
    op.create_index(
        "uq_policies_in_force",
        "policies",
        ["category"],
        unique=True,
        sqlite_where=sa.text("current IS 1 AND enabled IS 1 AND deleted IS 0"),
        postgresql_where=sa.text("current IS true AND enabled IS true AND deleted IS false"),
    )
    op.create_table(
        "rate_reservations",
        sa.Column("scope", NAME, nullable=False),
        sa.Column("action_id", NAME, nullable=False),
        sa.Column("reserved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("scope", "action_id", name=op.f("pk_rate_reservations")),
    )
    op.create_index(
        "ix_rate_reservations_window", "rate_reservations", ["scope", "reserved_at"], unique=False
    )
    op.create_table(
        "requests",
        sa.Column("key", NAME, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_requests")),
    )
    op.create_index("ix_requests_claimed", "requests", ["claimed_at"], unique=False)
    op.create_table(
        "resource_locks",
        sa.Column("resource", NAME, nullable=False),
        sa.Column("holder", NAME, nullable=False),
        sa.Column("acquired_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("resource", name=op.f("pk_resource_locks")),
    )
    op.create_index("ix_resource_locks_holder", "resource_locks", ["holder"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("id", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("category", NAME, nullable=False),
        sa.Column("pattern_id", NAME, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("approval_expires_at", MOMENT, nullable=True),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("executed", sa.Boolean(), nullable=False),
        sa.Column("enable_auto_remediation", sa.Boolean(), nullable=False),
        sa.Column("ai_confidence", sa.Float(), nullable=True),
        sa.Column("overall_score", sa.Float(), nullable=True),
        sa.Column("confidence_level", sa.Text(), nullable=True),
        sa.Column("requires_approval", sa.Boolean(), nullable=True),
        sa.Column("verification_passed", sa.Boolean(), nullable=True),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("diagnosis", sa.Text(), nullable=True),
        sa.Column("score", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("outcomes", sa.Text(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_index(
        "ix_tickets_category", "tickets", ["category", "received_at", "id"], unique=False
    )
    op.create_index(
        "ix_tickets_closed",
        "tickets",
        ["category", "closed_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_outbox",
        "tickets",
        ["received_at", "id"],
        unique=False,
        sqlite_where=sa.text("delivered IS 0"),
        postgresql_where=sa.text("delivered IS false"),
    )
    op.create_index(
        "ix_tickets_pattern",
        "tickets",
        ["pattern_id", "received_at", "id"],
        unique=False,
        sqlite_where=sa.text("pattern_id IS NOT NULL"),
        postgresql_where=sa.text("pattern_id IS NOT NULL"),
    )
    op.create_index("ix_tickets_received", "tickets", ["received_at", "id"], unique=False)
    op.create_index("ix_tickets_state", "tickets", ["state", "received_at", "id"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("feedback_id", NAME, nullable=False),
        sa.Column("ticket_id", NAME, nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("effective_type", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.UniqueConstraint("ticket_id", "author", name=op.f("uq_feedback_ticket_id_author")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_feedback_ticket_id")),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_given", "feedback", ["given_at", "feedback_id"], unique=False)
    op.create_table(
        "grants",
        sa.Column("grant_id", NAME, nullable=False),
        sa.Column("ticket_id", NAME, nullable=False),
        sa.Column("plan_hash", NAME, nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_grants_ticket_id")),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_grants")),
    )
    op.create_index(
        "ix_grants_outbox",
        "grants",
        ["granted_at", "grant_id"],
        unique=False,
        sqlite_where=sa.text("delivered IS 0"),
        postgresql_where=sa.text("delivered IS false"),
    )
    op.create_index("ix_grants_ticket", "grants", ["ticket_id", "granted_at"], unique=False)
    op.create_index(
        "uq_grants_pending",
        "grants",
        ["ticket_id", "plan_hash"],
        unique=True,
        sqlite_where=sa.text("settled IS 0"),
        postgresql_where=sa.text("settled IS false"),
    )
    op.create_table(
        "outcomes",
        sa.Column("ticket_id", NAME, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("operation", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_outcomes_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "position", name=op.f("pk_outcomes")),
    )
