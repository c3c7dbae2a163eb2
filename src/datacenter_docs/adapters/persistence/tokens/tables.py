"""The table of API tokens: never the secret, only its hash."""

from sqlalchemy import Column, Index, Table, Text

from datacenter_docs.adapters.persistence.columns import Name, UtcTime
from datacenter_docs.adapters.persistence.tables import metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_id", Name, primary_key=True),
    Column("secret_hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("last_used_at", UtcTime),
    Column("replaces", Name),
    Index("ix_api_tokens_created_at", "created_at", "token_id"),
)
