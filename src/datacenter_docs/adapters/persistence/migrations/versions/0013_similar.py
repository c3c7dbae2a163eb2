"""Similar tickets by their words, and what was learned of categories. A worker fills both from the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "similar_postings",
        sa.Column("key", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_similar_postings")),
    )
    op.create_table(
        "similar_tickets",
        sa.Column("number", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("ticket_id", NAME, nullable=False),
        sa.Column("received_second", sa.BigInteger(), nullable=False),
        sa.Column("category_hash", sa.BigInteger(), nullable=False),
        sa.Column("body_length", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_similar_tickets")),
    )
    op.create_table(
        "similar_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", SEQUENCE, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_similar_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similar_state")),
    )
    op.create_table(
        "similar_vectors",
        sa.Column("ticket_id", NAME, nullable=False),
        sa.Column("model", NAME, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_similar_vectors")),
    )
    op.create_table(
        "category_guesses",
        sa.Column("ticket_id", NAME, nullable=False),
        sa.Column("category", NAME, nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_category_guesses")),
    )
    op.create_table(
        "category_model",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", SEQUENCE, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_category_model_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_model")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Lists of postings do not shrink by compression, and are read as they are.
        op.execute("ALTER TABLE similar_postings ALTER COLUMN payload SET STORAGE EXTERNAL")


def downgrade() -> None:
    for table in (
        "category_model",
        "category_guesses",
        "similar_vectors",
        "similar_state",
        "similar_tickets",
        "similar_postings",
    ):
        op.drop_table(table)
