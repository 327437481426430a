"""Pictures of items, for the cards of the chat on any site."""

from __future__ import annotations

import asyncio

from sanic import Blueprint
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.desk.pictures import MEDIA_TYPE, Pictures
from bot.settings import Settings

_HEADERS = {
    # A picture is named by its content, so it never changes.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
}


class PictureRoutes:
    """`GET /pictures/...`."""

    def __init__(self, settings: Settings) -> None:
        """Keeps where the pictures are."""
        self._pictures = Pictures(settings.pictures_dir())

    def add_routes(self, routes: Blueprint) -> None:
        """Adds the route to the help center's."""

        @routes.get("/pictures/<name:str>")
        async def item_picture(request: Request, name: str) -> HTTPResponse:
            found = await asyncio.to_thread(self._pictures.read, name)
            if found is None:
                raise NotFound("no such picture")
            return raw(found, headers=_HEADERS, content_type=MEDIA_TYPE)
