"""Written documents, and up to which survey they are written."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", NAME, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("platforms", sa.Text(), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("survey", sa.Integer(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_table(
        "documents_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("survey", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_documents_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents_state")),
    )


def downgrade() -> None:
    op.drop_table("documents_state")
    op.drop_table("documents")
