"""The schema, once for both databases. A change here needs a migration; a test compares the two.

Papers of a case are JSON text; what is filtered, ordered or counted stands in a column of its own beside it.
The triggers that keep the journal append-only are in the migrations.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    true,
)

from datacenter_docs.adapters.persistence.columns import Name, Sequence, UtcTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Name, primary_key=True),
    Column("state", Name, nullable=False),
    Column("category", Name, nullable=False),
    Column("pattern_id", Name),
    Column("received_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("approval_expires_at", UtcTime),
    Column("delivered", Boolean, nullable=False),
    Column("executed", Boolean, nullable=False),
    Column("enable_auto_remediation", Boolean, nullable=False),
    Column("ai_confidence", Float),
    Column("overall_score", Float),
    Column("confidence_level", Text),
    Column("requires_approval", Boolean),
    Column("verification_passed", Boolean),
    Column("verified_at", UtcTime),
    Column("requester", Text, nullable=False),
    Column("priority", Text),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("resolution", Text),
    Column("diagnosis", Text),
    Column("score", Text),
    Column("decision", Text),
    Column("outcomes", Text),
    Column("verification", Text),
)
Index("ix_tickets_received", tickets.c.received_at, tickets.c.id)
Index("ix_tickets_state", tickets.c.state, tickets.c.received_at, tickets.c.id)
Index("ix_tickets_category", tickets.c.category, tickets.c.received_at, tickets.c.id)
# Partial, so that a ticket that just arrives pays for neither.
Index(
    "ix_tickets_pattern",
    tickets.c.pattern_id,
    tickets.c.received_at,
    tickets.c.id,
    sqlite_where=tickets.c.pattern_id.is_not(None),
    postgresql_where=tickets.c.pattern_id.is_not(None),
)
Index(
    "ix_tickets_closed",
    tickets.c.category,
    tickets.c.closed_at,
    sqlite_where=tickets.c.closed_at.is_not(None),
    postgresql_where=tickets.c.closed_at.is_not(None),
)

undelivered_tickets = tickets.c.delivered.is_(false())
"""Written the same way in the index and in the query, or the index is not used."""
Index(
    "ix_tickets_outbox",
    tickets.c.received_at,
    tickets.c.id,
    sqlite_where=undelivered_tickets,
    postgresql_where=undelivered_tickets,
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("ticket_id", Name, ForeignKey("tickets.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("operation", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("target", Name, nullable=False),
    Column("finished_at", UtcTime, nullable=False),
)
Index("ix_outcomes_target", outcomes.c.target, outcomes.c.finished_at)

journal = Table(
    "journal",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=False),
    Column("kind", Name, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("ticket_id", Name),
    Column("body", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
Index("ix_journal_ticket", journal.c.ticket_id, journal.c.seq)
Index("ix_journal_kind", journal.c.kind, journal.c.seq)

policies = Table(
    "policies",
    metadata,
    Column("name", Name, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("category", Name, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("content", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
)
in_force = and_(
    policies.c.current.is_(true()), policies.c.enabled.is_(true()), policies.c.deleted.is_(false())
)
"""The policies that decide; at most one per category."""
Index(
    "uq_policies_in_force",
    policies.c.category,
    unique=True,
    sqlite_where=in_force,
    postgresql_where=in_force,
)

patterns = Table(
    "patterns",
    metadata,
    Column("pattern_id", Name, primary_key=True),
    Column("signature", Name, nullable=False),
    Column("category", Name, nullable=False),
    Column("key_terms", Text, nullable=False),
    Column("occurrences", Integer, nullable=False),
    Column("resolved", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("positive", Integer, nullable=False),
    Column("neutral", Integer, nullable=False),
    Column("negative", Integer, nullable=False),
    Column("rating_sum", Float, nullable=False),
    Column("rating_count", Integer, nullable=False),
    Column("confidence_sum", Float, nullable=False),
    Column("confidence_count", Integer, nullable=False),
    Column("reliability_sum", Float, nullable=False),
    Column("reliability_count", Integer, nullable=False),
    Column("executions", Integer, nullable=False),
    Column("executions_succeeded", Integer, nullable=False),
    Column("last_verification_failed", Boolean, nullable=False),
    Column("automation_forbidden", Boolean, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("name", Text),
    Column("merged_into", Name),
    Column("set_aside", Integer, nullable=False, server_default="0"),
    Column("stage_told", Text, nullable=False, server_default="learning"),
    UniqueConstraint("signature"),
)
Index("ix_patterns_occurrences", patterns.c.occurrences.desc(), patterns.c.pattern_id)
Index(
    "ix_patterns_category",
    patterns.c.category,
    patterns.c.occurrences.desc(),
    patterns.c.pattern_id,
)

prototypes = Table(
    "prototypes",
    metadata,
    Column("number", Sequence, primary_key=True, autoincrement=False),
    Column("pattern_id", Name, ForeignKey("patterns.pattern_id"), nullable=False),
    Column("category", Name, nullable=False),
    Column("lines", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("removes", Sequence),
)
Index("ix_prototypes_pattern", prototypes.c.pattern_id, prototypes.c.number)

feedback = Table(
    "feedback",
    metadata,
    Column("feedback_id", Name, primary_key=True),
    Column("ticket_id", Name, ForeignKey("tickets.id"), nullable=False),
    Column("author", Name, nullable=False),
    Column("given_at", UtcTime, nullable=False),
    Column("effective_type", Text, nullable=False),
    Column("rating", Integer),
    Column("content", Text, nullable=False),
    Column("set_aside", Text),
    UniqueConstraint("ticket_id", "author"),
)
Index("ix_feedback_author", feedback.c.author, feedback.c.given_at)
Index("ix_feedback_given", feedback.c.given_at, feedback.c.feedback_id)

grants = Table(
    "grants",
    metadata,
    Column("grant_id", Name, primary_key=True),
    Column("ticket_id", Name, ForeignKey("tickets.id"), nullable=False),
    Column("plan_hash", Name, nullable=False),
    Column("granted_at", UtcTime, nullable=False),
    Column("delivered", Boolean, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("content", Text, nullable=False),
)
Index("ix_grants_ticket", grants.c.ticket_id, grants.c.granted_at)
undelivered_grants = grants.c.delivered.is_(false())
Index(
    "ix_grants_outbox",
    grants.c.granted_at,
    grants.c.grant_id,
    sqlite_where=undelivered_grants,
    postgresql_where=undelivered_grants,
)
unsettled_grants = grants.c.settled.is_(false())
Index(
    "uq_grants_pending",
    grants.c.ticket_id,
    grants.c.plan_hash,
    unique=True,
    sqlite_where=unsettled_grants,
    postgresql_where=unsettled_grants,
)

resource_locks = Table(
    "resource_locks",
    metadata,
    Column("resource", Name, primary_key=True),
    Column("holder", Name, nullable=False),
    Column("acquired_at", UtcTime, nullable=False),
)
Index("ix_resource_locks_holder", resource_locks.c.holder)

workers = Table(
    "workers",
    metadata,
    Column("name", Name, primary_key=True),
    Column("generation", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("heir", Name),
    Column("swept_at", BigInteger),
)
"""Leases, in microseconds of the database's own time. `since`: seen without a break from then on; `heir`: who is just
taking over what this one left; `swept_at`: when that was begun last."""

claims = Table(
    "claims",
    metadata,
    Column("ticket_id", Name, primary_key=True),
    Column("token", BigInteger, nullable=False),
)

rate_reservations = Table(
    "rate_reservations",
    metadata,
    Column("scope", Name, primary_key=True),
    Column("action_id", Name, primary_key=True),
    Column("reserved_at", UtcTime, nullable=False),
)
Index("ix_rate_reservations_window", rate_reservations.c.scope, rate_reservations.c.reserved_at)

kill_switch = Table(
    "kill_switch",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("is_on", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("set_at", UtcTime),
    CheckConstraint("id = 1", name="one_row"),
)

requests = Table(
    "requests",
    metadata,
    Column("key", Name, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("claimed_at", UtcTime, nullable=False),
    Column("status", Integer),
    Column("body", Text, nullable=False),
)
Index("ix_requests_claimed", requests.c.claimed_at)
