"""Reads the words back out of our own PDFs, as a reader of one would copy them."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.S)
_SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\)\s*Tj", re.S)
_PAIR = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
_ESCAPED = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of_pdf(content: bytes) -> str:
    """The text of all pages, on one line.

    Args:
        content: a PDF made by bot.desk.documents.
    """
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    letters = {
        font: _letters(_stream(objects[int(number)]))
        for body in objects.values()
        for font, number in _fonts(body, objects)
    }
    pages = [_stream(body) for body in objects.values() if b"/Filter" in body]
    return " ".join(line for page in pages if b"BT" in page for line in _lines(page, letters))


def _fonts(body: bytes, objects: dict[int, bytes]) -> list[tuple[str, bytes]]:
    """Each font's short name with the number of its table of letters."""
    names = re.findall(rb"/F(\d+) (\d+) 0 R", body)
    tables = [(name, re.search(rb"/ToUnicode (\d+) 0 R", objects[int(n)])) for name, n in names]
    return [(name.decode(), found[1]) for name, found in tables if found]


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if not found:
        return b""
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _letters(table: bytes) -> dict[int, str]:
    return {
        int(code, 16): bytes.fromhex(letter.decode()).decode("utf-16-be")
        for code, letter in _PAIR.findall(table)
    }


def _lines(page: bytes, letters: dict[str, dict[int, str]]) -> list[str]:
    font, lines = "", []
    for name, shown in _SHOWN.findall(page):
        if name:
            font = name.decode()
        elif font in letters:
            raw = re.sub(rb"\\(.)", lambda m: _ESCAPED.get(m[1], m[1]), shown, flags=re.S)
            codes = [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
            lines.append("".join(letters[font].get(code, "�") for code in codes))
    return lines
