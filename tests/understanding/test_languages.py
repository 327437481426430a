"""The other language of a message, and the language that one asks for."""

from __future__ import annotations

import pytest

from bot.understanding.languages import language_named, language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Quero devolver meu produto", "pt"),
        ("Quiero devolver mi producto", "es"),
        ("Je voudrais retourner mon colis", "fr"),
        ("Meine Bestellung ist kaputt angekommen", "de"),
        ("Il mio ordine non è arrivato", "it"),
        ("Mijn bestelling is niet aangekomen", "nl"),
        ("Gdzie jest moja paczka?", "pl"),
        ("qwrt plomf", None),
    ],
)
def test_the_language_of_a_message(text: str, code: str | None) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("speak portuguese?", "pt"),
        ("can you talk to me in German please", "de"),
        ("Do you speak Turkish?", "other"),
        ("Spanish?", "es"),
        ("the Italian coffee maker is broken", None),
        ("I bought a polish for my car", None),
        ("do you speak English?", None),
    ],
)
def test_a_language_asked_for_by_its_name(text: str, code: str | None) -> None:
    assert language_named(text) == code
