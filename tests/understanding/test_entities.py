"""What the entity rules find in a message, and what they leave alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from bot.understanding.order_numbers import canonical_order_number
from bot.understanding.pipeline import build_pipeline

Entities = Callable[[str], list[tuple[str, str]]]

FOUND = [
    ("my order is 40010001", "order_number", "40010001"),
    ("order number:40010001", "order_number", "40010001"),
    ("Order #40010001.", "order_number", "#40010001"),
    ("#W1234567 please", "order_number", "#W1234567"),
    ("Order ID: 444-5556667-8889990 arrived", "order_number", "444-5556667-8889990"),
    ("4001 0001", "order_number", "4001 0001"),
    ("it's 4001-0001!", "order_number", "4001-0001"),
    ("ORDER567890 came broken", "order_number", "ORDER567890"),
    ("Order 702-2222222-3333333 - not here", "order_number", "702-2222222-3333333"),
    ("(order 40010001)", "order_number", "40010001"),
    ("where is my parcel 40010001", "order_number", "40010001"),
    ("track 40010001", "order_number", "40010001"),
    ("#RX-7781 never came", "order_number", "RX-7781"),
    ("order SH-120-9 came broken", "order_number", "SH-120-9"),
    ("about order 4432-BN, a preorder", "order_number", "4432-BN"),
    ("order number is 78-119-C.", "order_number", "78-119-C"),
    ("order no. 6-2201 but", "order_number", "6-2201"),
    ("write to Mia.Garcia@example.com.", "email", "Mia.Garcia@example.com"),
    ("my email is mary+shop@mail.example.co.uk, ok?", "email", "mary+shop@mail.example.co.uk"),
    ("email:o'neil_77@example.org", "email", "o'neil_77@example.org"),
    ("<j.keller@inbox.example.net>", "email", "j.keller@inbox.example.net"),
    ("here: https://img.example.com/a.jpg?x=1, ok", "link", "https://img.example.com/a.jpg?x=1"),
    ("www.example.com/photo", "link", "www.example.com/photo"),
    ("I live in Germany", "country", "Germany"),
    ("it's in brasil", "country", "brasil"),
    ("shipped to the Netherlands", "country", "Netherlands"),
    ("i am in the uk", "country", "uk"),
    ("we live in the US", "country", "US"),
    ("I'm writing from PT", "country", "PT"),
    ("I'm German", "country", "German"),
    ("what does Brazilian law say", "country", "Brazilian"),
    ("Österreich", "country", "Österreich"),
    ("sent to Turkey", "country", "Turkey"),
    ("my headphones are broken", "category", "headphones"),
    ("two Coffee Machines", "category", "Coffee Machines"),
    ("the yoga mat", "category", "yoga mat"),
    ("one of your subscription boxes", "category", "subscription boxes"),
]

NOT_ORDER_NUMBERS = [
    "I paid $129.99",
    "my parcel number is 40010001",
    "parcel no 40010001",
    "I want to order 10 boxes",
    "an order of 3-4 items",
    "order 500 plates",
    "order by 3-11-26",
    "order 3-11-26",
    "it cost 1250000 rupees or ₹1250000",
    "R$ 1234567",
    "it was 1,299,000",
    "it came on 2026-11-05",
    "on 05-11-2026",
    "05/11/2026",
    "it took 15 days",
    "in 2025",
    "call me on +49 170 1234567",
    "my phone is 07700900123",
    "tracking number 1234567890",
    "tracking no: 9400110200881234567890",
    "LX123456789CN",
    "zip 90210-1234",
    "CEP 01310-100",
    "postal code 560001",
    "see https://example.com/4001000112",
    "user12345678@example.com",
    "invoice 37777123",
    "123456789012345678901234",
]


@pytest.mark.parametrize(("text", "entity", "written"), FOUND)
def test_names_what_the_message_mentions(
    entities: Entities, text: str, entity: str, written: str
) -> None:
    assert (entity, written) in entities(text)


@pytest.mark.parametrize("text", NOT_ORDER_NUMBERS)
def test_other_numbers_are_not_order_numbers(entities: Entities, text: str) -> None:
    assert "order_number" not in [name for name, _ in entities(text)]


@pytest.mark.parametrize(
    "text",
    ["tell us where it is", "a turkey sandwich", "fine china", "a wool jersey", "WHERE IS IT FROM"],
)
def test_common_words_are_not_countries(entities: Entities, text: str) -> None:
    assert "country" not in [name for name, _ in entities(text)]


def test_two_order_numbers_in_a_row_stay_two(entities: Entities) -> None:
    assert entities("40010001 40010002") == [
        ("order_number", "40010001"),
        ("order_number", "40010002"),
    ]


def test_order_number_and_email_in_one_message_are_both_found(entities: Entities) -> None:
    assert entities("buyer@example.com 40010001") == [
        ("email", "buyer@example.com"),
        ("order_number", "40010001"),
    ]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("4001 0001", "40010001"),
        ("#4001-0001", "40010001"),
        ("#w1234567", "W1234567"),
        ("ORDER567890", "567890"),
        ("444-5556667-8889990", "44455566678889990"),
        ("40010001", "40010001"),
    ],
)
def test_order_numbers_have_one_form_however_written(written: str, canonical: str) -> None:
    assert canonical_order_number(written) == canonical
    assert canonical_order_number(canonical) == canonical


@pytest.mark.parametrize("text", ["", " ", "😡😡😡", "a" * 10_000, "4" * 10_000, "@" * 5_000])
def test_odd_messages_pass_without_entities(entities: Entities, text: str) -> None:
    assert entities(text) == []


def test_our_rules_are_added_to_an_installed_pipeline(
    spacy_pipeline: Language, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import spacy

    folder = tmp_path_factory.mktemp("pipeline")
    other = spacy.blank("en")
    other.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]
        [{"label": "ORG", "pattern": "Order 40010001"}, {"label": "ORG", "pattern": "Acme"}]
    )
    other.to_disk(folder)

    found = build_pipeline(str(folder))("Order 40010001 from Acme in France")

    assert [(span.label_, span.text) for span in found.ents] == [
        ("order_number", "40010001"),
        ("ORG", "Acme"),
        ("country", "France"),
    ]
