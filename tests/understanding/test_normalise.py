from __future__ import annotations

import pytest

from bot.understanding.normalise import normalise


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("how can I get in touch with Casa Verde?", "how can i get in touch with the seller?"),
        ("please contact Paper & Pine for me", "please contact the seller for me"),
        ("no reply from Northwind Audio", "no reply from the seller"),
        ("how do I contact Customer Service", "how do i contact customer service"),
        ("CONTACT SUPPORT", "contact support"),
        ("I can't reach Anyone", "i can not reach anyone"),
        ("Can I contact DHL", "can i contact dhl"),
    ],
)
def test_a_shop_by_its_name_is_the_seller(text: str, seen: str) -> None:
    assert normalise(text) == seen


def test_never_and_order_are_read_with_two_letters_exchanged() -> None:
    assert normalise("oredr 50001559: is it late") == normalise("order 50001559: is it late")
    assert normalise("nveer received the tent") == "never received the tent"
    assert normalise("the nerve of it, I have a fever") == "the nerve of it, i have a fever"
