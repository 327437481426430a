"""Record withdrawals, keep documents, and let messages carry them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = (
    "'request_filed', 'order_cancelled', 'hand_off', 'seller_message', 'seller_message_kept',"
    " 'request_advanced'"
)
NEW_KINDS = f"{KINDS}, 'withdrawal', 'withdrawal_notice'"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_documents_digest")),
        sa.CheckConstraint("length(content) > 0", name=op.f("ck_documents_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_about"), "documents", ["about"])
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("route", sa.String(length=30), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('in_time', 'late', 'excluded')", name=op.f("ck_withdrawals_verdict")
        ),
        sa.CheckConstraint(
            "route IS NULL OR route IN ('eu_withdrawal', 'br_regret')",
            name=op.f("ck_withdrawals_route"),
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyers.id"], name=op.f("fk_withdrawals_buyer_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_withdrawals_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_withdrawals_document_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_withdrawals_order_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["return_requests.id"], name=op.f("fk_withdrawals_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
        sa.UniqueConstraint("document_id", name=op.f("uq_withdrawals_document_id")),
        sa.UniqueConstraint("key", name=op.f("uq_withdrawals_key")),
        sa.UniqueConstraint("number", name=op.f("uq_withdrawals_number")),
        sa.UniqueConstraint("request_id", name=op.f("uq_withdrawals_request_id")),
    )
    for column in ("order_id", "buyer_id", "conversation_id"):
        op.create_index(op.f(f"ix_withdrawals_{column}"), "withdrawals", [column])
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("document_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_messages_document_id"), "documents", ["document_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_outbox_messages_document_id"), ["document_id"])
    _allow_kinds(NEW_KINDS)


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM outbox_messages WHERE kind IN ('withdrawal', 'withdrawal_notice')")
    _allow_kinds(KINDS)
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_messages_document_id"))
        batch_op.drop_constraint(batch_op.f("fk_outbox_messages_document_id"), type_="foreignkey")
        batch_op.drop_column("document_id")
    op.drop_table("withdrawals")
    op.drop_table("documents")


def _allow_kinds(kinds: str) -> None:
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_outbox_messages_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_outbox_messages_kind"), f"kind IN ({kinds})"
        )
