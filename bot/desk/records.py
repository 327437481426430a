"""The import format of orders: one JSON object per line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pycountry
from babel import Locale
from pydantic import BaseModel, ConstrainedInt, Field, StrictBool, root_validator, validator

from bot.desk import text
from bot.policy.facts import Reason, ShipmentStatus, Trait

_CENTS_MAX = 2_000_000_000
_CM_MAX = 100_000


def _line(value: Any) -> Any:
    return text.one_line(value, 1000) if isinstance(value, str) else value


class _Record(BaseModel):
    class Config:
        extra = "forbid"
        frozen = True


class Cents(ConstrainedInt):
    """An amount in a currency's smallest unit; 39.9 is refused, not rounded."""

    strict, ge, le = True, 0, _CENTS_MAX


class Pieces(ConstrainedInt):
    """A number of pieces."""

    strict, gt, le = True, 0, 100_000


class BuyerRecord(_Record):
    """Who bought. An e-mail names one buyer; the first name and locale given for it stay."""

    email: str = Field(..., max_length=254)
    name: str = Field(..., min_length=1, max_length=200)
    locale: str = Field("en", max_length=20)

    _clean = validator("name", pre=True, allow_reuse=True)(_line)

    @validator("email")
    def _is_an_address(cls, value: str) -> str:
        value = text.email_address(value)
        if not text.is_email_address(value):
            raise ValueError("isn't an e-mail address")
        return value

    @validator("locale")
    def _is_a_locale(cls, value: str) -> str:
        try:
            return str(Locale.parse(value.replace("-", "_")))
        except Exception as error:
            raise ValueError("isn't a locale such as pt_BR") from error


class AddressRecord(_Record):
    """Where the parcel goes, as far as a clause or a time zone cares."""

    country: str
    region: str | None = Field(None, max_length=100)
    postal_code: str | None = Field(None, max_length=20)

    _clean = validator("region", "postal_code", pre=True, allow_reuse=True)(_line)

    @validator("country")
    def _is_a_country(cls, value: str) -> str:
        if not re.fullmatch("[A-Z]{2}", value) or pycountry.countries.get(alpha_2=value) is None:
            raise ValueError("isn't an ISO 3166-1 alpha-2 code")
        return value


class ShipmentRecord(_Record):
    """The parcel; dates are the buyer's calendar days."""

    status: ShipmentStatus
    shipped_on: date | None = None
    guaranteed_by: date | None = None
    delivered_on: date | None = None
    tracking_number: str | None = Field(None, max_length=100)

    _clean = validator("tracking_number", pre=True, allow_reuse=True)(_line)

    @root_validator(skip_on_failure=True)
    def _is_consistent(cls, values: dict) -> dict:
        status, shipped = values["status"], values["shipped_on"]
        if status is ShipmentStatus.NOT_SHIPPED and (shipped or values["tracking_number"]):
            raise ValueError("isn't shipped, but has a shipping day or a tracking number")
        if values["delivered_on"] and status is not ShipmentStatus.DELIVERED:
            raise ValueError("has a delivery day, but isn't delivered")
        if shipped and values["delivered_on"] and values["delivered_on"] < shipped:
            raise ValueError("was delivered before it was shipped")
        return values


_PARCEL_DAYS = ("shipped_on", "guaranteed_by", "delivered_on")


class ItemRecord(_Record):
    """One line of an order. Without `traits` or `durable` its category's defaults hold (S11).

    `shipment` is the parcel of an item that goes apart from the others, `picture` a file in the
    folder of pictures that is imported with the orders.
    """

    reference: str = Field(..., min_length=1, max_length=100)
    title: str = Field(..., min_length=1, max_length=300)
    category: str | None = Field(None, max_length=50)
    traits: tuple[Trait, ...] | None = None
    durable: StrictBool | None = None
    free_return_label: StrictBool = False
    length_cm: float | None = Field(None, gt=0, le=_CM_MAX)
    width_cm: float | None = Field(None, gt=0, le=_CM_MAX)
    height_cm: float | None = Field(None, gt=0, le=_CM_MAX)
    weight_kg: float | None = Field(None, gt=0, le=_CM_MAX)
    price_cents: Cents
    quantity: Pieces = Pieces(1)
    shipment: ShipmentRecord | None = None
    picture: str | None = Field(None, min_length=1, max_length=200)

    _clean = validator("reference", "title", pre=True, allow_reuse=True)(_line)

    @validator("picture")
    def _is_in_the_folder(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"(?:\w[\w .-]*/)*\w[\w .-]*", value, re.ASCII):
            raise ValueError("isn't the name of a file in the folder of pictures")
        return value

    @validator("traits")
    def _in_one_order(cls, value: tuple[Trait, ...] | None) -> tuple[Trait, ...] | None:
        # The same content must look the same, in whatever order a shop lists it.
        return None if value is None else tuple(sorted(set(value)))

    @root_validator(skip_on_failure=True)
    def _says_what_it_is(cls, values: dict) -> dict:
        if values["category"] is None and values["traits"] is None:
            raise ValueError("needs a category or traits")
        return values


