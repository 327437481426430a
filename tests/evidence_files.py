"""Files as buyers and attackers send them, made on the spot."""

from __future__ import annotations

import io
import struct
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pillow_heif
from fpdf import FPDF
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

PLACE = "48.858370"
"""Where a photo or a video says it was taken."""
WORDS = "SECRET WORDS OF THE CAMERA"
SCRIPT = b"<script>alert(document.domain)</script>"
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
_GPS = 0x8825
_DESCRIPTION = 0x010E
_ORIENTATION = 0x0112
_ROTATED = 6
_GPS_LATITUDE_REF, _GPS_LATITUDE, _GPS_AREA = 1, 2, 0x1C


def drawing(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """A picture whose upper left corner is red."""
    picture = Image.new(mode, size, "white" if mode != "RGBA" else (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, size[0] // 3, size[1] // 3), fill="red")
    draw.ellipse((size[0] // 2, size[1] // 2, size[0] - 10, size[1] - 10), fill="blue")
    return picture


def _exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    exif[_DESCRIPTION] = WORDS
    place = exif.get_ifd(_GPS)
    place[_GPS_LATITUDE_REF], place[_GPS_LATITUDE] = "N", (48.0, 51.0, 30.13)
    place[_GPS_AREA] = PLACE
    return exif


def jpeg(size: tuple[int, int] = (640, 480), orientation: int = 1, **options: Any) -> bytes:
    """A photo with a place, words and an orientation in its Exif."""
    return _saved(drawing(size), "JPEG", exif=_exif(orientation), comment=WORDS, **options)


def rotated_jpeg() -> bytes:
    """A photo of a phone held upright: kept on its side, with a word on how to turn it."""
    return jpeg((640, 480), _ROTATED)


@lru_cache
def phone_photo() -> bytes:
    """12 megapixels with some noise in them, as a phone writes them: about 4 MB."""
    noise = Image.effect_noise((4032, 3024), 24).convert("RGB")
    return _saved(noise, "JPEG", quality=75, exif=_exif(1))


def png(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> bytes:
    """A screenshot."""
    return _saved(drawing(size, mode), "PNG")


def webp() -> bytes:
    """A picture as the web has them."""
    return _saved(drawing(), "WEBP", exif=_exif(1).tobytes())


def heic() -> bytes:
    """A photo as an iPhone has it."""
    made = io.BytesIO()
    pillow_heif.from_pillow(drawing()).save(made, quality=80, exif=_exif(1).tobytes())
    return made.getvalue()


def png_bomb(side: int = 60_000) -> bytes:
    """A PNG of some kilobytes that says, and holds, far too many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" * (side // 8 + 1)) for _ in range(2000))
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", rows + packer.flush()), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def polyglots() -> dict[str, bytes]:
    """Photos that are something else too."""
    photo = jpeg()
    comment = b"\xff\xfe" + struct.pack(">H", len(HTML) + 2) + HTML
    return {
        "html after it": photo + HTML,
        "html in a comment": photo[:2] + comment + photo[2:],
        "a zip after it": photo + b"PK\x03\x04" + SCRIPT * 3 + b"PK\x05\x06" + b"\0" * 18,
        "php in its words": _saved(drawing(), "JPEG", comment=b"<?php system($_GET[0]); ?>"),
        "a pdf after it": photo + b"%PDF-1.4\n" + SCRIPT,
    }


def pdf(pages: int = 2, **changes: bool) -> bytes:
    """An invoice with a photo on its first page, and whatever else a PDF may hold.

    Args:
        pages: how many.
        **changes: `hostile` adds scripts, actions, a file and metadata; `locked` a password;
            `form` a filled-in field.
    """
    made = FPDF()
    for number in range(1, pages + 1):
        made.add_page()
        made.set_font("helvetica", size=20)
        link = "https://evil.example/" if number == 1 else ""
        made.cell(text=f"Invoice page {number}", link=link)
    made.image(drawing(), x=10, y=40, w=60)
    if changes.get("hostile"):
        made.set_title(WORDS)
        made.embed_file(basename="evil.exe", bytes=b"MZ EVIL PROGRAM")
    if not changes:
        return bytes(made.output())
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made.output())))
    if changes.get("hostile"):
        _make_hostile(writer)
    if changes.get("form"):
        _add_field(writer)
    if changes.get("locked"):
        writer.encrypt("a password", algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _name(**entries: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def _script(words: str) -> DictionaryObject:
    return _name(S=NameObject("/JavaScript"), JS=TextStringObject(words))


def _make_hostile(writer: PdfWriter) -> None:
    names = ArrayObject([TextStringObject("a"), _script("SCRIPT OF THE DOCUMENT")])
    root = writer.root_object
    root[NameObject("/Names")] = _name(JavaScript=_name(Names=names))
    root[NameObject("/OpenAction")] = _name(
        S=NameObject("/Launch"), F=TextStringObject("LAUNCHED.exe")
    )
    page = writer.pages[0]
    page[NameObject("/AA")] = _name(O=_script("SCRIPT OF THE PAGE"))
    for one in writer.pages[-1]["/Resources"]["/XObject"].values():
        image = one.get_object()
        assert isinstance(image, StreamObject)
        image._data = jpeg()
        image[NameObject("/Filter")] = NameObject("/DCTDecode")
        image[NameObject("/Width")], image[NameObject("/Height")] = (
            NumberObject(640),
            NumberObject(480),
        )
        for key in ("/DecodeParms", "/SMask"):
            image.pop(key, None)


def _add_field(writer: PdfWriter) -> None:
    """A field that was filled in, with a script that runs when the page is opened."""
    look = StreamObject()
    look.set_data(b"BT /F1 12 Tf 2 2 Td (FILLED IN) Tj ET")
    look.update(
        _name(
            Type=NameObject("/XObject"),
            Subtype=NameObject("/Form"),
            BBox=ArrayObject([NumberObject(n) for n in (0, 0, 100, 20)]),
        )
    )
    field = _name(
        Type=NameObject("/Annot"),
        Subtype=NameObject("/Widget"),
        FT=NameObject("/Tx"),
        Rect=ArrayObject([NumberObject(n) for n in (50, 50, 150, 70)]),
        AP=_name(N=writer._add_object(look)),
        AA=_name(PO=_script("SCRIPT OF THE FIELD")),
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(field)])


def video(
    kind: str = "mp4",
    seconds: float = 1,
    picture: str = "libx264",
    sound: str | None = "aac",
    size: tuple[int, int] = (160, 120),
) -> bytes:
    """A film of a bar that moves, with a place, words and, if asked for, a tone.

    Args:
        kind: "mp4", "mov" or "webm".
        seconds: how long.
        picture: an encoder.
        sound: an encoder, or None.
        size: width and height.
    """
    made = io.BytesIO()
    # As a phone does it: in an atom of QuickTime's.
    options = {} if kind == "webm" else {"movflags": "use_metadata_tags"}
    with av.open(made, "w", format=kind, options=options) as film:
        film.metadata.update(
            {
                "title": WORDS,
                "location": f"+{PLACE}+002.294481/",
                "com.apple.quicktime.location.ISO6709": f"+{PLACE}+002.294481/",
            }
        )
        shown = film.add_stream(picture, rate=10)
        shown.width, shown.height, shown.pix_fmt = *size, "yuv420p"
        heard = film.add_stream(sound, rate=48_000) if sound else None
        for number in range(round(seconds * 10)):
            for packet in shown.encode(_frame(size, number)):
                film.mux(packet)
        for packet in shown.encode():
            film.mux(packet)
        if heard is not None:
            _add_tone(film, heard, seconds)
    return made.getvalue()


def _frame(size: tuple[int, int], number: int) -> av.VideoFrame:
    picture = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    picture[: size[1] // 2] = 220
    picture[:, number % size[0]] = 128
    return av.VideoFrame.from_ndarray(picture, format="rgb24")


def _add_tone(film: Any, heard: Any, seconds: float) -> None:
    for start in range(0, round(seconds * 48_000), 1024):
        kind = heard.codec_context.format
        dtype = np.float32 if "flt" in kind.name else np.int16
        samples = np.zeros((1, 2048) if kind.is_packed else (2, 1024), dtype=dtype)
        frame = av.AudioFrame.from_ndarray(samples, kind.name, "stereo")
        frame.rate, frame.pts = 48_000, start
        for packet in heard.encode(frame):
            film.mux(packet)
    for packet in heard.encode():
        film.mux(packet)


def turned(film: bytes) -> bytes:
    """The same MP4 as a phone held upright writes it: its picture is to be turned by 90 degrees."""
    one, two = 0x00010000, 0x40000000
    upright = struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, two)
    at = film.index(b"tkhd") + 44
    return film[:at] + upright + film[at + len(upright) :]


def all_of_pdf(content: bytes) -> bytes:
    """Everything that a PDF holds, unpacked, to look for something in it."""
    reader = PdfReader(io.BytesIO(content))
    found = [content]
    for number in range(1, int(reader.trailer["/Size"]) + 1):
        one = reader.get_object(number)
        found.append(str(one).encode())
        if isinstance(one, StreamObject):
            found.append(one.get_data())
    return b"".join(found)


def write(folder: Path, content: bytes, name: str = "sent") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content)
    return path


def _saved(picture: Image.Image, format_: str, **options: Any) -> bytes:
    made = io.BytesIO()
    picture.save(made, format_, **options)
    return made.getvalue()
