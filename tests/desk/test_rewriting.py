"""Files are checked by their content and written anew, in a process that can't do harm."""

from __future__ import annotations

import io
import logging
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from PIL import Image, ImageCms
from pypdf import PdfReader

from bot.media import sandbox
from bot.media.formats import Format, format_of
from bot.media.jpegs import without_metadata
from bot.media.made import Bounds, Made, Problem, Refused
from tests import evidence_files as files

MB = 1_000_000
BOUNDS = Bounds(
    photo_bytes=15 * MB,
    photo_pixels=120 * MB,
    document_bytes=15 * MB,
    document_pages=50,
    video_bytes=25 * MB,
    video_seconds=60,
)
WriteAnew = Callable[..., "Anew"]


class Anew:
    """What was made of a file."""

    def __init__(self, made: Made, path: Path, thumbnail: Path) -> None:
        self.made, self.content = made, path.read_bytes()
        self.thumbnail = Image.open(thumbnail)

    @property
    def photo(self) -> Image.Image:
        return Image.open(io.BytesIO(self.content))


@pytest.fixture
def anew(tmp_path: Path) -> WriteAnew:
    """Has a file written anew by the real worker."""

    def write(content: bytes, bounds: Bounds = BOUNDS) -> Anew:
        sent = files.write(tmp_path, content)
        to, thumbnail = tmp_path / "to", tmp_path / "thumbnail"
        return Anew(sandbox.write_anew(sent, bounds, to, thumbnail), to, thumbnail)

    return write


def refused(anew: WriteAnew, content: bytes, bounds: Bounds = BOUNDS) -> Problem:
    with pytest.raises(Refused) as caught:
        anew(content, bounds)
    return caught.value.problem


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (files.jpeg, Format.JPEG),
        (files.png, Format.PNG),
        (files.webp, Format.WEBP),
        (files.heic, Format.HEIC),
        (files.pdf, Format.PDF),
        (files.video, Format.MP4),
        (lambda: files.video("mov"), Format.MOV),
        (lambda: files.video("webm", picture="libvpx", sound="libopus"), Format.WEBM),
    ],
)
def test_what_a_file_is_stands_in_its_first_bytes(
    content: Callable[[], bytes], found: Format
) -> None:
    assert format_of(content()[:4096]) is found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        files.GIF,
        files.SVG,
        files.HTML,
        b"\0" * 5000,
        b"MZ" + b"\0" * 500,
        b"PK\x03\x04" + b"\0" * 500,
        b"BM" + b"\0" * 500,
        b"II*\0" + b"\0" * 500,
        b"  %PDF-1.4",
        b"#!/bin/sh\n",
    ],
)
def test_anything_else_is_none_of_those_taken(content: bytes) -> None:
    assert format_of(content) is None


@pytest.mark.parametrize("make", [files.jpeg, files.webp, files.heic])
def test_a_photo_becomes_a_jpeg_without_place_and_words(
    anew: WriteAnew, make: Callable[[], bytes]
) -> None:
    made = anew(make())
    assert made.made == Made("image/jpeg", width=640, height=480)
    assert made.photo.format == "JPEG"
    assert not made.photo.getexif()
    assert not {"exif", "xmp", "comment", "icc_profile"} & set(made.photo.info)
    for told in (files.PLACE, files.WORDS):
        assert told.encode() not in made.content


def test_a_screenshot_stays_a_png_and_a_large_one_becomes_a_jpeg(anew: WriteAnew) -> None:
    assert anew(files.png()).made.media_type == "image/png"
    assert anew(files.png((2400, 2400))).made.media_type == "image/jpeg"


def test_what_is_see_through_stays_so_and_its_thumbnail_is_white_there(anew: WriteAnew) -> None:
    made = anew(files.png(mode="RGBA"))
    assert made.photo.mode == "RGBA"
    assert made.thumbnail.getpixel((400, 20)) == pytest.approx((255, 255, 255), abs=3)


def test_a_photo_of_an_upright_phone_stands_upright(anew: WriteAnew) -> None:
    made = anew(files.rotated_jpeg())
    assert (made.made.width, made.made.height) == made.photo.size == (480, 640)
    # The red corner was at the upper left of what lies on its side.
    red, _, blue = made.photo.convert("RGB").getpixel((450, 20))
    assert red > 200 > 60 > blue


