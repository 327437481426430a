"""Photos, decoded and written anew: upright, in sRGB, of a sensible size, without metadata."""

from __future__ import annotations

import io
from pathlib import Path

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from bot.media.formats import Format
from bot.media.made import Bounds, Made, Problem, Refused

LONGEST_SIDE = 4096
"""Pixels; enough to read a serial number on a photo of a box."""
THUMBNAIL_SIDE = 480
"""Pixels; shown at half of it on a sharp screen."""
_JPEG = {"quality": 88, "progressive": True, "optimize": True}
_THUMBNAIL = {"quality": 80, "progressive": True, "optimize": True}
_DRAWN_PIXELS = 4_000_000
"""A larger PNG is a photo all the same, and as a JPEG a tenth as large."""
_DECODERS = {
    Format.JPEG: "JPEG",
    Format.PNG: "PNG",
    Format.WEBP: "WEBP",
    Format.HEIC: "HEIF",
}


def write_photo(source: Path, format_: Format, bounds: Bounds, to: Path, thumbnail: Path) -> Made:
    """Decode a photo and write it anew.

    Args:
        source: what was sent.
        format_: what its first bytes say it is.
        bounds: what it may have.
        to: where the new file goes.
        thumbnail: where a small JPEG of it goes.

    Raises:
        Refused: it has too many pixels.
        Exception: any other, when it is damaged.
    """
    # Our own bound is checked below, before a pixel is decoded; Pillow's would only warn.
    Image.MAX_IMAGE_PIXELS = None
    if format_ is Format.HEIC:
        pillow_heif.register_heif_opener(thumbnails=False)
    with Image.open(source, formats=[_DECODERS[format_]]) as opened:
        if opened.width * opened.height > bounds.photo_pixels:
            raise Refused(Problem.TOO_MANY_PIXELS)
        # A JPEG can be decoded at half its size, which a very large one is shrunk to anyway.
        opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        photo = _in_srgb(ImageOps.exif_transpose(opened))
    photo.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    made = _write(photo, format_, to)
    write_thumbnail(photo, thumbnail)
    return made


def write_thumbnail(photo: Image.Image, to: Path) -> None:
    """Write a small JPEG of a picture.

    Args:
        photo: RGB or RGBA.
        to: where it goes.
    """
    small = photo.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    _bare(_on_white(small)).save(to, "JPEG", **_THUMBNAIL)


def _write(photo: Image.Image, format_: Format, to: Path) -> Made:
    size = {"width": photo.width, "height": photo.height}
    if format_ is Format.PNG and photo.width * photo.height <= _DRAWN_PIXELS:
        _bare(photo).save(to, "PNG")
        return Made("image/png", **size)
    _bare(_on_white(photo)).save(to, "JPEG", **_JPEG)
    return Made("image/jpeg", **size)


def _in_srgb(photo: Image.Image) -> Image.Image:
    """The picture as RGB, or RGBA when parts of it are see-through, in sRGB."""
    profile = photo.info.get("icc_profile")
    is_clear = photo.has_transparency_data
    mode = "RGBA" if is_clear else "RGB"
    if profile and photo.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            changed = ImageCms.profileToProfile(photo, found, srgb, outputMode=mode)
            if changed is not None:
                return changed
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that can't be used changes colours a little, nothing more
    if photo.mode.startswith("I;16"):
        # Pillow would cut 16 bits off at 8 instead of scaling them.
        photo = photo.point(lambda value: value / 256).convert("L")
    return photo.convert(mode)


def _on_white(photo: Image.Image) -> Image.Image:
    if photo.mode != "RGBA":
        return photo
    white = Image.new("RGB", photo.size, "white")
    white.paste(photo, mask=photo.getchannel("A"))
    return white


def _bare(photo: Image.Image) -> Image.Image:
    """The picture without anything that Pillow would write beside its pixels."""
    photo.info = {}
    return photo
