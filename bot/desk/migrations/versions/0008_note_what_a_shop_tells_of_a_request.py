"""Note what a shop tells of a request between its states: answered, sent, checked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STEPS = "'seller_answered', 'parcel_sent', 'quality_control'"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "return_request_steps",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"step IN ({STEPS})", name=op.f("ck_return_request_steps_step")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["return_requests.id"],
            name=op.f("fk_return_request_steps_request_id"),
        ),
        sa.PrimaryKeyConstraint("request_id", "step", name=op.f("pk_return_request_steps")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("return_request_steps")
