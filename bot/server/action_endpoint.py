"""The way from Rasa to the action server: one connection that is kept, and a short time-out."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import ujson
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.server.action_calls import shorten

ACTION_SECONDS = 20
"""Rasa waits 300 seconds for an action, but locks the conversation for 60 only: a buyer's next
message would run beside the first. Our actions give up on the desk within a few seconds."""


class ActionEndpoint(EndpointConfig):
    """Rasa's endpoint, which opens a session and a connection anew for each action, with one kept.

    Args:
        endpoint: the `action_endpoint` that endpoints.yml describes.
    """

    def __init__(self, endpoint: EndpointConfig) -> None:
        super().__init__(
            url=endpoint.url,
            params=endpoint.params,
            headers=endpoint.headers,
            basic_auth=endpoint.basic_auth,
            token=endpoint.token,
            token_name=endpoint.token_name,
            cafile=endpoint.cafile,
            **endpoint.kwargs,
        )
        self._session: aiohttp.ClientSession | None = None

    async def request(  # noqa: D102 - as the parent's
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any | None:
        if subpath or self.cafile:
            return await super().request(method, subpath, content_type, compress, **kwargs)
        if "tracker" in kwargs.get("json", ()):
            kwargs["json"] = shorten(kwargs["json"])
        kwargs["timeout"] = aiohttp.ClientTimeout(total=ACTION_SECONDS)
        headers = {"Content-Type": content_type} if content_type else {}
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(json_serialize=ujson.dumps)
        try:
            async with self._session.request(
                method,
                self.url,
                headers=headers | kwargs.pop("headers", {}) | self.headers,
                params=self.combine_parameters(kwargs),
                compress=compress,
                **kwargs,
            ) as response:
                if response.status >= 400:
                    body = await response.read()
                    raise ClientResponseError(response.status, response.reason, body)
                return await response.json(loads=ujson.loads)
        except asyncio.TimeoutError as error:
            # The kind of error that Rasa expects of an action server that doesn't answer.
            raise aiohttp.ServerTimeoutError("the action took too long") from error

    async def close(self) -> None:
        """Close the kept connection."""
        if self._session:
            await self._session.close()
