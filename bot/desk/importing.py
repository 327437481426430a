"""Orders from a shop: JSON Lines in, all or nothing, problems by line and field.

docs/desk.md documents the format; `OrderRecord` is its definition.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import audit, text
from bot.desk.context import Context
from bot.desk.errors import DeskError
from bot.desk.importing_past import add_past_return
from bot.desk.models import Buyer, ItemShipment, Order, OrderItem, Seller, Shipment
from bot.desk.pictures import NotAPicture, Pictures
from bot.desk.records import ItemRecord, OrderRecord, parcels

_LATER_FIELDS = frozenset({"withdrawal_informed", "withdrawal_informed_on", "shipment", "picture"})


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file of orders.

    Attributes:
        line: line number, from 1.
        path: path of the field, such as "items.0.price_cents"; empty for the whole line.
        message: what is wrong.
    """

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        """One line, such as "line 3, items.0.price_cents: value is not a valid integer"."""
        where = f"line {self.line}, {self.path}" if self.path else f"line {self.line}"
        return f"{where}: {self.message}"


class ImportRefused(DeskError):
    """A file of orders has problems; none of it was loaded.

    Attributes:
        problems: all of them, in the order of the lines.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:10]))
        self.problems = problems


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int
    unchanged: int


def read_orders(context: Context, lines: Iterable[str]) -> dict[int, OrderRecord]:
    """Orders by line number; empty lines are passed over.

    Args:
        context: the desk's tools.
        lines: the file.

    Raises:
        ImportRefused: with every problem of every line.
    """
    records: dict[int, OrderRecord] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            records[number] = OrderRecord.parse_obj(_object(line))
        except ValidationError as error:
            problems += [_problem(number, found) for found in error.errors()]
        except ValueError as error:
            problems.append(Problem(number, "", f"isn't a JSON object: {error}"))
        else:
            problems += _out_of_place(context, number, records[number])
    if problems:
        raise ImportRefused(sorted(problems, key=lambda problem: problem.line))
    return records


def _object(line: str) -> dict:
    try:
        found = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("it is something else")
    return found


def _problem(line: int, error: dict) -> Problem:
    path = ".".join(str(part) for part in error["loc"] if part != "__root__")
    return Problem(line, path, error["msg"])


def _out_of_place(context: Context, line: int, record: OrderRecord) -> list[Problem]:
    """What only the clauses and the clock can tell about a record."""
    # It may be tomorrow already where the buyer is.
    latest = context.now().date() + timedelta(days=1)
    categories = context.clauses.in_force(record.placed_on).categories
    problems = [
        Problem(line, f"items.{index}.category", f"isn't a category of clause S11: {item.category}")
        for index, item in enumerate(record.items)
        if item.category is not None and item.category not in categories
    ]
    days = {
        "placed_on": record.placed_on,
        "withdrawal_informed_on": record.withdrawal_informed_on,
    }
    for path, parcel in parcels(record.shipment, record.items):
        days |= {
            f"{path}.shipped_on": parcel.shipped_on,
            f"{path}.delivered_on": parcel.delivered_on,
        }
    late = [path for path, day in days.items() if day and day > latest]
    return problems + [Problem(line, path, "is in the future") for path in late]


def keep_pictures(
    pictures: Pictures, records: Mapping[int, OrderRecord], folder: Path | None
) -> dict[str, str]:
    """Keep the pictures of items.

    Args:
        pictures: where they are kept.
        records: orders by line number.
        folder: where the shop's own files are; None when it brings none.

    Returns:
        File name in the folder to name among the pictures.

    Raises:
        ImportRefused: with every picture that can't be used.
    """
    kept: dict[str, str] = {}
    problems: list[Problem] = []
    for line, record in records.items():
        for index, item in enumerate(record.items):
            if item.picture is None or item.picture in kept:
                continue
            try:
                if folder is None:
                    raise NotAPicture("needs a folder of pictures: --pictures")
                kept[item.picture] = pictures.keep(folder / item.picture)
            except NotAPicture as error:
                problems.append(Problem(line, f"items.{index}.picture", str(error)))
    if problems:
        raise ImportRefused(problems)
    return kept


def import_orders(
    session: Session,
    context: Context,
    records: dict[int, OrderRecord],
    actor: str,
    pictures: Mapping[str, str],
) -> Imported:
    """Add orders; one that is there already, with the same content, is left alone.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        records: orders by line number.
        actor: who imports, for the audit.
        pictures: what `keep_pictures` gave.

    Raises:
        ImportRefused: when an order number is taken by an order with other content.
    """
    added, problems = 0, []
    for line, record in records.items():
        digest = _digest(record)
        statement = select(Order.digest).where(Order.number == record.number)
        known = session.execute(statement).scalar_one_or_none()
        if known is None:
            _add(session, context, record, digest, pictures)
            added += 1
        elif known != digest:
            problems.append(
                Problem(line, "number", f"order {record.number} exists with other content")
            )
    if problems:
        raise ImportRefused(problems)
    audit.note(session, context, actor, "orders_imported", added=added, lines=len(records))
    return Imported(added=added, unchanged=len(records) - added)


def _digest(record: OrderRecord) -> str:
    content = json.loads(record.json())
    # Left out while they say nothing, so that files loaded before these fields stay the same.
    for fields in (content, *content["items"]):
        for name in _LATER_FIELDS & set(fields):
            if fields[name] is None:
                del fields[name]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _add(
    session: Session,
    context: Context,
    record: OrderRecord,
    digest: str,
    pictures: Mapping[str, str],
) -> None:
    order = Order(
        number=record.number,
        buyer=_buyer(session, record),
        seller=_seller(session, record.seller),
        placed_on=record.placed_on,
        paid=record.paid,
        currency=record.currency,
        protection_ends_on=record.protection_ends_on,
        country=record.address.country,
        region=record.address.region,
        postal_code=record.address.postal_code,
        withdrawal_informed=record.withdrawal_informed,
        withdrawal_informed_on=record.withdrawal_informed_on,
        digest=digest,
        items=[
            _item(position, item, pictures) for position, item in enumerate(record.items, start=1)
        ],
        shipment=Shipment(**record.shipment.dict()),
    )
    session.add(order)
    session.flush()
    for past in record.past_returns:
        add_past_return(session, context, order, past)


def _buyer(session: Session, record: OrderRecord) -> Buyer:
    email = text.email_address(record.buyer.email)
    found = session.execute(select(Buyer).where(Buyer.email == email)).scalar_one_or_none()
    return found or Buyer(email=email, name=record.buyer.name, locale=record.buyer.locale)


def _seller(session: Session, name: str) -> Seller:
    found = session.execute(select(Seller).where(Seller.name == name)).scalar_one_or_none()
    return found or Seller(name=name)


def _item(position: int, item: ItemRecord, pictures: Mapping[str, str]) -> OrderItem:
    values = item.dict(exclude={"traits", "shipment", "picture"})
    picture = pictures[item.picture] if item.picture else None
    own = None if item.shipment is None else ItemShipment(**item.shipment.dict())
    traits = None if item.traits is None else [trait.value for trait in item.traits]
    return OrderItem(position=position, traits=traits, own_shipment=own, picture=picture, **values)