def test_colours_of_another_space_become_those_of_srgb(anew: WriteAnew) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    made = anew(files.jpeg(icc_profile=lab.tobytes()))
    assert "icc_profile" not in made.photo.info
    assert anew(files.jpeg(icc_profile=b"no profile at all")).made.width == 640


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "1", "LA", "I;16"])
def test_every_kind_of_pixels_can_be_read(anew: WriteAnew, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    if mode == "I;16":
        picture = Image.new("I;16", (64, 48), 40_000)
    else:
        picture = files.drawing((64, 48)).convert(mode)
    sent = io.BytesIO()
    picture.save(sent, kind)
    made = anew(sent.getvalue())
    assert made.photo.size == (64, 48)
    if mode == "I;16":
        assert made.photo.convert("L").getpixel((5, 5)) == pytest.approx(40_000 / 256, abs=3)


def test_a_very_large_photo_is_made_smaller(anew: WriteAnew) -> None:
    made = anew(files.jpeg((9000, 3000)))
    assert made.photo.size == (4096, 1365)
    assert max(made.thumbnail.size) == 480


def test_a_phones_photo_is_read_in_little_time(anew: WriteAnew) -> None:
    photo = files.phone_photo()
    assert 3 * MB < len(photo) < 7 * MB
    before = time.monotonic()
    assert anew(photo).made.width == 4032
    # About a second on an idle machine (docs/evidence.md); here others may work too.
    assert time.monotonic() - before < 12


@pytest.mark.parametrize("content", files.polyglots().values(), ids=list(files.polyglots()))
def test_a_photo_that_is_something_else_too_is_a_photo_only(
    anew: WriteAnew, content: bytes
) -> None:
    made = anew(content)
    for told in (b"script", b"<?php", b"PK\x03\x04", b"%PDF", b"<html"):
        assert told not in made.content
    end = made.content.rindex(b"\xff\xd9")
    assert end == len(made.content) - 2


def test_a_bomb_of_pixels_is_refused_before_it_goes_off(anew: WriteAnew) -> None:
    bomb = files.png_bomb()
    assert len(bomb) < 100_000
    assert refused(anew, bomb) is Problem.TOO_MANY_PIXELS


def test_a_bomb_within_the_bound_goes_off_in_a_process_with_little_memory(
    anew: WriteAnew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_MEMORY_MB", 700)
    wide = Bounds(**{**vars(BOUNDS), "photo_pixels": 10**12})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(anew, files.png_bomb(40_000), wide) in {Problem.TOO_HARD, Problem.DAMAGED}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000  # kilobytes


@pytest.mark.parametrize(
    "content",
    [
        files.jpeg()[:3000],
        files.png()[:600],
        files.heic()[:800],
        files.webp()[:200],
        b"\xff\xd8\xff\xe0" + b"\0" * 5000,
        b"%PDF-1.7\nno such thing",
        files.pdf()[:400],
        files.video()[:600],
        files.video("webm", picture="libvpx", sound=None)[:60],
        b"%PDF-1.7\n" + b"<<" * 20_000,
    ],
)
def test_a_file_that_breaks_off_is_damaged(anew: WriteAnew, content: bytes) -> None:
    assert refused(anew, content) is Problem.DAMAGED


def test_a_reader_that_hangs_is_stopped(
    anew: WriteAnew, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hanging = tmp_path / "python"
    hanging.write_text("#!/bin/sh\nsleep 60\n")
    hanging.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(hanging))
    monkeypatch.setattr(sandbox, "_SECONDS", 0.3)
    assert refused(anew, files.jpeg()) is Problem.TOO_HARD


def test_a_reader_that_breaks_is_told_in_the_log_without_the_file(
    anew: WriteAnew,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    breaking = tmp_path / "python"
    breaking.write_text("#!/bin/sh\nkill -SEGV $$\n")
    breaking.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(breaking))
    with caplog.at_level(logging.WARNING):
        assert refused(anew, files.jpeg()) is Problem.TOO_HARD
    assert caplog.messages == ["a file's reader ended with code -11"]


def test_the_reader_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_SECRET_KEY", "x" * 40)
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", "postgresql://desk:word@db/assistant")
    assert not [name for name in sandbox._environment() if name.startswith("ASSISTANT")]


def test_a_pdf_keeps_its_pages_and_loses_everything_else(anew: WriteAnew) -> None:
    sent = files.pdf(hostile=True) + b"PK\x03\x04 ZIP AFTER THE END"
    hidden = (
        b"SCRIPT OF THE",
        b"LAUNCHED.exe",
        b"evil.exe",
        b"MZ EVIL PROGRAM",
        b"evil.example",
        b"OpenAction",
        files.WORDS.encode(),
        files.PLACE.encode(),
        b"ZIP AFTER",
        b"/AA",
    )
    before = files.all_of_pdf(sent)
    assert [word for word in hidden if word not in before] == []
    made = anew(sent)
    assert made.made == Made("application/pdf", pages=2)
    after = files.all_of_pdf(made.content)
    assert [word for word in hidden if word in after] == []
    pages = PdfReader(io.BytesIO(made.content)).pages
    assert [page.extract_text().strip() for page in pages] == ["Invoice page 1", "Invoice page 2"]
    assert len(pages[1].images) == 1


def test_what_was_filled_into_a_form_stays_visible_and_does_nothing(anew: WriteAnew) -> None:
    made = anew(files.pdf(form=True))
    (stamp,) = PdfReader(io.BytesIO(made.content)).pages[0]["/Annots"]
    assert set(stamp.get_object()) == {"/Type", "/Subtype", "/Rect", "/AP"}
    after = files.all_of_pdf(made.content)
    assert b"FILLED IN" in after
    assert b"SCRIPT OF THE FIELD" not in after


def test_a_locked_pdf_and_a_long_one_are_refused(anew: WriteAnew) -> None:
    assert refused(anew, files.pdf(locked=True)) is Problem.LOCKED
    assert refused(anew, files.pdf(51)) is Problem.TOO_MANY_PAGES
    assert anew(files.pdf(50)).made.pages == 50


@pytest.mark.parametrize(
    ("kind", "picture", "sound", "media_type"),
    [
        ("mp4", "libx264", "aac", "video/mp4"),
        ("mov", "libx265", "aac", "video/mp4"),
        ("mp4", "libx264", None, "video/mp4"),
        ("webm", "libvpx", "libopus", "video/webm"),
        ("webm", "libvpx-vp9", None, "video/webm"),
    ],
)
def test_a_video_keeps_picture_and_sound_and_loses_its_place(
    anew: WriteAnew, kind: str, picture: str, sound: str | None, media_type: str
) -> None:
    sent = files.video(kind, 2, picture, sound)
    assert files.WORDS.encode() in sent
    assert kind == "webm" or files.PLACE.encode() in sent
    made = anew(sent)
    assert made.made == Made(media_type, width=160, height=120, seconds=2)
    # What x264 says of itself stands between the pictures, as the places of some cameras do.
    assert picture != "libx264" or b"x264" in sent
    for told in (files.WORDS, files.PLACE, "x264"):
        assert told.encode() not in made.content
    with av.open(io.BytesIO(made.content)) as film:
        assert len(film.streams.audio) == (1 if sound else 0)
        assert sum(1 for _ in film.decode(video=0)) == 20
    assert made.thumbnail.size == (160, 120)


def test_a_video_of_an_upright_phone_stands_upright(anew: WriteAnew) -> None:
    made = anew(files.turned(files.video(sound=None)))
    assert (made.made.width, made.made.height) == made.thumbnail.size == (120, 160)
    with av.open(io.BytesIO(made.content)) as film:
        assert abs(next(film.decode(video=0)).rotation) == 90
    # Its upper half is light; upright, that is the right one.
    assert made.thumbnail.convert("L").getpixel((100, 80)) > 180
    assert made.thumbnail.convert("L").getpixel((20, 80)) < 60


def test_a_video_that_is_too_long_or_that_players_dont_play_is_refused(anew: WriteAnew) -> None:
    short = Bounds(**{**vars(BOUNDS), "video_seconds": 2})
    assert refused(anew, files.video(seconds=4, sound=None), short) is Problem.TOO_LONG
    assert refused(anew, files.video(picture="mpeg4", sound=None)) is Problem.CODEC


def test_a_video_that_lies_about_its_length_is_too_long(anew: WriteAnew) -> None:
    film = files.video(seconds=4, sound=None)
    at = film.index(b"mvhd") + 4 + 12
    lies = film[: at + 4] + (100).to_bytes(4, "big") + film[at + 8 :]
    short = Bounds(**{**vars(BOUNDS), "video_seconds": 2})
    assert refused(anew, lies, short) is Problem.TOO_LONG


def test_a_film_that_names_another_file_gets_nothing_of_it(anew: WriteAnew, tmp_path: Path) -> None:
    secret = files.write(tmp_path, files.video(sound=None), "secret.mp4")
    for words in (f"ffconcat version 1.0\nfile {secret}\n", f"#EXTM3U\n#EXTINF:1,\n{secret}\n"):
        assert refused(anew, words.encode()) is Problem.FORMAT


def test_the_picture_of_a_jpeg_without_metadata_is_the_same_to_the_byte() -> None:
    photo = files.jpeg()
    bare = without_metadata(photo + files.HTML)
    before, after = (Image.open(io.BytesIO(one)) for one in (photo, bare))
    assert before.tobytes() == after.tobytes()
    assert not after.getexif()
    for told in (files.PLACE, files.WORDS, "script"):
        assert told.encode() not in bare
    for broken in (b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\x00\x04ab", files.GIF):
        with pytest.raises(ValueError, match="JPEG"):
            without_metadata(broken)
