"""Pictures of items: drawn anew at import, and refused with the line where they can't be used."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from bot.desk import Desk
from bot.desk.importing import ImportRefused
from bot.desk.pictures import NAME, Pictures
from tests import evidence_files as files
from tests.desk.shop import BLENDER, bring, order, rows, verified


def with_picture(name: str, **changes: object) -> str:
    return json.dumps(order(items=[BLENDER | {"picture": name}], **changes))


def test_a_picture_is_drawn_small_without_what_a_phone_writes_into_it(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "blender.jpg").write_bytes(files.phone_photo())
    desk.import_orders([with_picture("blender.jpg")], "tests", tmp_path)
    verified(desk)
    name = desk.order("chat-1", "50010001").items[0].picture
    assert name
    assert NAME.fullmatch(name)
    content = desk.context.pictures.read(name)
    assert content
    with Image.open(io.BytesIO(content)) as kept:
        assert (kept.format, kept.size) == ("WEBP", (192, 192))
        assert not kept.getexif()
    assert len(content) < 20_000


def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "kept")
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(files.png())
    assert pictures.keep(tmp_path / "one.png") == pictures.keep(tmp_path / "two.png")
    assert len(list((tmp_path / "kept").iterdir())) == 1


BROKEN = {
    "missing": None,
    "no picture": b"<svg onload=alert(1)>",
    "a bomb": files.png_bomb(),
    "a document": files.pdf(),
    "cut off": files.png()[:200],
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_isnt_a_picture_is_refused_with_its_line(
    desk: Desk, tmp_path: Path, kind: str
) -> None:
    content = BROKEN[kind]
    if content is not None:
        (tmp_path / "it.png").write_bytes(content)
    with pytest.raises(ImportRefused) as refused:
        desk.import_orders(["", with_picture("it.png")], "tests", tmp_path)
    assert str(refused.value).startswith("line 2, items.0.picture: ")
    assert rows(desk, "orders") == []


@pytest.mark.parametrize(
    "name", ["../secret.png", "/etc/passwd", "a/../../b.png", "", ".hidden", "a\\..\\b", "a\n.png"]
)
def test_a_picture_is_named_below_its_folder(desk: Desk, tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportRefused):
        desk.import_orders([with_picture(name)], "tests", tmp_path)


def test_without_a_folder_no_picture_can_be_named(desk: Desk) -> None:
    with pytest.raises(ImportRefused, match="--pictures"):
        desk.import_orders([with_picture("it.png")], "tests")


def test_orders_without_pictures_stay_the_same_ones(desk: Desk) -> None:
    bring(desk, order())
    lacking = order()
    lacking["items"][0]["picture"] = None
    assert desk.import_orders([json.dumps(lacking)], "tests").unchanged == 1


@pytest.mark.parametrize("name", ["../desk.db", "x.webp", "0" * 32, "0" * 32 + ".webp", ""])
def test_only_pictures_are_read(desk: Desk, name: str) -> None:
    assert desk.context.pictures.read(name) is None
