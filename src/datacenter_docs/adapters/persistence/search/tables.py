"""The tables of the search. A change here needs a migration; a test compares the two.

Beside them stands `search`, which each of the two databases has in its own way: `fts5.py`, `vectors.py`.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from datacenter_docs.adapters.persistence.columns import Name, Sequence
from datacenter_docs.adapters.persistence.tables import metadata

findables = Table(
    "findables",
    metadata,
    Column("key", Sequence, primary_key=True, autoincrement=False),
    Column("kind", Name, nullable=False),
    Column("id", Name, nullable=False),
    Column("folded_id", Name, nullable=False),
    Column("title", Text, nullable=False),
    Column("folded_title", Name, nullable=False),
    Column("alias", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("state", Name),
    Column("gone", Boolean, nullable=False),
    UniqueConstraint("kind", "id"),
)
Index("ix_findables_folded_id", findables.c.folded_id)
Index("ix_findables_folded_title", findables.c.folded_title)

findables_state = Table(
    "findables_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("survey", Integer, nullable=False),
    Column("record", Sequence, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""How far the index has followed surveys and journal."""

name_words = Table(
    "name_words",
    metadata,
    Column("word", Name, primary_key=True),
    Column("uses", Integer, nullable=False),
)
"""The words of names, each with how many names have it."""

name_grams = Table(
    "name_grams",
    metadata,
    Column("gram", Name, primary_key=True),
    Column("word", Name, primary_key=True),
)
"""Their runs of three letters."""
