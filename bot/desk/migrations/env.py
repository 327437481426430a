"""Alembic's entry point; `bot.desk.database.migrate` hands it the connection."""

from __future__ import annotations

from alembic import context

from bot.desk.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
