"""Calls of a language model."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "model_calls",
        sa.Column("call_id", NAME, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("purpose", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("model", NAME, nullable=False),
        sa.Column("outcome", NAME, nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("messages", sa.Text(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("usd", sa.Float()),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_model_calls")),
    )
    op.create_index("ix_model_calls_at", "model_calls", ["at"])
    op.create_index("ix_model_calls_subject", "model_calls", ["subject", "at"])


def downgrade() -> None:
    op.drop_table("model_calls")
