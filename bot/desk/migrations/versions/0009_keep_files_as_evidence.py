"""Keep files that buyers bring as evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLE = "evidence_files"
_CHECKS = {
    "kind": "kind IN ('photo', 'document', 'video')",
    "not_empty": "bytes > 0",
    "digest": "length(sha256) = 64",
    "unguessable": "length(public_id) = 32 AND length(stored_as) >= 32",
    "measures": "width > 0 AND height > 0",
    "both_measures": "(width IS NULL) = (height IS NULL)",
    "pages": "pages > 0",
    "seconds": "seconds > 0",
    "owner": "conversation_id IS NOT NULL OR request_id IS NOT NULL",
    "goes": "request_id IS NOT NULL OR delete_after IS NOT NULL",
}
_UNIQUE = {
    "waiting": ("conversation_id", sa.text("request_id IS NULL")),
    "attached": ("request_id", sa.text("request_id IS NOT NULL")),
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("media_type", sa.String(length=50), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("stored_as", sa.String(length=50), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delete_after", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_{_TABLE}_{name}"))
            for name, rule in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f(f"fk_{_TABLE}_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["return_requests.id"], name=op.f(f"fk_{_TABLE}_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{_TABLE}_public_id")),
    )
    for name, (owner, where) in _UNIQUE.items():
        op.create_index(
            f"uq_{_TABLE}_{name}",
            _TABLE,
            [owner, "sha256"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    for column in ("conversation_id", "stored_as", "delete_after"):
        op.create_index(f"ix_{_TABLE}_{column}", _TABLE, [column])


def downgrade() -> None:
    """Take back."""
    op.drop_table(_TABLE)
