"""Ship items of an order apart; note who wasn't told of the right to withdraw, and complaints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATUSES = "'not_shipped', 'in_transit', 'lost', 'delivered'"
FAULTS = "'arrived_damaged', 'not_as_described', 'shortage', 'stopped_working'"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "item_shipments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_item_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("guaranteed_by", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("tracking_number", sa.String(length=100), nullable=True),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_item_shipments_status")),
        sa.CheckConstraint(
            "delivered_on IS NULL OR status = 'delivered'",
            name=op.f("ck_item_shipments_delivered"),
        ),
        sa.CheckConstraint(
            "shipped_on IS NULL OR delivered_on IS NULL OR delivered_on >= shipped_on",
            name=op.f("ck_item_shipments_delivered_after_shipped"),
        ),
        sa.CheckConstraint(
            "status <> 'not_shipped' OR (shipped_on IS NULL AND tracking_number IS NULL)",
            name=op.f("ck_item_shipments_shipped"),
        ),
        sa.ForeignKeyConstraint(
            ["order_item_id"], ["order_items.id"], name=op.f("fk_item_shipments_order_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_shipments")),
        sa.UniqueConstraint("order_item_id", name=op.f("uq_item_shipments_order_item_id")),
    )
    op.add_column("orders", sa.Column("withdrawal_informed", sa.Boolean(), nullable=True))
    op.add_column("orders", sa.Column("withdrawal_informed_on", sa.Date(), nullable=True))
    with op.batch_alter_table("seller_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fault", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("items", sa.JSON(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_seller_messages_fault"), f"fault IS NULL OR fault IN ({FAULTS})"
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("seller_messages", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_seller_messages_fault"), type_="check")
        batch_op.drop_column("items")
        batch_op.drop_column("fault")
    # Not by making the table anew, since others point to it.
    op.drop_column("orders", "withdrawal_informed_on")
    op.drop_column("orders", "withdrawal_informed")
    op.drop_table("item_shipments")
