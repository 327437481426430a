"""What a decision is made from: the order, the item, its condition and the buyer's reason.

A field that is ``None`` is unknown; `bot.policy.decide` names it when a route needs it.
Dates are calendar dates in the buyer's own time zone, lengths are centimetres, weights
kilograms.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum

from pydantic import BaseModel, Field, root_validator, validator


class Reason(str, Enum):
    """Why the buyer wants to return the item or get money back."""

    NOT_ARRIVED = "not_arrived"
    ARRIVED_DAMAGED = "arrived_damaged"
    NOT_AS_DESCRIBED = "not_as_described"
    """Doesn't match description or photos: wrong item, other size or colour, a fake."""
    SHORTAGE = "shortage"
    """Something is missing from the parcel or the set."""
    STOPPED_WORKING = "stopped_working"
    """It was right on arrival and failed later."""
    CHANGE_OF_MIND = "change_of_mind"


FAULTS = frozenset(set(Reason) - {Reason.CHANGE_OF_MIND, Reason.NOT_ARRIVED})
"""Reasons for which the seller answers by law: something is wrong with what came."""


class ShipmentStatus(str, Enum):
    """What the carrier says about the parcel."""

    NOT_SHIPPED = "not_shipped"
    IN_TRANSIT = "in_transit"
    LOST = "lost"
    DELIVERED = "delivered"


class Trait(str, Enum):
    """What kind of thing an item is, as far as a clause cares."""

    CUSTOMISED = "customised"
    """Personalised or custom-made (X1, F9.6, S10)."""
    FRAGILE = "fragile"
    """Sold as fragile (X2)."""
    PERISHABLE = "perishable"
    """Flowers and other goods that spoil (X2, F9.2)."""
    FOOD = "food"
    """Food, dairy and eggs (X2, F9.2, S10)."""
    LIVE_PLANT = "live_plant"
    """Live plants (F9.2)."""
    HYGIENE = "hygiene"
    """Unsuitable for return for hygiene or health, such as lotion or toothpaste (X3)."""
    UNDERWEAR = "underwear"
    """Underwear and panties (X3, F9.3, S10)."""
    SOCKS = "socks"
    """Socks (S10)."""
    ADULT = "adult"
    """Adult products (F9.3)."""
    DATED = "dated"
    """Loses its value with time and can't be resold, such as a calendar (X6)."""
    COPIABLE = "copiable"
    """CDs, DVDs, computer software (X7)."""
    VIRTUAL = "virtual"
    """Tickets, vouchers and services, virtual products (F9.4)."""
    FREE_GIFT = "free_gift"
    """Given free with an order (F9.5)."""
    BATTERY = "battery"
    """Batteries (S10)."""
    PROHIBITED = "prohibited"
    """On the marketplace's list of prohibited items (S10)."""


_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def _iso_date(value: object) -> object:
    # Pydantic would take 20261110 for seconds since 1970.
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not _ISO_DATE.match(value):
        raise ValueError("must be a date such as 2026-11-10")
    return value


class _Frozen(BaseModel):
    class Config:
        extra = "forbid"
        frozen = True


class OrderFacts(_Frozen):
    """The order and its parcel.

    Attributes:
        placed_on: day of the contract; selects the clauses in force.
        paid: whether payment succeeded (S1).
        shipment: what the carrier says; None when unknown.
        guaranteed_by: last day of the guaranteed delivery window (P3).
        delivered_on: day the buyer received the parcel; day 0 of every period.
        protection_ends_on: last day of the protection period, a date on the order (P1).
        country: ISO 3166-1 alpha-2 code of the delivery address.
        region: region, state or oblast of the delivery address (F6).
        postal_code: postal code as written on the address (F5, F7).
        last_delivered_on: day the last item of the same order arrived, when its items came
            apart; never asked (EU-2011/83-9(2)(b)).
        more_to_come: whether an item of the same order is still to arrive; never asked.
        withdrawal_informed: whether the buyer was told of the right to withdraw before
            ordering; None takes the shop's setting in EU-2011/83-10; never asked.
        withdrawal_informed_on: the day the buyer was told, when that was late; never asked.
    """

    placed_on: date | None = None
    paid: bool = True
    shipment: ShipmentStatus | None = None
    guaranteed_by: date | None = None
    delivered_on: date | None = None
    protection_ends_on: date | None = None
    country: str | None = Field(None, regex="^[A-Z]{2}$")
    region: str | None = Field(None, max_length=100)
    postal_code: str | None = Field(None, max_length=20)
    last_delivered_on: date | None = None
    more_to_come: bool = False
    withdrawal_informed: bool | None = None
    withdrawal_informed_on: date | None = None

    _dates = validator(
        "placed_on",
        "guaranteed_by",
        "delivered_on",
        "protection_ends_on",
        "last_delivered_on",
        "withdrawal_informed_on",
        pre=True,
        allow_reuse=True,
    )(_iso_date)

    @validator("delivered_on", "last_delivered_on")
    def _delivered_after_placed(cls, value: date | None, values: dict) -> date | None:
        placed_on = values.get("placed_on")
        if value and placed_on and value < placed_on:
            raise ValueError("is before placed_on")
        return value

    @root_validator(skip_on_failure=True)
    def _delivery_is_consistent(cls, values: dict) -> dict:
        undelivered = {ShipmentStatus.NOT_SHIPPED, ShipmentStatus.IN_TRANSIT}
        if values.get("delivered_on") and values.get("shipment") in undelivered:
            raise ValueError("delivered_on is set, but shipment says it isn't delivered")
        return values


