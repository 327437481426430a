"""Create the returns desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "buyers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_buyers_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyers")),
        sa.UniqueConstraint("email", name=op.f("uq_buyers_email")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("misses >= 0", name=op.f("ck_conversations_misses_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('request_filed', 'order_cancelled', 'hand_off')",
            name=op.f("ck_outbox_messages_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_messages_message_id")),
    )
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_messages_about"), ["about"], unique=False)
        batch_op.create_index(
            "ix_outbox_messages_pending",
            ["id"],
            unique=False,
            sqlite_where=sa.text("delivered_at IS NULL"),
            postgresql_where=sa.text("delivered_at IS NULL"),
        )

    op.create_table(
        "sellers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sellers")),
        sa.UniqueConstraint("name", name=op.f("uq_sellers_name")),
    )
    op.create_table(
        "hand_offs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("need", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("transcript", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_hand_offs_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_offs")),
        sa.UniqueConstraint(
            "conversation_id", "key", name=op.f("uq_hand_offs_conversation_id_key")
        ),
        sa.UniqueConstraint("ticket", name=op.f("uq_hand_offs_ticket")),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("protection_ends_on", sa.Date(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(length=100), nullable=True),
        sa.Column("postal_code", sa.String(length=20), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_orders_country_code")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_orders_currency_code")),
        sa.CheckConstraint(
            "protection_ends_on IS NULL OR protection_ends_on >= placed_on",
            name=op.f("ck_orders_protection_after_placed"),
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_orders_buyer_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["sellers.id"], name=op.f("fk_orders_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_buyer_id"), ["buyer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_orders_seller_id"), ["seller_id"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(length=50), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(length=20), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_audit_entries_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_about"), ["about"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_order_id"), ["order_id"], unique=False)

    op.create_table(
        "conversation_grants",
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_grants_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_conversation_grants_order_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "order_id", name=op.f("pk_conversation_grants")),
    )
    with op.batch_alter_table("conversation_grants", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conversation_grants_order_id"), ["order_id"], unique=False
        )

    op.create_table(
        "order_cancellations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "amount_cents >= 0", name=op.f("ck_order_cancellations_amount_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_order_cancellations_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_cancellations_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_cancellations")),
        sa.UniqueConstraint("number", name=op.f("uq_order_cancellations_number")),
        sa.UniqueConstraint("order_id", name=op.f("uq_order_cancellations_order_id")),
    )
    op.create_table(
        "order_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("category", sa.String(length=50), nullable=True),
        sa.Column("traits", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("durable", sa.Boolean(), nullable=True),
        sa.Column("free_return_label", sa.Boolean(), nullable=False),
        sa.Column("length_cm", sa.Float(), nullable=True),
        sa.Column("width_cm", sa.Float(), nullable=True),
        sa.Column("height_cm", sa.Float(), nullable=True),
        sa.Column("weight_kg", sa.Float(), nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(length_cm IS NULL OR length_cm > 0) AND (width_cm IS NULL OR width_cm > 0)"
            " AND (height_cm IS NULL OR height_cm > 0) AND (weight_kg IS NULL OR weight_kg > 0)",
            name=op.f("ck_order_items_measures_positive"),
        ),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_order_items_price_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_items_quantity_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_items_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_items")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_items_order_id_position")),
        sa.UniqueConstraint(
            "order_id", "reference", name=op.f("uq_order_items_order_id_reference")
        ),
    )
    op.create_table(
        "return_labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_return_labels_month")),
        sa.CheckConstraint("slot > 0", name=op.f("ck_return_labels_slot_positive")),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["buyers.id"], name=op.f("fk_return_labels_buyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_return_labels_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_labels")),
        sa.UniqueConstraint(
            "buyer_id", "month", "slot", name=op.f("uq_return_labels_buyer_id_month_slot")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_return_labels_number")),
    )
    with op.batch_alter_table("return_labels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_labels_order_id"), ["order_id"], unique=False)

    op.create_table(
        "shipments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("guaranteed_by", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("tracking_number", sa.String(length=100), nullable=True),
        sa.CheckConstraint(
            "delivered_on IS NULL OR status = 'delivered'", name=op.f("ck_shipments_delivered")
        ),
        sa.CheckConstraint(
            "status <> 'not_shipped' OR (shipped_on IS NULL AND tracking_number IS NULL)",
            name=op.f("ck_shipments_shipped"),
        ),
        sa.CheckConstraint(
            "status IN ('not_shipped', 'in_transit', 'lost', 'delivered')",
            name=op.f("ck_shipments_status"),
        ),
        sa.CheckConstraint(
            "shipped_on IS NULL OR delivered_on IS NULL OR delivered_on >= shipped_on",
            name=op.f("ck_shipments_delivered_after_shipped"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_shipments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("order_id", name=op.f("uq_shipments_order_id")),
    )
    op.create_table(
        "return_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("route", sa.String(length=30), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("refund_method", sa.String(length=30), nullable=False),
        sa.Column("return_paid_by", sa.String(length=30), nullable=False),
        sa.Column("remedy", sa.String(length=50), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("label_id", sa.Integer(), nullable=True),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "refund_method IN ('original_payment', 'bonus')",
            name=op.f("ck_return_requests_refund_method"),
        ),
        sa.CheckConstraint(
            "return_paid_by IN ('nothing_to_return', 'platform', 'seller', 'not_stated', 'buyer')",
            name=op.f("ck_return_requests_return_paid_by"),
        ),
        sa.CheckConstraint(
            "route IN ('buyer_protection', 'free_return', 'eu_withdrawal', 'eu_conformity',"
            " 'br_regret', 'br_warranty', 'cancellation', 'seller_return')",
            name=op.f("ck_return_requests_route"),
        ),
        sa.CheckConstraint(
            "status IN ('submitted', 'received', 'refunded', 'refused', 'withdrawn')",
            name=op.f("ck_return_requests_status"),
        ),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["buyers.id"], name=op.f("fk_return_requests_buyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_return_requests_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["label_id"], ["return_labels.id"], name=op.f("fk_return_requests_label_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_return_requests_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_requests")),
        sa.UniqueConstraint(
            "conversation_id", "key", name=op.f("uq_return_requests_conversation_id_key")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_return_requests_number")),
    )
    with op.batch_alter_table("return_requests", schema=None) as batch_op:
        batch_op.create_index(
            "ix_return_requests_buyer_id_created_at", ["buyer_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_return_requests_label_id"), ["label_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_return_requests_order_id"), ["order_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["return_requests.id"], name=op.f("fk_evidence_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_request_id"), ["request_id"], unique=False)

    op.create_table(
        "refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("method", sa.String(length=30), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "method IN ('original_payment', 'bonus')", name=op.f("ck_refunds_method")
        ),
        sa.CheckConstraint(
            "status IN ('expected', 'paid', 'cancelled')", name=op.f("ck_refunds_status")
        ),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_refunds_amount_not_negative")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_refunds_currency_code")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["return_requests.id"], name=op.f("fk_refunds_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("request_id", name=op.f("uq_refunds_request_id")),
    )
    op.create_table(
        "return_request_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("order_item_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('not_arrived', 'arrived_damaged', 'not_as_described', 'shortage',"
            " 'stopped_working', 'change_of_mind')",
            name=op.f("ck_return_request_items_reason"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_request_items_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["order_item_id"],
            ["order_items.id"],
            name=op.f("fk_return_request_items_order_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["return_requests.id"], name=op.f("fk_return_request_items_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_request_items")),
        sa.UniqueConstraint(
            "request_id",
            "order_item_id",
            name=op.f("uq_return_request_items_request_id_order_item_id"),
        ),
    )
    with op.batch_alter_table("return_request_items", schema=None) as batch_op:
        batch_op.create_index(
            "uq_return_request_items_standing",
            ["order_item_id"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("return_request_items", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_return_request_items_standing",
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.drop_table("return_request_items")
    op.drop_table("refunds")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_request_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("return_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_requests_order_id"))
        batch_op.drop_index(batch_op.f("ix_return_requests_label_id"))
        batch_op.drop_index("ix_return_requests_buyer_id_created_at")

    op.drop_table("return_requests")
    op.drop_table("shipments")
    with op.batch_alter_table("return_labels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_labels_order_id"))

    op.drop_table("return_labels")
    op.drop_table("order_items")
    op.drop_table("order_cancellations")
    with op.batch_alter_table("conversation_grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversation_grants_order_id"))

    op.drop_table("conversation_grants")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_order_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_about"))

    op.drop_table("audit_entries")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_seller_id"))
        batch_op.drop_index(batch_op.f("ix_orders_buyer_id"))

    op.drop_table("orders")
    op.drop_table("hand_offs")
    op.drop_table("sellers")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_messages_pending",
            sqlite_where=sa.text("delivered_at IS NULL"),
            postgresql_where=sa.text("delivered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_outbox_messages_about"))

    op.drop_table("outbox_messages")
    op.drop_table("conversations")
    op.drop_table("buyers")
