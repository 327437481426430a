"""Deliver the outbox by mail and webhook, with retries and claims."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OLD_WAITS = sa.text("delivered_at IS NULL")
_WAITS = sa.text("delivered_at IS NULL AND failed_at IS NULL")


def upgrade() -> None:
    """Apply."""
    moment = sa.DateTime(timezone=True)
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_messages_pending")
        batch_op.add_column(
            sa.Column("channel", sa.String(length=10), nullable=False, server_default="mail")
        )
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("waiting_since", moment, nullable=True))
        batch_op.add_column(sa.Column("next_attempt_at", moment, nullable=True))
        batch_op.add_column(sa.Column("last_error", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("failed_at", moment, nullable=True))
        batch_op.add_column(sa.Column("claimed_by", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("claimed_until", moment, nullable=True))
    op.execute(
        "UPDATE outbox_messages SET waiting_since = created_at, next_attempt_at = created_at"
    )
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.alter_column("channel", server_default=None)
        batch_op.alter_column("attempts", server_default=None)
        batch_op.alter_column("waiting_since", nullable=False)
        batch_op.alter_column("next_attempt_at", nullable=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_outbox_messages_channel"), "channel IN ('mail', 'webhook')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_outbox_messages_attempts_not_negative"), "attempts >= 0"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_outbox_messages_claim"),
            "(claimed_by IS NULL) = (claimed_until IS NULL)",
        )
        batch_op.create_index(
            "ix_outbox_messages_waiting",
            ["channel", "next_attempt_at"],
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        )


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM outbox_messages WHERE channel = 'webhook'")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_messages_waiting")
        for name in ("channel", "attempts_not_negative", "claim"):
            batch_op.drop_constraint(batch_op.f(f"ck_outbox_messages_{name}"), type_="check")
        for column in (
            "channel",
            "attempts",
            "waiting_since",
            "next_attempt_at",
            "last_error",
            "failed_at",
            "claimed_by",
            "claimed_until",
        ):
            batch_op.drop_column(column)
        batch_op.create_index(
            "ix_outbox_messages_pending",
            ["id"],
            sqlite_where=_OLD_WAITS,
            postgresql_where=_OLD_WAITS,
        )
