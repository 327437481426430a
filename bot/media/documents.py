"""PDF documents, read and written anew: their pages as they look, and nothing else.

What isn't copied can't do harm, so the new file is built from what is known: a page's measures,
contents and resources (ISO 32000-1, 7.7.3 and 7.8.3). Scripts, actions, attached files, links to
other files, forms, outlines, metadata and earlier versions stay behind. What was written into a
form's fields and what was drawn on the page stay visible, as pictures of themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from bot.media.jpegs import without_metadata
from bot.media.made import Bounds, Made, Problem, Refused
from bot.media.photos import THUMBNAIL_SIDE

_PAGE_KEYS = (
    "/Type",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/UserUnit",
    "/Contents",
    "/Resources",
    "/Group",
)
_RESOURCE_KEYS = {
    "/ExtGState",
    "/ColorSpace",
    "/Pattern",
    "/Shading",
    "/XObject",
    "/Font",
    "/ProcSet",
}
_STREAM_KEYS_LEFT_OUT = (
    "/F",  # the contents are in another file
    "/FFilter",
    "/FDecodeParms",
    "/Ref",  # a page of another file
    "/OPI",
    "/AF",
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/StructParent",
    "/StructParents",
    "/OC",
    "/Measure",
    "/PtData",  # where a map lies
)
_DRAWN_ANNOTATIONS = {
    "/Widget",
    "/FreeText",
    "/Stamp",
    "/Ink",
    "/Highlight",
    "/Underline",
    "/StrikeOut",
    "/Squiggly",
    "/Square",
    "/Circle",
    "/Line",
    "/Polygon",
    "/PolyLine",
}
_HIDDEN = 0b10 | 0b100000
"""Flags Hidden and NoView of an annotation."""


def write_document(source: Path, bounds: Bounds, to: Path, thumbnail: Path) -> Made:
    """Read a PDF and write its pages anew.

    Args:
        source: what was sent.
        bounds: what it may have.
        to: where the new file goes.
        thumbnail: where a picture of a sheet goes, a JPEG.

    Raises:
        Refused: it asks for a password, or has too many pages or none.
        Exception: any other, when it is damaged.
    """
    reader = PdfReader(source, strict=False)
    if reader.is_encrypted:
        raise Refused(Problem.LOCKED)
    count = len(reader.pages)
    if not count:
        raise Refused(Problem.DAMAGED)
    if count > bounds.document_pages:
        raise Refused(Problem.TOO_MANY_PAGES)
    writer = PdfWriter()
    seen: set[tuple[int, int]] = set()
    for page in reader.pages:
        writer.add_page(_bare(reader, page, seen))
    writer.metadata = None
    with to.open("wb") as file:
        writer.write(file)
    _write_sheet(thumbnail)
    return Made("application/pdf", pages=count)


def _bare(reader: PdfReader, page: PageObject, seen: set[tuple[int, int]]) -> PageObject:
    """The page with what it looks like."""
    bare = PageObject(reader)
    for key in _PAGE_KEYS:
        if key in page:
            bare[NameObject(key)] = page.raw_get(key)
    drawn = ArrayObject(_drawn(page))
    if drawn:
        bare[NameObject("/Annots")] = drawn
    _clean(bare, seen)
    return bare


def _drawn(page: PageObject) -> Iterator[DictionaryObject]:
    """What was written or drawn on the page, each as a stamp that does nothing."""
    annotations = page.get("/Annots")
    for one in _resolved(annotations) if annotations is not None else ():
        annotation = _resolved(one)
        if not isinstance(annotation, DictionaryObject):
            continue
        if annotation.get("/Subtype") not in _DRAWN_ANNOTATIONS or "/Rect" not in annotation:
            continue
        flags = _resolved(annotation.get("/F", 0))
        look = _look(annotation)
        if look is None or (isinstance(flags, int) and flags & _HIDDEN):
            continue
        yield DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Stamp"),
                NameObject("/Rect"): annotation.raw_get("/Rect"),
                NameObject("/AP"): DictionaryObject({NameObject("/N"): look}),
            }
        )


def _look(annotation: DictionaryObject) -> Any:
    """The stream that draws an annotation as it stands; None when nothing does."""
    appearance = _resolved(annotation.get("/AP"))
    if not isinstance(appearance, DictionaryObject) or "/N" not in appearance:
        return None
    normal = appearance.raw_get("/N")
    states = _resolved(normal)
    if isinstance(states, StreamObject):
        return normal
    state = annotation.get("/AS")
    if isinstance(states, DictionaryObject) and state in states:
        chosen = states.raw_get(state)
        return chosen if isinstance(_resolved(chosen), StreamObject) else None
    return None


def _clean(root: DictionaryObject, seen: set[tuple[int, int]]) -> None:
    """Take out of everything that a page refers to what isn't its look.

    Args:
        root: a page of our own making.
        seen: objects that were cleaned for an earlier page.
    """
    waiting: list[Any] = [root]
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            key = (found.idnum, found.generation)
            if key in seen:
                continue
            seen.add(key)
            found = found.get_object()
        if isinstance(found, StreamObject):
            _clean_stream(found)
        if isinstance(found, DictionaryObject):
            _clean_resources(found)
            waiting.extend(found.raw_get(key) for key in list(found))
        elif isinstance(found, ArrayObject):
            waiting.extend(list.__iter__(found))


def _clean_stream(stream: StreamObject) -> None:
    for key in _STREAM_KEYS_LEFT_OUT:
        stream.pop(key, None)
    filters = _resolved(stream.get("/Filter"))
    names = list(filters) if isinstance(filters, ArrayObject) else [filters]
    if names and names[-1] == "/DCTDecode":
        # A photo as the camera wrote it, with the place where it was taken.
        data = without_metadata(stream.get_data() if len(names) > 1 else stream._data)
        stream._data = data
        stream[NameObject("/Filter")] = NameObject("/DCTDecode")
        if len(names) > 1:
            stream.pop("/DecodeParms", None)


def _clean_resources(owner: DictionaryObject) -> None:
    resources = _resolved(owner.get("/Resources"))
    if isinstance(resources, DictionaryObject):
        for key in [key for key in resources if key not in _RESOURCE_KEYS]:
            del resources[key]


def _resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _write_sheet(to: Path) -> None:
    """A picture that says: a document. What is on it isn't drawn here."""
    side = THUMBNAIL_SIDE
    picture = Image.new("RGB", (side, side), "#eef0f4")
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = side * 0.24, side * 0.12, side * 0.76, side * 0.88
    fold = side * 0.14
    outline = [(left, top), (right - fold, top), (right, top + fold), (right, bottom)]
    draw.polygon([*outline, (left, bottom)], fill="white", outline="#5b6472", width=5)
    corner = [(right - fold, top), (right - fold, top + fold), (right, top + fold)]
    draw.line(corner, fill="#5b6472", width=5)
    draw.text(
        (side / 2, side * 0.56),
        "PDF",
        fill="#3a4250",
        font=ImageFont.load_default(size=side // 6),
        anchor="mm",
    )
    picture.save(to, "JPEG", quality=85)
