"""The tables of similar tickets and of categories. A change here needs a migration; a test compares the two.

`similar_postings` has a row for each term in each 65,536 tickets: three bytes a ticket, which are its number and how much
the term weighs in title and body. That is smaller and read faster than a row for each.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    Integer,
    LargeBinary,
    Table,
)

from datacenter_docs.adapters.persistence.columns import Name, Sequence
from datacenter_docs.adapters.persistence.tables import metadata

similar_postings = Table(
    "similar_postings",
    metadata,
    Column("key", Sequence, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
)
"""`key`: the part of the tickets, times 2 to the 32, and the hash of the term."""

similar_tickets = Table(
    "similar_tickets",
    metadata,
    Column("number", Sequence, primary_key=True, autoincrement=False),
    Column("ticket_id", Name, nullable=False),
    Column("received_second", BigInteger, nullable=False),
    Column("category_hash", BigInteger, nullable=False),
    Column("body_length", Integer, nullable=False),
)
"""What the order of answers needs to know of a ticket beside its terms; `number` counts from 0 in order of arrival."""

similar_state = Table(
    "similar_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("record", Sequence, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""How far the index has followed the journal."""

category_guesses = Table(
    "category_guesses",
    metadata,
    Column("ticket_id", Name, primary_key=True),
    Column("category", Name, nullable=False),
    Column("probability", Float, nullable=False),
)
"""What was guessed of each ticket before its category was learned."""

category_model = Table(
    "category_model",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("record", Sequence, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""The model as it was after that record of the journal; what came later is learned again after a restart."""

similar_vectors = Table(
    "similar_vectors",
    metadata,
    Column("ticket_id", Name, primary_key=True),
    Column("model", Name, nullable=False),
    Column("vector", LargeBinary, nullable=False),
)
"""Of tickets that came while an embeddings provider was configured: a vector of length 1 in half precision."""
