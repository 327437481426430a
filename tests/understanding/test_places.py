"""Where a buyer says to live: a country in any form, or a city."""

from __future__ import annotations

import pytest

from bot.understanding.countries import country_code
from bot.understanding.places import countries_of, country_name, is_the_eu
from bot.understanding.words_file import load_words


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("I'm in Lisbon", ("PT",)),
        ("PT", ("PT",)),
        ("Österreich", ("AT",)),
        ("Ελλάδα", ("GR",)),
        ("I live in Belfast", ("GB",)),
        ("Northern Ireland", ("GB",)),
        ("the netherlands please", ("NL",)),
        ("sao paulo", ("BR",)),
        ("Las Palmas", ("ES",)),
        ("Valencia", ("ES", "VE")),
        ("narnia", ()),
        ("no", ()),
        ("it broke in my hands", ()),
        ("tell us what is nice", ()),
    ],
)
def test_a_place_tells_its_country(text: str, codes: tuple[str, ...]) -> None:
    assert countries_of(text) == codes


@pytest.mark.parametrize("text", ["EU", "the EU", "I'm in the EU", "europe", "European Union"])
def test_the_eu_is_no_country(text: str) -> None:
    assert is_the_eu(text)
    assert countries_of(text) == ()


def test_every_city_stands_for_countries_that_exist() -> None:
    words = load_words("cities")
    codes = {*words["cities"], *(code for some in words["ambiguous"].values() for code in some)}
    assert {code for code in codes if country_code(code) != code} == set()
    assert country_name("PT") == "Portugal"
    clear = [name for names in words["cities"].values() for name in names]
    assert len(clear) == len(set(clear))
    assert all(len(set(some)) > 1 for some in words["ambiguous"].values())
