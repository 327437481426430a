"""What a document is made of, and the plain lines that templates write it in.

A template writes one line for each part, told apart by how the line begins:

    # The document's title        ## A heading
    | label | value               a row of facts
    > words                       what somebody stated, word for word
    - words <https://...>         a point, with its source if it has one
    words                         a paragraph

Templates put what buyers wrote only after such a beginning and on one line (`one_line`), or
line by line behind `>` (`quoted`), so that nobody's words can pass for a part of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_SOURCE = re.compile(r"(?P<text>.*\S)\s+<(?P<url>https://[^\s<>]+)>")


@dataclass(frozen=True)
class Title:
    """What the document is, in large letters."""

    text: str


@dataclass(frozen=True)
class Heading:
    """What the next part is about."""

    text: str


@dataclass(frozen=True)
class Fact:
    """A row of a table: what it is, and its value."""

    label: str
    value: str


@dataclass(frozen=True)
class Quote:
    """Words that stand in the document as somebody stated them."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """A point of a list; `url` is the source of what it says."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Plain words."""

    text: str


Part = Title | Heading | Fact | Quote | Point | Paragraph


def parts(written: str) -> tuple[Part, ...]:
    """The parts of a document.

    Args:
        written: what its template made.
    """
    return tuple(_joined(filter(str.strip, written.splitlines())))


def quoted(text: str) -> str:
    """Text as the lines of a `Quote`, for templates."""
    return "\n".join(f"> {line}" for line in text.splitlines())


def as_text(written: Iterable[Part]) -> str:
    """The parts as plain text, for a chat or a message.

    Args:
        written: what `parts` read.
    """
    lines: list[str] = []
    before: type[Part] | None = None
    for part in written:
        if not isinstance(part, (Fact, Point)) or not lines or type(part) is not before:
            lines.append("")
        lines.append(_as_line(part))
        before = type(part)
    return "\n".join(lines).strip()


def _as_line(part: Part) -> str:
    if isinstance(part, Fact):
        return f"{part.label}: {part.value}"
    if isinstance(part, Quote):
        return "\n".join(f"  {line}" for line in part.lines)
    if isinstance(part, Point):
        return f"- {part.text}" + (f"\n  {part.url}" if part.url else "")
    return part.text


def _joined(lines: Iterator[str]) -> Iterator[Part]:
    quote: list[str] = []
    for line in lines:
        if line.startswith("> "):
            quote.append(line[2:])
            continue
        if quote:
            yield Quote(tuple(quote))
            quote = []
        yield _part(line.strip())
    if quote:
        yield Quote(tuple(quote))


def _part(line: str) -> Part:
    if line.startswith("# "):
        return Title(line[2:])
    if line.startswith("## "):
        return Heading(line[3:])
    if line.startswith("| "):
        label, _, value = line[2:].partition(" | ")
        return Fact(label, value)
    if line.startswith("- "):
        found = _SOURCE.fullmatch(line[2:])
        return Point(found["text"], found["url"]) if found else Point(line[2:])
    return Paragraph(line)
