"""Tell open chats what is new: a request moved on, a person answered a ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = (
    "'request_filed', 'order_cancelled', 'hand_off', 'seller_message', 'seller_message_kept',"
    " 'request_advanced', 'withdrawal', 'withdrawal_notice'"
)
NEW_KINDS = f"{KINDS}, 'hand_off_answered'"
REACHED = (
    "'submitted', 'received', 'refunded', 'refused', 'withdrawn', 'seller_answered',"
    " 'parcel_sent', 'quality_control'"
)


def upgrade() -> None:
    """Apply."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "hand_off_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hand_off_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_hand_off_answers_text_not_empty")),
        sa.ForeignKeyConstraint(
            ["hand_off_id"], ["hand_offs.id"], name=op.f("fk_hand_off_answers_hand_off_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_off_answers")),
        sa.UniqueConstraint("hand_off_id", "key", name=op.f("uq_hand_off_answers_hand_off_id_key")),
    )
    op.create_table(
        "conversation_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("reached", sa.String(length=20), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("place > 0", name=op.f("ck_conversation_notices_place_positive")),
        sa.CheckConstraint(
            "(request_id IS NULL) <> (answer_id IS NULL)",
            name=op.f("ck_conversation_notices_about_one_thing"),
        ),
        sa.CheckConstraint(
            "(request_id IS NULL) = (reached IS NULL)",
            name=op.f("ck_conversation_notices_reached_by_request"),
        ),
        sa.CheckConstraint(
            f"reached IS NULL OR reached IN ({REACHED})",
            name=op.f("ck_conversation_notices_reached"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_notices_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["return_requests.id"],
            name=op.f("fk_conversation_notices_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["hand_off_answers.id"],
            name=op.f("fk_conversation_notices_answer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_notices")),
        sa.UniqueConstraint(
            "conversation_id", "place", name=op.f("uq_conversation_notices_conversation_id_place")
        ),
        sa.UniqueConstraint(
            "conversation_id", "key", name=op.f("uq_conversation_notices_conversation_id_key")
        ),
    )
    for column in ("request_id", "answer_id", "created_at"):
        op.create_index(op.f(f"ix_conversation_notices_{column}"), "conversation_notices", [column])
    _allow_kinds(NEW_KINDS)


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM outbox_messages WHERE kind = 'hand_off_answered'")
    _allow_kinds(KINDS)
    op.drop_table("conversation_notices")
    op.drop_table("hand_off_answers")


def _allow_kinds(kinds: str) -> None:
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_outbox_messages_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_outbox_messages_kind"), f"kind IN ({kinds})"
        )
