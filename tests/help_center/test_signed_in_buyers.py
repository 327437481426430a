"""A shop's token signs its buyer in; whatever is wrong with one, the answer is the same."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
import requests
from pydantic import ValidationError

from bot.desk import Desk, migrate
from bot.help_center.buyer_tokens import BuyerTokens, TokenRefused
from bot.settings import ROOT, Settings
from tests.help_center.fake_assistant import running, settings_for_tests

KEY = "the key of the shop, 32 bytes or more"
NEXT_KEY = "the next key of the shop, also 32 bytes"
OTHER_KEY = "the key of another shop, 32 bytes or more"
SHOP = "https://www.shop.example"
REFUSED = "I couldn't confirm who is signed in."
PUBLIC_KEY = (
    "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK\n-----END PUBLIC KEY-----"
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A help center whose shop signs tokens with either of two keys."""
    settings = settings_for_tests(
        tmp_path_factory.mktemp("shop"),
        allowed_origins=SHOP,
        buyer_token_keys=f"{NEXT_KEY.replace(' ', '_')} {KEY.replace(' ', '_')}",
        sessions_per_minute=100_000,
    )
    migrate(settings.database_url)
    with running(settings) as server:
        server.settings = settings
        yield server


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {
        "email": "ana@example.com",
        "name": "Ana",
        "aud": "buyer-assistant",
        "iat": now,
        "exp": now + 300,
    }
    return {name: value for name, value in (good | changes).items() if value is not ...}


def token(key: str = KEY, headers: dict | None = None, **changes: Any) -> str:
    return jwt.encode(claims(**changes), key.replace(" ", "_"), "HS256", headers=headers)


def post(url: str, content: object, session: str = "", **more: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {session}"} if session else {}
    return requests.post(f"{url}/session", json=content, headers=headers, timeout=10, **more)


def unsigned(header: dict, payload: object = None, signature: bytes = b"") -> str:
    parts = (json.dumps(header), json.dumps(claims() if payload is None else payload))
    encoded = [base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, base64.urlsafe_b64encode(signature).decode().rstrip("=")])


def changed(place: int) -> str:
    good = token()
    at = place % len(good)
    return good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]


def now(seconds: int) -> int:
    return int(time.time()) + seconds


