"""What may be found. The index is filled by the next survey, and from the journal by the next worker."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "findables",
        sa.Column("key", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("folded_id", NAME, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded_title", NAME, nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("state", NAME),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_findables")),
        sa.UniqueConstraint("kind", "id", name=op.f("uq_findables_kind_id")),
    )
    op.create_index("ix_findables_folded_id", "findables", ["folded_id"])
    op.create_index("ix_findables_folded_title", "findables", ["folded_title"])
    op.create_table(
        "findables_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("survey", sa.Integer(), nullable=False),
        sa.Column("record", SEQUENCE, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_findables_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findables_state")),
    )
    op.create_table(
        "name_words",
        sa.Column("word", NAME, nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_name_words")),
    )
    op.create_table(
        "name_grams",
        sa.Column("gram", NAME, nullable=False),
        sa.Column("word", NAME, nullable=False),
        sa.PrimaryKeyConstraint("gram", "word", name=op.f("pk_name_grams")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search USING fts5(title, alias, text, tags, content='findables',"
            " content_rowid='key', tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
        )
    else:
        # Vectors stand apart from their rows, so that many rows are looked at quickly; and what was written
        # is in the index at once, since a search would have to look through all that is not.
        op.execute(
            "CREATE TABLE search (key BIGINT PRIMARY KEY, vector TSVECTOR NOT NULL)"
            " WITH (toast_tuple_target = 128)"
        )
        op.execute(
            "CREATE INDEX ix_search_vector ON search USING gin (vector) WITH (fastupdate = off)"
        )


def downgrade() -> None:
    for table in ("search", "name_grams", "name_words", "findables_state", "findables"):
        op.drop_table(table)
