"""Names of countries and of items, and what they stand for."""

from __future__ import annotations

import pycountry
import pytest

from bot.understanding.categories import category_id, slugify
from bot.understanding.countries import country_code
from bot.understanding.words_file import load_words

PAGE_CATEGORIES = [
    "Fashion Accessories",
    "Electronics Gadgets",
    "Home Decor",
    "Beauty Products",
    "Fitness Equipment",
    "Outdoor Gear",
    "Kitchen Appliances",
    "Pet Supplies",
    "Jewelry",
    "Health Supplements",
    "Sustainable Products",
    "Mobile Accessories",
    "Customizable Gifts",
    "Gaming Accessories",
    "Children's Toys",
    "Handmade Crafts",
    "Vintage Collectibles",
    "Home Office Supplies",
    "Gardening Tools",
    "Subscription Boxes",
]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Brazil", "BR"),
        ("Brasil", "BR"),
        ("brazilian", "BR"),
        ("Deutschland", "DE"),
        ("German", "DE"),
        ("UK", "GB"),
        ("u.k.", "GB"),
        ("England", "GB"),
        ("the Netherlands", "NL"),
        ("Holland", "NL"),
        ("Nederland", "NL"),
        ("USA", "US"),
        ("the States", "US"),
        ("España", "ES"),
        ("espana", "ES"),
        ("Österreich", "AT"),
        ("Schweiz", "CH"),
        ("Suisse", "CH"),
        ("Czech Republic", "CZ"),
        ("Türkiye", "TR"),
        ("Côte d’Ivoire", "CI"),
        ("FR", "FR"),
        ("Portugal.", "PT"),
    ],
)
def test_a_name_of_a_country_gives_its_code(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize("text", ["", "Atlantis", "de", "in", "my house", "Berlin"])
def test_what_is_no_country_gives_none(text: str) -> None:
    assert country_code(text) is None


def test_every_country_of_the_standard_is_known_by_name() -> None:
    unknown = [
        c.name for c in pycountry.countries if c.alpha_2 not in load_words("countries")["names"]
    ]
    nameless = [code for code, names in load_words("countries")["names"].items() if not names]
    assert (unknown, nameless) == ([], [])


def test_no_name_means_two_countries() -> None:
    words = load_words("countries")
    owner: dict[str, str] = {}
    for code, names in words["names"].items():
        for name in names:
            assert owner.setdefault(name.lower(), code) == code, name


@pytest.mark.parametrize("name", PAGE_CATEGORIES)
def test_each_category_of_the_page_is_known_by_its_name(name: str) -> None:
    assert category_id(name) == slugify(name)


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("headphones", "electronics_gadgets"),
        ("Blender", "kitchen_appliances"),
        ("blenders", "kitchen_appliances"),
        ("batteries", "electronics_gadgets"),
        ("watches", "jewelry"),
        ("dress", "fashion_accessories"),
        ("kids toys", "childrens_toys"),
        ("desk lamp", "home_office_supplies"),
        ("nonsense", None),
        ("", None),
    ],
)
def test_an_item_word_gives_its_category(word: str, category: str | None) -> None:
    assert category_id(word) == category


def test_the_word_list_holds_the_pages_categories_and_no_word_twice() -> None:
    words = load_words("categories")
    assert set(words) == {slugify(name) for name in PAGE_CATEGORIES}
    every = [str(word).lower() for group in words.values() for word in group]
    assert sorted(every) == sorted(set(every))
