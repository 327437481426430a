"""The signed tokens by which a shop tells who its signed-in buyer is (docs/widget.md).

A token is a JWT with HS256, the one algorithm that is taken, whatever its own header says. It has
to be right in every part; what is wrong with one is told to nobody.
"""

from __future__ import annotations

import math
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jwt

from bot.desk import text

_ALGORITHMS = ("HS256",)
_LONGEST_TOKEN = 4096
_LONGEST_ID = 200
_LONGEST_NAME = 40
LEEWAY_SECONDS = 5
"""How far the shop's clock may be from ours."""
_IN_NAMES = frozenset(" '\u2019.-\u2010\u00b7")


class TokenRefused(ValueError):
    """A token that signs nobody in."""


@dataclass(frozen=True)
class SignedInBuyer:
    """What a good token says.

    Attributes:
        email: trimmed and in lower case, as the desk keeps it.
        name: to greet by; None when the token has none that could be a name.
        token_id: `jti`; None when the token has none.
        seconds_left: until the token expires.
    """

    email: str
    name: str | None
    token_id: str | None
    seconds_left: float


class BuyerTokens:
    """Reads the tokens of one shop."""

    def __init__(self, keys: Sequence[bytes], audience: str, longest_minutes: float) -> None:
        """Keeps what checking needs.

        Args:
            keys: the shop's keys, newest first; without any no token is good.
            audience: what `aud` has to be.
            longest_minutes: how long after `iat` a token's `exp` may be.
        """
        self._keys = tuple(keys)
        self._audience = audience
        self._longest = longest_minutes * 60

    def read(self, token: object) -> SignedInBuyer:
        """The buyer that a token names.

        Args:
            token: whatever was sent as one.

        Raises:
            TokenRefused: for anything but a good token. It doesn't say why.
        """
        if not isinstance(token, str) or len(token) > _LONGEST_TOKEN or not token.isascii():
            raise TokenRefused
        claims = self._claims(token)
        issued, expires = _moment(claims.get("iat")), _moment(claims.get("exp"))
        if not issued < expires <= issued + self._longest:
            raise TokenRefused
        return SignedInBuyer(
            email=_email(claims),
            name=_name(claims.get("name")),
            token_id=_token_id(claims),
            seconds_left=max(0.0, expires - time.time()) + LEEWAY_SECONDS,
        )

    def _claims(self, token: str) -> dict[str, Any]:
        """The claims of a token that one of the keys has signed, for us and not expired."""
        for key in self._keys:
            try:
                return jwt.decode(
                    token,
                    key,
                    algorithms=_ALGORITHMS,
                    audience=self._audience,
                    leeway=LEEWAY_SECONDS,
                    options={"require": ["iat", "exp", "aud"], "strict_aud": True},
                )
            except jwt.InvalidSignatureError:
                continue  # signed with the other key, maybe
            # A header or claims of strange types may make the library fail in any way.
            except Exception as error:
                raise TokenRefused from error
        raise TokenRefused


def _moment(value: object) -> float:
    """Unix seconds; a claim of another type is no moment."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TokenRefused
    try:
        moment = float(value)
    except OverflowError as error:
        raise TokenRefused from error
    if not math.isfinite(moment):
        raise TokenRefused
    return moment


def _email(claims: dict[str, Any]) -> str:
    """`email`, or where there is none `sub`, as an address."""
    said = claims["email"] if "email" in claims else claims.get("sub")
    address = text.email_address(said) if isinstance(said, str) else ""
    if not text.is_email_address(address):
        raise TokenRefused
    return address


def _token_id(claims: dict[str, Any]) -> str | None:
    if "jti" not in claims:
        return None
    said = claims["jti"]
    if not isinstance(said, str) or not 0 < len(said) <= _LONGEST_ID:
        raise TokenRefused
    return said


def _name(said: object) -> str | None:
    """A name on one line, of nothing but what names are written with; None where none is left.

    A name is what a buyer typed at the shop: it may hold markup, a link or a direction mark.
    """
    if not isinstance(said, str):
        return None
    plain = text.one_line(unicodedata.normalize("NFC", said[:1000]), 200)
    kept = "".join(
        c if c in _IN_NAMES or unicodedata.category(c)[0] in "LM" else " " for c in plain
    )
    words = " ".join(kept.split())
    if len(words) > _LONGEST_NAME:
        words = words[: _LONGEST_NAME + 1].rpartition(" ")[0] or words[:_LONGEST_NAME]
    return words.strip(" .-\u2010\u00b7'\u2019") or None
