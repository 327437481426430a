from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.exc import IntegrityError

from bot.desk import Desk, migrate
from bot.desk.database import MIGRATIONS, make_engine
from bot.desk.models import Base
from bot.desk.outbox import Done
from bot.settings import Settings
from tests.desk.conftest import MakeDesk
from tests.desk.shop import bring, order, rows


def test_the_migrations_make_exactly_what_the_models_say(busy_desk: Desk) -> None:
    with busy_desk.context.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_every_check_of_the_models(busy_desk: Desk) -> None:
    found = inspect(busy_desk.context.database.engine)
    for table in Base.metadata.sorted_tables:
        wanted = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {check["name"] for check in found.get_check_constraints(table.name)} == wanted


def test_migrating_again_changes_nothing_and_keeps_what_is_there(
    desk: Desk, settings: object
) -> None:
    bring(desk, order())
    migrate(settings.database_url)
    assert not desk.is_empty()


def test_migrating_makes_the_folder_of_the_database(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/new 100%/desk.db")
    assert (tmp_path / "new 100%" / "desk.db").exists()


def test_sqlite_keeps_foreign_keys_and_lets_readers_in_while_somebody_writes(desk: Desk) -> None:
    with desk.context.database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"


BROKEN = {
    "an order of nobody": "INSERT INTO orders (number, buyer_id, seller_id, placed_on, paid,"
    " currency, country, digest) VALUES ('1', 99, 99, '2026-01-01', true, 'EUR', 'DE', '')",
    "a price below nothing": "UPDATE order_items SET price_cents = -1",
    "no pieces": "UPDATE order_items SET quantity = 0",
    "no length": "UPDATE order_items SET length_cm = 0",
    "an unknown state of a parcel": "UPDATE shipments SET status = 'eaten'",
    "delivered, but not": "UPDATE shipments SET status = 'in_transit'",
    "delivered before it was shipped": "UPDATE shipments SET shipped_on = '2026-11-19'",
    "protected before it was ordered": "UPDATE orders SET protection_ends_on = '2026-11-07'",
    "an e-mail in capitals": "UPDATE buyers SET email = 'Ana@example.com'",
    "a buyer with orders gone": "DELETE FROM buyers",
    "misses below none": "INSERT INTO conversations VALUES ('c', -1, '2026-01-01 00:00:00')",
    "slot nought": "INSERT INTO return_labels (number, buyer_id, order_id, month, slot, created_at)"
    " VALUES ('L', 1, 1, '2026-11', 0, '2026-01-01 00:00:00')",
}


@pytest.mark.parametrize("statement", BROKEN.values(), ids=list(BROKEN))
def test_the_database_refuses(busy_desk: Desk, statement: str) -> None:
    bring(busy_desk, order())
    with busy_desk.context.database.writing() as session, pytest.raises(IntegrityError):
        session.execute(text(statement))


def test_an_order_number_and_an_email_exist_once(busy_desk: Desk) -> None:
    bring(busy_desk, order(), order(number="50010002"))
    for statement in (
        "UPDATE orders SET number = '1'",
        "INSERT INTO buyers (email, name, locale) SELECT email, name, locale FROM buyers",
    ):
        with busy_desk.context.database.writing() as session, pytest.raises(IntegrityError):
            session.execute(text(statement))


def test_taking_the_migrations_back_leaves_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    migrate(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = make_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_what_waited_in_an_older_outbox_is_delivered_after_migrating(
    tmp_path: Path, make_desk: MakeDesk, settings: Settings
) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = make_engine(url).execution_options(writes=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        old = text(
            "INSERT INTO outbox_messages (message_id, kind, about, recipient, subject, body,"
            " created_at, delivered_at) VALUES ('<' || :number || '@example.com>',"
            " 'request_filed', :number, 'a@example.com', 's', 'b', '2026-01-01 00:00:00', :sent)"
        )
        for number, sent in (("R-22222222", "2026-01-01 00:00:00"), ("R-33333333", None)):
            connection.execute(old, {"number": number, "sent": sent})
        connection.execute(text("INSERT INTO conversations VALUES ('c', 0, '2026-01-01 00:00:00')"))
        connection.execute(
            text(
                "INSERT INTO hand_offs (ticket, conversation_id, key, need, summary, transcript,"
                " created_at) VALUES ('H-1', 'c', 'k', 'n', 's', '[]', '2026-01-01 00:00:00')"
            )
        )
    engine.dispose()
    migrate(url)
    settings.database_url = url
    desk = make_desk()
    assert [message.about for message in desk.undelivered(9)] == ["R-33333333"]
    assert rows(desk, "hand_offs")[0]["tried"] == "[]"
    settings.outbox_dir.mkdir()
    assert desk.deliver_due() == Done(delivered=1)
    assert [path.name for path in settings.outbox_dir.iterdir()] == ["R-33333333.eml"]


OLD_SHOP = (
    "INSERT INTO buyers VALUES (1, 'a@example.com', 'A', 'en')",
    "INSERT INTO sellers VALUES (1, 'S')",
    "INSERT INTO orders (id, number, buyer_id, seller_id, placed_on, paid, currency, country,"
    " digest) VALUES (1, '50010001', 1, 1, '2026-11-01', true, 'EUR', 'DE', '')",
    "INSERT INTO order_items (id, order_id, position, reference, title, free_return_label,"
    " price_cents, quantity) VALUES (1, 1, 1, '1', 'Glass', true, 100, 4),"
    " (2, 1, 2, '2', 'Mug', true, 100, 2)",
    "INSERT INTO return_requests (id, number, order_id, buyer_id, key, route, status,"
    " refund_method, return_paid_by, remedy, needs_review, created_at)"
    " VALUES (1, 'R-2', 1, 1, 'a', 'free_return', 'refused', 'bonus', 'buyer', 'refund', false,"
    " '2026-11-02 00:00:00'), (2, 'R-3', 1, 1, 'b', 'free_return', 'submitted', 'bonus', 'buyer',"
    " 'refund', false, '2026-11-03 00:00:00')",
    "INSERT INTO return_request_items (id, request_id, order_item_id, quantity, reason, active)"
    " VALUES (1, 1, 1, 3, 'change_of_mind', false), (2, 2, 1, 2, 'change_of_mind', true),"
    " (3, 2, 2, 2, 'change_of_mind', true)",
)


def test_standing_items_become_their_pieces_and_go_back_where_that_can_be(busy_desk: Desk) -> None:
    engine = busy_desk.context.database.engine.execution_options(writes=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    def go(step: Callable[[Config, str], None], revision: str, *statements: str) -> None:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            step(config, revision)
            for statement in statements:
                connection.execute(text(statement))

    def found(columns: str, table: str) -> list[tuple[Any, ...]]:
        return [tuple(row[c] for c in columns.split()) for row in rows(busy_desk, table)]

    go(command.downgrade, "0005", *OLD_SHOP)
    items_before = found("id quantity active", "return_request_items")
    go(command.upgrade, "head")
    assert sorted(
        found("request_item_id order_item_id piece ordered active", "return_request_pieces")
    ) == [
        *((1, 1, piece, 4, False) for piece in (1, 2, 3)),
        *((2, 1, piece, 4, True) for piece in (1, 2)),
        *((3, 2, piece, 2, True) for piece in (1, 2)),
    ]
    go(command.downgrade, "0005")
    assert sorted(found("id quantity active", "return_request_items")) == items_before
    go(
        command.upgrade,
        "head",
        "INSERT INTO return_requests (id, number, order_id, buyer_id, key, route, status,"
        " refund_method, return_paid_by, remedy, needs_review, created_at) SELECT 3, 'R-4', 1, 1,"
        " 'c', route, status, 'bonus', 'buyer', 'refund', false, created_at FROM return_requests"
        " WHERE id = 2",
        "INSERT INTO return_request_items (id, request_id, order_item_id, quantity, reason)"
        " VALUES (4, 3, 1, 1, 'change_of_mind')",
        "INSERT INTO return_request_pieces (id, request_item_id, order_item_id, piece, ordered,"
        " active) VALUES (100, 4, 1, 3, 4, true)",
    )
    with pytest.raises(RuntimeError, match="pieces of 1 order items stand in several requests"):
        go(command.downgrade, "0005")
    assert len(rows(busy_desk, "return_request_pieces")) == 8


def test_the_outbox_finds_what_is_due_by_its_index(desk: Desk) -> None:
    with desk.context.database.engine.connect() as connection:
        (made,) = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'ix_outbox_messages_waiting'")
        ).scalars()
        assert "WHERE delivered_at IS NULL AND failed_at IS NULL" in made
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT id FROM outbox_messages WHERE delivered_at IS NULL"
                " AND failed_at IS NULL AND channel = 'mail' AND next_attempt_at <= '2026-01-01'"
            )
        )
        assert "ix_outbox_messages_waiting" in plan.one()[-1]
