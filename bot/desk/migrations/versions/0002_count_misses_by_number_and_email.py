"""Count misses by order number and by e-mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "verification_misses",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("misses >= 0", name=op.f("ck_verification_misses_misses_not_negative")),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_verification_misses")),
    )
    op.create_index(op.f("ix_verification_misses_since"), "verification_misses", ["since"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_verification_misses_since"), "verification_misses")
    op.drop_table("verification_misses")
