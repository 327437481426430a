"""What a document is made of, and the plain lines that templates write it in.

A template writes one line for each part, told apart by how the line begins:

    # The document's title        ## A heading
    | label | value               a row of facts
    > words                       what somebody stated, word for word
    - words <https://...>         a point, with its source if it has one
    === number | kind | from | to a parcel's label, with its words; its addresses follow:
    << words                      a line of the sender's
    >> words                      a line of the receiver's
    words                         a paragraph

Templates put what buyers wrote only after such a beginning and on one line (`one_line`), or
line by line behind `>` (`quoted`), so that nobody's words can pass for a part of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

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
class ParcelLabel:
    """A label to cut out and stick on a parcel.

    Attributes:
        number: stands on it in letters and as a barcode.
        kind: what it is, such as "PRE-PAID RETURN".
        headings: what stands above the sender and above the receiver.
        sender: lines of an address.
        receiver: likewise.
    """

    number: str
    kind: str
    headings: tuple[str, str]
    sender: tuple[str, ...] = ()
    receiver: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """Plain words."""

    text: str


Part = Title | Heading | Fact | Quote | Point | ParcelLabel | Paragraph


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
    if isinstance(part, ParcelLabel):
        sender, receiver = part.headings
        addresses = [sender, *part.sender, receiver, *part.receiver]
        return "\n".join([f"{part.kind} {part.number}", *addresses])
    return part.text


def _joined(lines: Iterator[str]) -> Iterator[Part]:
    quote: list[str] = []
    label: ParcelLabel | None = None
    for line in lines:
        if line.startswith("> "):
            quote.append(line[2:])
            continue
        if line.startswith("=== "):
            label = _parcel_label(line)
            continue
        if label and line.startswith(("<< ", ">> ")):
            label = _with_line(label, line)
            continue
        if label:
            yield label
            label = None
        if quote:
            yield Quote(tuple(quote))
            quote = []
        yield _part(line.strip())
    if quote:
        yield Quote(tuple(quote))
    if label:
        yield label


def _parcel_label(line: str) -> ParcelLabel:
    number, kind, sender, receiver = line[4:].split(" | ")
    return ParcelLabel(number, kind, (sender, receiver))


def _with_line(label: ParcelLabel, line: str) -> ParcelLabel:
    if line.startswith("<<"):
        return replace(label, sender=(*label.sender, line[3:]))
    return replace(label, receiver=(*label.receiver, line[3:]))


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