class PastReturnRecord(_Record):
    """A return that was asked for elsewhere and is over. It counts for F10 and F12."""

    filed_on: date
    items: tuple[str, ...] = ()
    reason: Reason = Reason.CHANGE_OF_MIND
    prepaid_label: StrictBool = False


class OrderRecord(_Record):
    """One order."""

    number: str
    placed_on: date
    paid: StrictBool = True
    currency: str
    protection_ends_on: date | None = None
    seller: str = Field(..., min_length=1, max_length=200)
    buyer: BuyerRecord
    address: AddressRecord
    shipment: ShipmentRecord
    items: tuple[ItemRecord, ...]
    past_returns: tuple[PastReturnRecord, ...] = ()
    withdrawal_informed: StrictBool | None = None
    withdrawal_informed_on: date | None = None

    _clean = validator("seller", pre=True, allow_reuse=True)(_line)

    @validator("number", pre=True)
    def _is_a_number(cls, value: Any) -> str:
        normal = text.order_number(value) if isinstance(value, str) else ""
        if not normal:
            raise ValueError("must be 1 to 32 letters and digits, as a string")
        return normal

    @validator("currency")
    def _is_a_currency(cls, value: str) -> str:
        if not re.fullmatch("[A-Z]{3}", value) or pycountry.currencies.get(alpha_3=value) is None:
            raise ValueError("isn't an ISO 4217 code")
        return value

    @validator("items")
    def _references_differ(cls, value: tuple[ItemRecord, ...]) -> tuple[ItemRecord, ...]:
        if not value:
            raise ValueError("is empty")
        if len({item.reference for item in value}) < len(value):
            raise ValueError("two items have the same reference")
        return value

    @root_validator(skip_on_failure=True)
    def _days_follow(cls, values: dict) -> dict:
        placed_on = values["placed_on"]
        later = {"protection_ends_on": values["protection_ends_on"]}
        for path, parcel in parcels(values["shipment"], values["items"]):
            later |= {f"{path}.{name}": getattr(parcel, name) for name in _PARCEL_DAYS}
        for path, day in later.items():
            if day and day < placed_on:
                raise ValueError(f"{path} is before placed_on")
        return values

    @root_validator(skip_on_failure=True)
    def _informed_once(cls, values: dict) -> dict:
        if values["withdrawal_informed"] and values["withdrawal_informed_on"]:
            raise ValueError("withdrawal_informed_on is for a buyer who was told late")
        return values

    @root_validator(skip_on_failure=True)
    def _past_returns_fit(cls, values: dict) -> dict:
        returned = [ref for past in values["past_returns"] for ref in past.items]
        if not set(returned) <= {item.reference for item in values["items"]}:
            raise ValueError("past_returns names an item that isn't in the order")
        if len(set(returned)) < len(returned):
            raise ValueError("past_returns names an item twice")
        if any(past.filed_on < values["placed_on"] for past in values["past_returns"]):
            raise ValueError("past_returns is before placed_on")
        return values


def parcels(
    shipment: ShipmentRecord, items: Iterable[ItemRecord]
) -> Iterator[tuple[str, ShipmentRecord]]:
    """The order's parcel and those of items that go apart, with their paths in the record."""
    yield "shipment", shipment
    for index, item in enumerate(items):
        if item.shipment:
            yield f"items.{index}.shipment", item.shipment