BAD: dict[str, Callable[[], object]] = {
    "for another audience": lambda: token(aud="another-assistant"),
    "for several audiences": lambda: token(aud=["buyer-assistant", "another"]),
    "for nobody": lambda: token(aud=...),
    "expired": lambda: token(iat=now(-400), exp=now(-10)),
    "without an end": lambda: token(exp=...),
    "without a beginning": lambda: token(iat=...),
    "for too long": lambda: token(exp=now(16 * 60)),
    "from the future": lambda: token(iat=now(60), exp=now(120)),
    "that ends before it begins": lambda: token(iat=now(0), exp=now(-2)),
    "not valid yet": lambda: token(nbf=now(60)),
    "by another shop": lambda: token(OTHER_KEY),
    "by nobody": lambda: unsigned({"alg": "none", "typ": "JWT"}),
    "by NONE": lambda: unsigned({"alg": "NONE", "typ": "JWT"}),
    "with an algorithm of another kind": lambda: unsigned({"alg": "RS256"}, signature=b"x" * 64),
    "with a longer digest": lambda: jwt.encode(claims(), KEY.replace(" ", "_") * 2, "HS512"),
    "with a key in its header": lambda: token(OTHER_KEY, headers={"jwk": {"k": OTHER_KEY}}),
    "with a key's name in its header": lambda: token(OTHER_KEY, headers={"kid": "../../dev/null"}),
    "with critical extensions": lambda: token(headers={"crit": ["b64"], "b64": False}),
    "huge": lambda: token(name="x" * 5000),
    "very huge": lambda: token(name="x" * 40_000),
    "with a buyer who is no address": lambda: token(email="ana"),
    "with a list of buyers": lambda: token(email=["ana@example.com", "eva@example.com"]),
    "with an empty buyer": lambda: token(email=""),
    "without a buyer": lambda: token(email=...),
    "with a subject who is no address": lambda: token(email=..., sub="customer-17"),
    "with a subject of another type": lambda: unsigned({"alg": "HS256"}, claims(sub=5)),
    "with two buyers in one": lambda: token(email="ana@example.com, eva@example.com"),
    "with a buyer and a line more": lambda: token(email="ana@example.com\r\nBcc: x@example.com"),
    "with an id that is a number": lambda: (
        token(jti=...) and jwt.encode(claims() | {"jti": 5}, KEY.replace(" ", "_"), "HS256")
    ),
    "with an empty id": lambda: token(jti=""),
    "with a huge id": lambda: token(jti="x" * 1000),
    "with a text for a moment": lambda: token(exp="9999999999"),
    "with yes for a moment": lambda: token(iat=True),
    "with an endless moment": lambda: token(exp=float("inf")),
    "with no number for a moment": lambda: token(iat=float("nan")),
    "with a moment beyond all": lambda: token(iat=10**400, exp=10**400 + 1),
    "nothing": lambda: None,
    "empty": lambda: "",
    "a number": lambda: 5,
    "yes": lambda: True,
    "a list": lambda: [token()],
    "an object": lambda: {"token": token()},
    "no token": lambda: "nonsense",
    "half a token": lambda: token().rpartition(".")[0],
    "with two signatures": lambda: token() + "." + token().rpartition(".")[2],
    "with white space": lambda: f" {token()}\n",
    "with other letters": lambda: token() + "é",
    "with NUL": lambda: token() + "\x00",
    "a session's own": lambda: "IjZk.abc.def",
    "whose payload is a list": lambda: unsigned({"alg": "HS256"}, [1, 2]),
    "whose header is no object": lambda: "WzFd." + token().partition(".")[2],
    "one byte of the header": lambda: changed(5),
    "one byte of the buyer": lambda: changed(60),
    "one byte of the signature": lambda: changed(-10),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_gets_401_and_nothing_else(shop: SimpleNamespace, name: str) -> None:
    answer = post(shop.url, {"buyer_token": BAD[name]()})
    assert answer.status_code == 401
    assert list(answer.json()) == ["messages"]
    (message,) = answer.json()["messages"]
    assert list(message) == ["text"]
    assert message["text"].startswith(REFUSED)
    assert answer.headers["Cache-Control"] == "no-store"


def test_all_bad_tokens_get_the_very_same_answer(shop: SimpleNamespace) -> None:
    answers = [post(shop.url, {"buyer_token": make()}) for make in BAD.values()]
    assert len({answer.text for answer in answers}) == 1
    lacking = ("Date", "Keep-Alive", "Connection")
    headers = {
        tuple(sorted((k, v) for k, v in a.headers.items() if k not in lacking)) for a in answers
    }
    assert len(headers) == 1


def test_every_single_changed_byte_is_noticed() -> None:
    tokens = BuyerTokens([KEY.replace(" ", "_").encode()], "buyer-assistant", 15)
    good = token()
    assert tokens.read(good).email == "ana@example.com"
    for at in range(len(good)):
        # The last letter of the signature has four bits that mean nothing, so it is left out.
        if at == len(good) - 1:
            continue
        forged = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
        with pytest.raises(TokenRefused):
            tokens.read(forged)


def test_where_the_shop_has_no_key_no_token_is_good(server: SimpleNamespace) -> None:
    for key in (KEY, "0" * 32):
        answer = post(server.url, {"buyer_token": jwt.encode(claims(), key, "HS256")})
        assert answer.status_code == 401
    assert post(server.url, {}).status_code == 200


@pytest.mark.parametrize("key", [KEY, NEXT_KEY])
def test_a_good_token_starts_a_session_with_either_key(shop: SimpleNamespace, key: str) -> None:
    answer = post(shop.url, {"buyer_token": token(key)})
    assert answer.status_code == 200
    assert set(answer.json()) == {"session", "expires_in", "start", "rejoined"}
    assert answer.json()["rejoined"] is False


def said_to(shop: SimpleNamespace, session: str) -> str:
    """The conversation that a session speaks for."""
    shop.agent.seen.clear()
    headers = {"Authorization": f"Bearer {session}"}
    body = {"message": "hello"}
    answer = requests.post(f"{shop.url}/messages", json=body, headers=headers, timeout=5)
    assert answer.status_code == 200
    return str(shop.agent.seen[0].sender_id)


def signed_in(shop: SimpleNamespace, session: str) -> tuple[str, str | None] | None:
    """E-mail and name of the buyer whom the desk has with a session."""
    desk = Desk.from_settings(shop.settings)
    try:
        found = desk.signed_in(said_to(shop, session))
        return found and (found.email, found.name)
    finally:
        desk.close()


@pytest.mark.parametrize(
    ("changes", "who"),
    [
        ({}, ("ana@example.com", "Ana")),
        ({"email": " Ana@Example.COM "}, ("ana@example.com", "Ana")),
        ({"email": ..., "sub": "ana@example.com"}, ("ana@example.com", "Ana")),
        ({"sub": "customer-17"}, ("ana@example.com", "Ana")),
        ({"name": ...}, ("ana@example.com", None)),
        ({"name": 5}, ("ana@example.com", None)),
        ({"name": "José d'Ávila-O’Neill"}, ("ana@example.com", "José d'Ávila-O’Neill")),
        ({"name": "<b onclick=x>Ana</b>"}, ("ana@example.com", "b onclick x Ana b")),
        (
            {"name": "A\x00n\u202ea\x1b[31m {order_number}"},
            ("ana@example.com", "Ana m order number"),
        ),
        ({"name": "https://evil.example/ //"}, ("ana@example.com", "https evil.example")),
        ({"name": "🎉 !!"}, ("ana@example.com", None)),
        ({"name": "Ana " * 100}, ("ana@example.com", " ".join(["Ana"] * 10))),
        ({"name": "x" * 900}, ("ana@example.com", "x" * 40)),
    ],
)
def test_the_desk_knows_who_is_signed_in_by_a_clean_name(
    shop: SimpleNamespace, changes: dict, who: tuple
) -> None:
    answer = post(shop.url, {"buyer_token": token(**changes)})
    assert signed_in(shop, answer.json()["session"]) == who


def test_without_a_token_nobody_is_signed_in(shop: SimpleNamespace) -> None:
    answer = post(shop.url, {})
    assert set(answer.json()) == {"session", "expires_in", "start"}
    assert signed_in(shop, answer.json()["session"]) is None


@pytest.mark.parametrize("body", [b"[]", b"5", b"{", b'"buyer_token"', b"\xff\xfe", b"[" * 5000])
def test_a_body_that_is_no_object_is_refused(shop: SimpleNamespace, body: bytes) -> None:
    answer = requests.post(f"{shop.url}/session", data=body, timeout=5)
    assert answer.status_code == 400
    assert list(answer.json()) == ["messages"]


def test_a_body_without_end_is_refused_unread(shop: SimpleNamespace) -> None:
    answer = post(shop.url, {"buyer_token": token(name="x" * 100_000)})
    assert answer.status_code == 413
    assert list(answer.json()) == ["messages"]


def test_a_fresh_token_of_the_same_buyer_rejoins_the_conversation(shop: SimpleNamespace) -> None:
    first = post(shop.url, {"buyer_token": token(jti="one")}).json()["session"]
    again = post(shop.url, {"buyer_token": token(jti="two")}, session=first).json()
    assert again["rejoined"] is True
    assert said_to(shop, again["session"]) == said_to(shop, first)


def test_another_buyers_token_starts_anew_and_signs_the_first_one_out(
    shop: SimpleNamespace,
) -> None:
    first = post(shop.url, {"buyer_token": token()}).json()["session"]
    other = post(shop.url, {"buyer_token": token(email="eva@example.com")}, session=first).json()
    assert other["rejoined"] is False
    assert signed_in(shop, first) is None
    assert signed_in(shop, other["session"]) == ("eva@example.com", "Ana")


def test_a_token_with_an_id_starts_one_session(shop: SimpleNamespace) -> None:
    once = token(jti="only-once")
    first = post(shop.url, {"buyer_token": once})
    assert first.status_code == 200
    # Whoever has stolen it comes too late, with a session of their own or without.
    assert post(shop.url, {"buyer_token": once}).status_code == 401
    stranger = post(shop.url, {}).json()["session"]
    assert post(shop.url, {"buyer_token": once}, session=stranger).status_code == 401
    # The page that has it may be shown again.
    again = post(shop.url, {"buyer_token": once}, session=first.json()["session"])
    assert again.json()["rejoined"] is True


def test_a_bad_token_changes_nothing_for_who_is_signed_in(shop: SimpleNamespace) -> None:
    session = post(shop.url, {"buyer_token": token()}).json()["session"]
    assert post(shop.url, {"buyer_token": token(OTHER_KEY)}, session=session).status_code == 401
    assert signed_in(shop, session) == ("ana@example.com", "Ana")


def test_signing_out_makes_the_conversation_nobodys(shop: SimpleNamespace) -> None:
    session = post(shop.url, {"buyer_token": token()}).json()["session"]
    headers = {"Authorization": f"Bearer {session}"}
    answer = requests.delete(f"{shop.url}/session", headers=headers, timeout=5)
    assert (answer.status_code, answer.content) == (204, b"")
    assert signed_in(shop, session) is None


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer a.b.c"}])
def test_nobody_else_can_sign_a_buyer_out(shop: SimpleNamespace, headers: dict) -> None:
    assert requests.delete(f"{shop.url}/session", headers=headers, timeout=5).status_code == 401


def test_tokens_count_against_the_rate_of_new_sessions(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = settings_for_tests(tmp_path_factory.mktemp("rate"), sessions_per_minute=2)
    with running(settings) as server:
        tries = [post(server.url, {"buyer_token": token(OTHER_KEY)}).status_code for _ in range(4)]
    assert tries == [401, 401, 429, 429]


def test_while_the_desk_is_down_nobody_is_signed_in_and_nothing_is_told(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = settings_for_tests(
        tmp_path_factory.mktemp("down"),
        buyer_token_keys=KEY.replace(" ", "_"),
        database_url="sqlite:////nowhere/desk.db",
    )
    with running(settings) as server:
        answer = post(server.url, {"buyer_token": token()})
        assert answer.status_code == 503
        assert list(answer.json()) == ["messages"]
        assert post(server.url, {"buyer_token": token(OTHER_KEY)}).status_code == 401


@pytest.mark.parametrize(
    ("origin", "read"), [(SHOP, True), ("https://evil.example", False), ("null", False)]
)
def test_only_known_origins_may_use_tokens(shop: SimpleNamespace, origin: str, read: bool) -> None:
    for method in ("POST", "DELETE"):
        headers = {
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        asked = requests.options(f"{shop.url}/session", headers=headers, timeout=5)
        allowed = asked.headers.get("Access-Control-Allow-Origin") == origin
        assert allowed is read
        assert (method in asked.headers.get("Access-Control-Allow-Methods", "")) is read


@pytest.fixture
def documented_token(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """A token as docs/widget.md makes it, with the newer of two keys."""
    docs = (ROOT / "docs/widget.md").read_text(encoding="utf-8").partition("## Signed-in buyers")[2]
    keys = [key.replace(" ", "_") for key in (NEXT_KEY, KEY)]
    monkeypatch.setenv("ASSISTANT_BUYER_TOKEN_KEYS", " ".join(keys))
    language = request.param
    source = re.search(rf"```{language}\n(.*?)```", docs, re.S)
    assert source
    call = "('ana@example.com', 'Ana Souza')"
    if language == "python":
        code, run = f"{source[1]}\nprint(buyer_token{call})", [sys.executable, "-c"]
    else:
        code, run = f"{source[1]}\nconsole.log(buyerToken{call})", ["node", "-e"]
    if not shutil.which(run[0]):
        pytest.skip("Node isn't installed")
    made = subprocess.run([*run, code], capture_output=True, text=True, check=True, timeout=30)
    return made.stdout.strip()


@pytest.mark.parametrize("documented_token", ["python", "js"], indirect=True)
def test_the_documented_examples_sign_a_buyer_in(documented_token: str) -> None:
    keys = [key.encode() for key in os.environ["ASSISTANT_BUYER_TOKEN_KEYS"].split()]
    buyer = BuyerTokens(keys, "buyer-assistant", 15).read(documented_token)
    assert (buyer.email, buyer.name) == ("ana@example.com", "Ana Souza")
    assert buyer.token_id
    assert 290 < buyer.seconds_left < 310


@pytest.mark.parametrize(
    "keys", ["short", f"{'k' * 32} short", " ".join("k" * 32 for _ in range(3))]
)
def test_keys_that_could_be_guessed_are_refused(keys: str) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, buyer_token_keys=keys)
