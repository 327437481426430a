"""The pre-paid return label as PDF: who gets one, what it says, whether a scanner can read it."""

from __future__ import annotations

import re
import zlib
from itertools import pairwise

from bot.desk import Desk, RequestStatus
from tests.desk.conftest import MakeDesk
from tests.desk.shop import CHAT, bring, filing, items, order, pieces, verified
from tests.pdf_words import words_of_pdf

MILLIMETRE = 72 / 25.4
BAR_HEIGHT = 20 * MILLIMETRE

# How Code 39 (ISO/IEC 16388) is made: five bars of which two are wide tell the place in a group,
# and the one wide gap of four tells the group.
BARS = ["10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010", "00110"]
GROUPS = {"0100": "1234567890", "0010": "ABCDEFGHIJ", "0001": "KLMNOPQRST", "1000": "UVWXYZ-. *"}


def bars_of(content: bytes) -> list[tuple[float, float]]:
    """Where each bar of the first page begins, and how wide it is, in points."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S)
    found = re.findall(
        r"([\d.]+) [\d.]+ ([\d.]+) -([\d.]+) re f", zlib.decompress(streams[0]).decode()
    )
    return [(float(x), float(w)) for x, w, h in found if abs(float(h) - BAR_HEIGHT) < 0.1]


def scanned(bars: list[tuple[float, float]]) -> str:
    """What a scanner reads, with the stars around it."""
    narrow = min(width for _, width in bars)
    wide = ["1" if width > 2 * narrow else "0" for _, width in bars]
    gaps = ["1" if b[0] - a[0] - a[1] > 2 * narrow else "0" for a, b in pairwise(bars)]
    return "".join(
        GROUPS["".join(gaps[at : at + 4])][BARS.index("".join(wide[at : at + 5]))]
        for at in range(0, len(bars), 5)
    )


def test_a_scanner_reads_the_labels_number(desk: Desk) -> None:
    bring(desk, order())
    request = desk.file(CHAT, filing(verified(desk)[0]))
    bars = bars_of(desk.return_label(request.number).content)
    assert scanned(bars) == f"*{request.label.number}*"
    assert min(width for _, width in bars) >= 0.25 * MILLIMETRE, "finer than printers are"


def test_the_same_label_is_always_the_same_file(desk: Desk) -> None:
    bring(desk, order())
    number = desk.file(CHAT, filing(verified(desk)[0])).number
    one, other = (desk.return_label(number) for _ in range(2))
    assert (one.content, one.sha256, one.file_name) == (
        other.content,
        other.sha256,
        f"{desk.request(number).label.number}.pdf",
    )


def test_there_is_no_label_without_one_or_when_the_request_is_over(desk: Desk) -> None:
    bring(desk, order(items=items(2)))
    first, second = verified(desk)
    claim = desk.file(CHAT, pieces(first, 1, "key-1")).number
    returned = desk.file(CHAT, filing(second, "key-2")).number
    assert desk.return_label(claim) is None
    assert desk.return_label("R-ZZZZZZZZ") is None
    assert desk.return_label(returned.lower()) is not None
    desk.advance(returned, RequestStatus.WITHDRAWN, "tests")
    assert desk.return_label(returned) is None
    assert not desk.request_file(returned).label_holds


def test_a_withdrawn_request_leaves_a_shared_label_to_the_others(desk: Desk) -> None:
    bring(desk, order(items=items(4)))
    filed = [desk.file(CHAT, filing(id_, f"key-{id_}")) for id_ in verified(desk)]
    desk.advance(filed[2].number, RequestStatus.WITHDRAWN, "tests")
    words = words_of_pdf(desk.return_label(filed[3].number).content)
    assert filed[3].number in words
    assert filed[2].number not in words


def test_long_names_and_addresses_stay_in_their_place(
    make_desk: MakeDesk, settings: object
) -> None:
    settings.return_address = ";".join(f"Line {n} of a long address" for n in range(20))
    desk = make_desk()
    long = "Wolfeschlegelsteinhausenbergerdorff " * 5
    buyer = {"email": "ana.souza@example.com", "name": long}
    bring(desk, order(buyer=buyer, items=items(1, title="Title " * 40)))
    request = desk.file(CHAT, filing(verified(desk)[0]))
    content = desk.return_label(request.number).content
    words = words_of_pdf(content)
    assert "Line 6 of a long address" in words
    assert "Line 7" not in words
    assert words.index("From Wolfe") < words.index("Line 0") < words.index("Return form")
    assert scanned(bars_of(content)) == f"*{request.label.number}*"
