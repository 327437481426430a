"""Record messages to sellers and ratings; tell who a hand-off is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = "'request_filed', 'order_cancelled', 'hand_off'"
NEW_KINDS = f"{KINDS}, 'seller_message', 'seller_message_kept', 'request_advanced'"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "seller_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["buyers.id"], name=op.f("fk_seller_messages_buyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_seller_messages_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_seller_messages_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_messages")),
        sa.UniqueConstraint(
            "conversation_id", "key", name=op.f("uq_seller_messages_conversation_id_key")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_seller_messages_number")),
    )
    op.create_index(op.f("ix_seller_messages_order_id"), "seller_messages", ["order_id"])
    op.create_index(op.f("ix_seller_messages_buyer_id"), "seller_messages", ["buyer_id"])
    op.create_table(
        "ratings",
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_ratings_stars")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_ratings_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_ratings")),
    )
    with op.batch_alter_table("hand_offs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tried", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("order_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("buyer_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_hand_offs_order_id"), "orders", ["order_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_hand_offs_buyer_id"), "buyers", ["buyer_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_hand_offs_buyer_with_order"), "(order_id IS NULL) = (buyer_id IS NULL)"
        )
        batch_op.create_index(batch_op.f("ix_hand_offs_order_id"), ["order_id"])
        batch_op.create_index("ix_hand_offs_buyer_id_created_at", ["buyer_id", "created_at"])
    with op.batch_alter_table("hand_offs", schema=None) as batch_op:
        batch_op.alter_column("tried", server_default=None)
    op.create_index(op.f("ix_audit_entries_actor"), "audit_entries", ["actor"])
    _allow_kinds(NEW_KINDS)


def downgrade() -> None:
    """Take back."""
    new_kinds = "('seller_message', 'seller_message_kept', 'request_advanced')"
    op.execute(f"DELETE FROM outbox_messages WHERE kind IN {new_kinds}")  # noqa: S608
    _allow_kinds(KINDS)
    op.drop_index(op.f("ix_audit_entries_actor"), "audit_entries")
    with op.batch_alter_table("hand_offs", schema=None) as batch_op:
        batch_op.drop_index("ix_hand_offs_buyer_id_created_at")
        batch_op.drop_index(batch_op.f("ix_hand_offs_order_id"))
        batch_op.drop_constraint(batch_op.f("ck_hand_offs_buyer_with_order"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_hand_offs_buyer_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_hand_offs_order_id"), type_="foreignkey")
        batch_op.drop_column("buyer_id")
        batch_op.drop_column("order_id")
        batch_op.drop_column("tried")
    op.drop_table("ratings")
    op.drop_index(op.f("ix_seller_messages_buyer_id"), "seller_messages")
    op.drop_index(op.f("ix_seller_messages_order_id"), "seller_messages")
    op.drop_table("seller_messages")


def _allow_kinds(kinds: str) -> None:
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_outbox_messages_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_outbox_messages_kind"), f"kind IN ({kinds})"
        )
