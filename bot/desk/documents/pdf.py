"""Documents as PDF: the same parts and the same moment always give the same bytes.

The letters are DejaVu Sans, which writes all of Europe's alphabets. It comes with matplotlib, on
which Rasa depends, and is read from there without importing it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from fpdf import FPDF

from bot.desk.documents.markup import Fact, Heading, ParcelLabel, Part, Point, Quote, Title

FAMILY = "DejaVu Sans"
_FILES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
_INK, _SOFT, _ACCENT, _TINT = (44, 35, 32), (106, 90, 82), (168, 62, 34), (251, 243, 236)
_MARGIN = 20  # millimetres, as all lengths here
_LABEL_WIDTH = 46
_LINE = 5.6
_INSET = 4
_LABEL_HEIGHT = 84
_BAR = 1.05
"""Width of a wide bar; a narrow one is a third of it, and no reader wants less than 0.25 mm."""
_BAR_HEIGHT = 20
_QUIET = 5
"""Empty space beside a barcode, at least ten narrow bars."""


class FontMissing(RuntimeError):
    """The letters aren't installed; matplotlib brings them."""


def pdf(parts: Iterable[Part], *, about: str, language: str, at: datetime) -> bytes:
    """A document as PDF.

    Args:
        parts: what it says.
        about: stands at the foot of each page, such as "W-7F3K9Q2M".
        language: its language, such as "en".
        at: when it is made, with time zone.

    Raises:
        FontMissing: when the letters can't be found.
    """
    page = _Page(about)
    page.set_lang(language)
    page.set_creation_date(at)
    page.add_page()
    for part in parts:
        page.write_part(part)
    return bytes(page.output())


class _Page(FPDF):
    """A4 with a margin, our letters, and the document's number at the foot."""

    def __init__(self, about: str) -> None:
        super().__init__(format="A4")
        self._about = about
        self._last: type[Part] | None = None
        for style, path in font_files().items():
            self.add_font(FAMILY, style, path)
        self.set_margin(_MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(True, margin=24)

    def footer(self) -> None:
        """Number and page."""
        self.set_y(-15)
        self._letters(8, colour=_SOFT)
        self.cell(0, 5, self._about)
        self.set_x(self.l_margin)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")

    def write_part(self, part: Part) -> None:
        """Writes a part below the one before."""
        if isinstance(part, Title):
            self.set_title(part.text)
            self._words(part.text, 20, bold=True, line=9)
            self.set_draw_color(*_ACCENT)
            self.set_line_width(0.8)
            self.line(self.l_margin, self.get_y() + 2, self.l_margin + 24, self.get_y() + 2)
            self.ln(7)
        elif isinstance(part, Heading):
            self.ln(4)
            if self.will_page_break(18):
                self.add_page()
            self._words(part.text, 12, bold=True, line=7)
            self.ln(1)
        elif isinstance(part, Fact):
            self._fact(part)
        elif isinstance(part, Quote):
            self._quote(part)
        elif isinstance(part, Point):
            self._point(part)
        elif isinstance(part, ParcelLabel):
            self._parcel_label(part)
        else:
            self._words(part.text, 10)
            self.ln(1.5)

    def _fact(self, fact: Fact) -> None:
        if self.will_page_break(_LINE):
            self.add_page()
        top = self.get_y()
        self._letters(10, colour=_SOFT)
        self.multi_cell(_LABEL_WIDTH, _LINE, fact.label, align="L", new_x="RIGHT", new_y="TOP")
        self._letters(10)
        self.multi_cell(0, _LINE, fact.value, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_y(max(self.get_y(), top + _LINE) + 0.8)

    def _quote(self, quote: Quote) -> None:
        self._letters(10.5)
        self.set_fill_color(*_TINT)
        self.set_draw_color(*_ACCENT)
        self.set_line_width(0.6)
        self.multi_cell(
            0,
            6,
            "\n".join(quote.lines),
            align="L",
            border="L",
            fill=True,
            padding=(3, _INSET),
            new_x="LMARGIN",
        )
        self.ln(3)

    def _point(self, point: Point) -> None:
        if self.will_page_break(_LINE):
            self.add_page()
        self._letters(10, colour=_ACCENT)
        self.cell(_INSET, _LINE, "•")
        self._letters(10)
        self.multi_cell(0, _LINE, point.text, align="L", new_x="LMARGIN", new_y="NEXT")
        if point.url:
            self.set_x(self.l_margin + _INSET)
            self._letters(8, colour=_SOFT)
            self.multi_cell(
                0, 4.4, point.url, align="L", link=point.url, new_x="LMARGIN", new_y="NEXT"
            )
        self.ln(1)

    def _parcel_label(self, label: ParcelLabel) -> None:
        """A framed label, a line to cut along, and room below it."""
        left, top = self.l_margin, self.get_y()
        self.set_title(f"{label.kind} {label.number}")
        self.set_draw_color(*_INK)
        self.set_line_width(0.6)
        self.rect(left, top, self.epw, _LABEL_HEIGHT)
        self._at(left + _INSET, top + _INSET, label.kind, 15, bold=True, line=8)
        middle = left + self.epw * 0.5
        sender, receiver = label.headings
        self._address(left + _INSET, top + 18, middle - left - 2 * _INSET, sender, label.sender, 10)
        width = left + self.epw - middle - _INSET
        self._address(middle, top + 18, width, receiver, label.receiver, 13)
        self._barcode(label.number, left + _INSET + _QUIET, top + _LABEL_HEIGHT - 31)
        cut = top + _LABEL_HEIGHT + 6
        self.set_line_width(0.2)
        self.set_dash_pattern(dash=2, gap=2)
        self.line(0, cut, self.w, cut)
        self.set_dash_pattern()
        self.set_xy(left, cut + 6)

    def _address(
        self, x: float, y: float, width: float, heading: str, lines: tuple[str, ...], size: float
    ) -> None:
        self._at(x, y, heading, 8, line=5, colour=_SOFT)
        self._letters(size)
        for line in lines:
            self.set_x(x)
            self.multi_cell(width, size * 0.5, line, align="L", new_x="LEFT", new_y="NEXT")

    def _barcode(self, number: str, x: float, y: float) -> None:
        """Code 39, which every carrier's scanner reads, with the number below."""
        self.set_fill_color(0)
        self.code39(f"*{number}*", x, y, w=_BAR, h=_BAR_HEIGHT)
        self._at(x, y + _BAR_HEIGHT + 1, number, 12, bold=True, line=6)

    def _at(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        line: float,
        bold: bool = False,
        colour: tuple[int, int, int] = _INK,
    ) -> None:
        self.set_xy(x, y)
        self._letters(size, bold=bold, colour=colour)
        self.cell(0, line, text, new_x="LEFT", new_y="NEXT")

    def _words(self, text: str, size: float, *, bold: bool = False, line: float = _LINE) -> None:
        self._letters(size, bold=bold)
        self.multi_cell(0, line, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def _letters(
        self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = _INK
    ) -> None:
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)


@lru_cache
def font_files() -> dict[str, Path]:
    """The font's files by style.

    Raises:
        FontMissing: when they can't be found.
    """
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise FontMissing("matplotlib isn't installed")
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    files = {style: folder / name for style, name in _FILES.items()}
    for path in files.values():
        if not path.exists():
            raise FontMissing(f"{path.name} isn't in {folder}")
    return files
