"""The tables of written documents. A change here needs a migration; a test compares the two."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text

from datacenter_docs.adapters.persistence.columns import Name
from datacenter_docs.adapters.persistence.tables import metadata

documents = Table(
    "documents",
    metadata,
    Column("id", Name, primary_key=True),
    Column("title", Text, nullable=False),
    Column("platforms", Text, nullable=False),
    Column("markdown", Text, nullable=False),
    Column("survey", Integer, nullable=False),
    Column("members", Text, nullable=False),
)

documents_state = Table(
    "documents_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("survey", Integer, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""Up to which survey the documents are written. Apart from them, since a survey may change none."""
