"""Count items in return requests piece by piece, so that some can go now and others later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ACTIVE = sa.text("active")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "return_request_pieces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_item_id", sa.Integer(), nullable=False),
        sa.Column("order_item_id", sa.Integer(), nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "piece BETWEEN 1 AND ordered", name=op.f("ck_return_request_pieces_piece_of_ordered")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_request_pieces")),
        sa.UniqueConstraint(
            "request_item_id", "piece", name=op.f("uq_return_request_pieces_request_item_id_piece")
        ),
    )
    # An item stood in one request at most, so its pieces are the first ones.
    op.execute(
        "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers"
        " WHERE number < (SELECT max(quantity) FROM return_request_items))"
        " INSERT INTO return_request_pieces"
        " (request_item_id, order_item_id, piece, ordered, active)"
        " SELECT asked.id, asked.order_item_id, numbers.number, item.quantity, asked.active"
        " FROM return_request_items AS asked"
        " JOIN order_items AS item ON item.id = asked.order_item_id"
        " JOIN numbers ON numbers.number <= asked.quantity"
        " ORDER BY asked.id, numbers.number"
    )
    # The keys that refer to it come after this: SQLite makes the table anew to drop a column.
    with op.batch_alter_table("return_request_items", schema=None) as batch_op:
        batch_op.drop_index("uq_return_request_items_standing")
        batch_op.drop_column("active")
    op.create_index(
        "uq_return_request_items_id_order_item_id",
        "return_request_items",
        ["id", "order_item_id"],
        unique=True,
    )
    op.create_index("uq_order_items_id_quantity", "order_items", ["id", "quantity"], unique=True)
    with op.batch_alter_table("return_request_pieces", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_return_request_pieces_request_item_id_order_item_id"),
            "return_request_items",
            ["request_item_id", "order_item_id"],
            ["id", "order_item_id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_return_request_pieces_order_item_id_ordered"),
            "order_items",
            ["order_item_id", "ordered"],
            ["id", "quantity"],
        )
        batch_op.create_index(
            "uq_return_request_pieces_standing",
            ["order_item_id", "piece"],
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        )


def downgrade() -> None:
    """Take back, unless pieces of one item stand in several requests: that can't be told before."""
    shared = op.get_bind().execute(
        sa.text(
            "SELECT count(*) FROM (SELECT order_item_id FROM return_request_pieces WHERE active"
            " GROUP BY order_item_id HAVING count(DISTINCT request_item_id) > 1) AS shared"
        )
    )
    count = shared.scalar_one()
    if count:
        raise RuntimeError(
            f"can't take 0006 back: pieces of {count} order items stand in several requests"
        )
    op.add_column(
        "return_request_items",
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE return_request_items SET active = EXISTS (SELECT 1 FROM return_request_pieces"
        " WHERE request_item_id = return_request_items.id AND active)"
    )
    op.drop_table("return_request_pieces")
    op.drop_index("uq_order_items_id_quantity", "order_items")
    op.drop_index("uq_return_request_items_id_order_item_id", "return_request_items")
    with op.batch_alter_table("return_request_items", schema=None) as batch_op:
        batch_op.alter_column("active", server_default=None)
        batch_op.create_index(
            "uq_return_request_items_standing",
            ["order_item_id"],
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        )
