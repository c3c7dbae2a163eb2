"""Praise that counts for nothing, how much of it a pattern has, and where it stood when that was last told."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feedback", sa.Column("set_aside", sa.Text()))
    op.create_index("ix_feedback_author", "feedback", ["author", "given_at"])
    op.add_column(
        "patterns", sa.Column("set_aside", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "patterns", sa.Column("stage_told", sa.Text(), nullable=False, server_default="learning")
    )


def downgrade() -> None:
    op.drop_index("ix_feedback_author", "feedback")
    op.drop_column("feedback", "set_aside")
    op.drop_column("patterns", "set_aside")
    op.drop_column("patterns", "stage_told")
