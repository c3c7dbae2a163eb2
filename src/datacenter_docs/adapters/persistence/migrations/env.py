"""Alembic's door: runs the migrations on the connection that `database.migrate` opened, inside its transaction."""

from alembic import context

from datacenter_docs.adapters.persistence.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()
