"""How patterns were told of; names that people give them, and where merged ones went.

A pattern of before keeps its key terms as its one prototype.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("patterns", sa.Column("name", sa.Text()))
    op.add_column("patterns", sa.Column("merged_into", NAME))
    op.drop_column("patterns", "terms")
    prototypes = op.create_table(
        "prototypes",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("pattern_id", NAME, nullable=False),
        sa.Column("category", NAME, nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("removes", NUMBER),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["patterns.pattern_id"], name=op.f("fk_prototypes_pattern_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_prototypes")),
    )
    op.create_index("ix_prototypes_pattern", "prototypes", ["pattern_id", "number"])
    rows = op.get_bind().execute(
        sa.text("SELECT pattern_id, category, key_terms FROM patterns ORDER BY pattern_id")
    )
    known = [
        {
            "number": number,
            "pattern_id": pattern_id,
            "category": category,
            "lines": json.dumps([" ".join(json.loads(terms))]),
            "names": "[]",
            "removes": None,
        }
        for number, (pattern_id, category, terms) in enumerate(rows, 1)
    ]
    if known:
        op.bulk_insert(prototypes, known)


def downgrade() -> None:
    op.drop_table("prototypes")
    op.drop_column("patterns", "merged_into")
    op.drop_column("patterns", "name")
    op.add_column("patterns", sa.Column("terms", sa.Text(), nullable=False, server_default="{}"))
