"""Know the buyer that a shop has signed in to a conversation, and keep pictures of items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "conversation_buyers",
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=60)),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_conversation_buyers_email_lower")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_buyers_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversation_buyers")),
    )
    op.create_table(
        "buyer_tokens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_buyer_tokens_conversation_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_buyer_tokens")),
    )
    for table in ("conversation_buyers", "buyer_tokens"):
        op.create_index(op.f(f"ix_{table}_expires_at"), table, ["expires_at"])
    op.add_column("order_items", sa.Column("picture", sa.String(length=80)))


def downgrade() -> None:
    """Take back."""
    op.drop_column("order_items", "picture")
    op.drop_table("buyer_tokens")
    op.drop_table("conversation_buyers")
