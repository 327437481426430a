from __future__ import annotations

import pytest

from bot.desk import Desk
from bot.desk.time_zones import zone_of
from tests.desk.shop import CHAT, Hands, bring, order, verified


@pytest.mark.parametrize(
    ("country", "region", "zone"),
    [
        ("DE", None, "Europe/Berlin"),
        ("GB", "Scotland", "Europe/London"),
        ("JP", "", "Asia/Tokyo"),
        ("UA", "Lviv", "Europe/Kyiv"),
        ("PR", None, "America/Puerto_Rico"),
        ("ES", "Canarias", "Atlantic/Canary"),
        ("PT", "Açores", "Atlantic/Azores"),
        ("PT", "Madeira", "Atlantic/Madeira"),
        ("US", "Hawaii", "Pacific/Honolulu"),
        ("US", "hawaii ", "Pacific/Honolulu"),
        ("US", "AZ", "America/Phoenix"),
        ("BR", "SP", "America/Sao_Paulo"),
        ("AU", "Queensland", "Australia/Brisbane"),
    ],
)
def test_an_address_that_tells_its_zone_gets_it(country: str, region: str, zone: str) -> None:
    found = zone_of(country, region, "UTC").key
    assert found == zone or {found, zone} == {"Europe/Kyiv", "Europe/Kiev"}


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("US", "Pacific/Honolulu"),
        ("ES", "Atlantic/Canary"),
        ("PT", "Atlantic/Azores"),
        ("AU", "Australia/Perth"),
    ],
)
def test_an_address_that_doesnt_tell_gets_the_zone_where_the_day_ends_last(
    country: str, zone: str
) -> None:
    assert zone_of(country, "Nowhere", "UTC").key == zone
    assert zone_of(country, None, "UTC").key == zone


def test_an_unknown_country_gets_the_shops_zone() -> None:
    assert zone_of("XX", None, "America/Sao_Paulo").key == "America/Sao_Paulo"


def test_today_is_the_buyers_day(desk: Desk, hands: Hands) -> None:
    bring(
        desk, order(address={"country": "JP"}), order(number="50010002", address={"country": "US"})
    )
    verified(desk)
    verified(desk, "50010002")
    hands.moment = hands.moment.replace(hour=20)
    assert str(desk.today(desk.order(CHAT, "50010001"))) == "2026-11-24"
    assert str(desk.today(desk.order(CHAT, "50010002"))) == "2026-11-23"
