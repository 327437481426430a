"""Short videos, taken apart and put together anew: picture and sound, without metadata.

Nothing is encoded again, which would take minutes: the packets of one picture and one sound stream
go into a new file. Titles, dates, places, further tracks (where a phone writes its way while it
films) and what cameras hide between the pictures (SEI) stay behind.
"""

from __future__ import annotations

import math
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from bot.media.formats import Format
from bot.media.made import Bounds, Made, Problem, Refused
from bot.media.photos import write_thumbnail
from bot.media.units import Units

_DEMUXERS = {Format.MP4: "mov", Format.MOV: "mov", Format.WEBM: "matroska"}
_READ_ONLY_THIS = {"protocol_whitelist": "file", "enable_drefs": "0"}
"""A film may name other files and addresses to take its contents from."""
_PICTURES = {"mp4": {"h264", "hevc", "av1"}, "webm": {"vp8", "vp9", "av1"}}
_SOUNDS = {"mp4": {"aac", "mp3"}, "webm": {"opus", "vorbis"}}
"""What browsers and phones play; sound of any other kind is left out."""
_TYPES = {"mp4": "video/mp4", "webm": "video/webm"}
_WRITTEN = {
    "mp4": {"movflags": "+faststart", "fflags": "+bitexact"},
    "webm": {"fflags": "+bitexact"},
}
"""Options of the new file: played while it is loaded, without a word on what wrote it."""
_GRACE_SECONDS = 1
"""A phone that counts to 60 writes a little more."""
_POSTER_FRAMES = 60


def write_video(source: Path, format_: Format, bounds: Bounds, to: Path, thumbnail: Path) -> Made:
    """Read a video and write its picture and sound anew.

    Args:
        source: what was sent.
        format_: what its first bytes say it is.
        bounds: what it may have.
        to: where the new file goes.
        thumbnail: where a frame of it goes, a JPEG.

    Raises:
        Refused: it is too long, too large in pixels, or of a kind that players don't play.
        Exception: any other, when it is damaged.
    """
    seconds, kind = _write(source, format_, bounds, to)
    # From the new file: what can be shown of it is what was kept.
    poster = _poster(to, kind, bounds)
    width, height = poster.size
    write_thumbnail(poster, thumbnail)
    return Made(_TYPES[kind], width=width, height=height, seconds=seconds)


def _write(source: Path, format_: Format, bounds: Bounds, to: Path) -> tuple[int, str]:
    kind = "webm" if format_ is Format.WEBM else "mp4"
    with ExitStack() as open_files:
        film = open_files.enter_context(
            av.open(
                str(source),
                format=_DEMUXERS[format_],
                options=_READ_ONLY_THIS,
                metadata_errors="ignore",
            )
        )
        picture, sound = _streams(film, kind)
        _require_size(picture, bounds)
        if film.duration and film.duration / av.time_base > bounds.video_seconds + _GRACE_SECONDS:
            raise Refused(Problem.TOO_LONG)
        made = open_files.enter_context(av.open(str(to), "w", format=kind, options=_WRITTEN[kind]))
        outs = {
            stream.index: made.add_stream_from_template(stream)
            for stream in (picture, sound)
            if stream is not None
        }
        for out in outs.values():
            out.metadata.clear()
        made.metadata.clear()
        seconds = _copy(film, made, picture, sound, outs, bounds)
    if not seconds:
        raise Refused(Problem.DAMAGED)
    return seconds, kind


def _streams(film: Any, kind: str) -> tuple[Any, Any]:
    """The picture and, when it can be played, the sound."""
    pictures = [one for one in film.streams.video if not _is_cover(one)]
    if not pictures:
        raise Refused(Problem.DAMAGED)
    picture = pictures[0]
    if _codec(picture) not in _PICTURES[kind]:
        raise Refused(Problem.CODEC)
    sounds = [one for one in film.streams.audio if _codec(one) in _SOUNDS[kind]]
    return picture, sounds[0] if sounds else None


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _codec(stream: Any) -> str:
    context = stream.codec_context
    return str(context.codec.canonical_name) if context is not None else ""


def _require_size(picture: Any, bounds: Bounds) -> None:
    width, height = picture.codec_context.width, picture.codec_context.height
    if not width or not height:
        raise Refused(Problem.DAMAGED)
    if width * height > bounds.photo_pixels:
        raise Refused(Problem.TOO_MANY_PIXELS)


def _copy(
    film: Any, made: Any, picture: Any, sound: Any, outs: dict[int, Any], bounds: Bounds
) -> int:
    """Copy the packets; the seconds that the picture takes, rounded up.

    What the file says of its length isn't believed.
    """
    units = Units(_codec(picture), picture.codec_context.extradata)
    first: Fraction | None = None
    last = Fraction(0)
    for packet in film.demux([one for one in (picture, sound) if one is not None]):
        if packet.dts is None:
            continue
        out = outs[packet.stream.index]
        if packet.stream.index == picture.index:
            at = Fraction(packet.dts * packet.time_base)
            first = at if first is None else min(first, at)
            last = max(last, at + Fraction((packet.duration or 0) * packet.time_base))
            if last - first > bounds.video_seconds + _GRACE_SECONDS:
                raise Refused(Problem.TOO_LONG)
            packet = _shown(packet, units)
        packet.stream = out
        made.mux(packet)
    return 0 if first is None else max(1, math.ceil(last - first))


def _shown(packet: Any, units: Units) -> Any:
    """The packet without units that aren't shown."""
    if not units.looks:
        return packet
    before = bytes(packet)
    after = units.shown(before)
    if len(after) == len(before):
        return packet
    shown = av.Packet(after)
    for name in ("pts", "dts", "duration", "time_base", "is_keyframe"):
        setattr(shown, name, getattr(packet, name))
    return shown


def _poster(path: Path, kind: str, bounds: Bounds) -> Any:
    """A frame that shows something: the first that isn't all of one colour."""
    demuxer = "mov" if kind == "mp4" else "matroska"
    with av.open(str(path), format=demuxer, options=_READ_ONLY_THIS) as film:
        picture = film.streams.video[0]
        picture.codec_context.thread_count = 1
        poster = None
        for number, frame in enumerate(film.decode(picture)):
            if frame.width * frame.height > bounds.photo_pixels:
                raise Refused(Problem.TOO_MANY_PIXELS)
            poster = frame.to_image().rotate(frame.rotation, expand=True)
            if number >= _POSTER_FRAMES or _shows_something(poster):
                break
    if poster is None:
        raise Refused(Problem.DAMAGED)
    return poster


def _shows_something(poster: Any) -> bool:
    darkest, brightest = poster.convert("L").getextrema()
    return bool(brightest - darkest > 32)