class ItemFacts(_Frozen):
    """The item.

    Attributes:
        category: a category id of clause S11, for the default traits; None when unknown.
        traits: what the item is; None takes the category's defaults.
        durable: durable goods or not (S8); None takes the category's default.
        free_return_label: whether the item carries the "Free Return" label (F1).
        length_cm: parcel length in cm, likewise width_cm and height_cm (F4).
        weight_kg: parcel weight in kg (F4).
        oversize: the buyer's own word on F4 when no measures are known.
    """

    category: str | None = None
    traits: frozenset[Trait] | None = None
    durable: bool | None = None
    free_return_label: bool | None = None
    length_cm: float | None = Field(None, gt=0, le=100_000)
    width_cm: float | None = Field(None, gt=0, le=100_000)
    height_cm: float | None = Field(None, gt=0, le=100_000)
    weight_kg: float | None = Field(None, gt=0, le=100_000)
    oversize: bool | None = None


class ConditionFacts(_Frozen):
    """The buyer's word on the state of a received item.

    Attributes:
        used: worn, washed, used or partly consumed beyond checking it (X5, F2, F9.1).
        damaged_by_buyer: damaged since it arrived (X4, F2, F9.1). The damage it came
            with, and opening the parcel to look, don't count.
        seals_removed: price tags, safety seals, hygiene stickers or labels are off
            (X4, F2, F9.1).
        packaging_kept: the original packaging is still there; opened is fine (X4, F2).
        complete: all parts that came are still there (F9.1).
        media_unwrapped: the wrapping of a CD, DVD or software is off or damaged (X7).
        hidden_defect: the fault couldn't be seen on arrival (BR-CDC-26§3); a fault of an item
            that stopped working is one anyway. Never asked.
        discovered_on: day the fault showed (BR-CDC-26§3, EU-2019/771-10(1)).
    """

    used: bool | None = None
    damaged_by_buyer: bool | None = None
    seals_removed: bool | None = None
    packaging_kept: bool | None = None
    complete: bool | None = None
    media_unwrapped: bool | None = None
    hidden_defect: bool | None = None
    discovered_on: date | None = None

    _dates = validator("discovered_on", pre=True, allow_reuse=True)(_iso_date)


class ComplaintFacts(_Frozen):
    """What became of a complaint to the seller; never asked.

    Attributes:
        made_on: day the buyer complained to the seller, with proof of it (BR-CDC-26§2).
        answered_on: day of the seller's clear refusal; None while there is none.
        cured: whether the seller has put the fault right since (BR-CDC-18§1).
        repair_chosen: whether the buyer chose repair and got it (EU-2024/1799-16).
    """

    made_on: date | None = None
    answered_on: date | None = None
    cured: bool = False
    repair_chosen: bool = False

    _dates = validator("made_on", "answered_on", pre=True, allow_reuse=True)(_iso_date)

    @validator("answered_on")
    def _answered_after_made(cls, value: date | None, values: dict) -> date | None:
        made_on = values.get("made_on")
        if value and made_on is None:
            raise ValueError("needs made_on")
        if value and made_on and value < made_on:
            raise ValueError("is before made_on")
        return value


class Facts(_Frozen):
    """Everything a decision may look at.

    Attributes:
        order: the order and its parcel.
        item: the item.
        condition: the buyer's word on the item's state.
        complaint: a complaint to the seller, if there was one.
        reason: why; None when unknown.
        labels_used_this_month: pre-paid labels already given to this buyer in the
            calendar month of the question (F10).
        recent_requests: return requests of this buyer in the window of F12.
    """

    order: OrderFacts = OrderFacts()
    item: ItemFacts = ItemFacts()
    condition: ConditionFacts = ConditionFacts()
    complaint: ComplaintFacts = ComplaintFacts()
    reason: Reason | None = None
    labels_used_this_month: int = Field(0, ge=0, le=1000)
    recent_requests: int = Field(0, ge=0, le=100_000)

    @validator("labels_used_this_month", "recent_requests", pre=True)
    def _whole_number(cls, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("must be a whole number")
        return value
