"""Outcomes are found by what was acted upon.

The rows of outcomes only repeat what stands in the tickets, so they are written anew.
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BUNCH = 1_000


def upgrade() -> None:
    op.drop_table("outcomes")
    outcomes = op.create_table(
        "outcomes",
        sa.Column("ticket_id", NAME, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("operation", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("target", NAME, nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_outcomes_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "position", name=op.f("pk_outcomes")),
    )
    op.create_index("ix_outcomes_target", "outcomes", ["target", "finished_at"])
    _fill(outcomes)


def _fill(outcomes: sa.Table) -> None:
    connection = op.get_bind()
    tickets = sa.table("tickets", sa.column("id"), sa.column("outcomes"))
    after = ""
    while True:
        some = (
            sa.select(tickets.c.id, tickets.c.outcomes)
            .where(tickets.c.id > after, tickets.c.outcomes.is_not(None))
            .order_by(tickets.c.id)
            .limit(_BUNCH)
        )
        rows = connection.execute(some).all()
        if not rows:
            return
        after = rows[-1].id
        filled = [
            {
                "ticket_id": row.id,
                "position": position,
                "operation": outcome["operation"],
                "kind": outcome["kind"],
                "target": outcome["target"],
                "finished_at": _microseconds(outcome["finished_at"]),
            }
            for row in rows
            for position, outcome in enumerate(json.loads(row.outcomes))
        ]
        if filled:
            connection.execute(sa.insert(outcomes), filled)


def _microseconds(text: str) -> int:
    since = datetime.fromisoformat(text.replace("Z", "+00:00")) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def downgrade() -> None:
    op.drop_index("ix_outcomes_target", "outcomes")
    op.drop_column("outcomes", "finished_at")
    op.drop_column("outcomes", "target")
