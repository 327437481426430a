"""Every setting, from environment variables that start with ``ASSISTANT_`` or a ``.env`` file.

docs/settings.md has them in one table; a test keeps the two alike.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import shlex
import tempfile
from contextlib import suppress
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseSettings, Field, validator

from bot.clock import Clock, fixed_clock, system_clock

ROOT = Path(__file__).resolve().parent.parent
KEY_CHARS = 32
WEBHOOK_KEY_BYTES = 24
WEBHOOK_KEY_PREFIX = "whsec_"


class MailSecurity(str, Enum):
    """How the connection to a mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Settings(BaseSettings):
    """The settings of all parts; each field's description is its documentation."""

    host: str = Field("127.0.0.1", description="Address the help page and the chat listen on.")
    port: int = Field(5005, ge=1, le=65535, description="Port of the help page and the chat.")
    actions_port: int = Field(5055, ge=1, le=65535, description="Port of the action server.")
    var_dir: Path = Field(
        ROOT / "var", description="Folder for what the assistant writes: database, outbox, secret."
    )
    models_dir: Path = Field(ROOT / "models", description="Folder of trained models.")
    database_url: str = Field(
        "", description="SQLAlchemy URL of the returns desk. Empty: SQLite in the var folder."
    )
    outbox_dir: Path | None = Field(
        None,
        description="Folder for mail without a mail server. Empty: `outbox` in the var folder.",
    )
    secret_key: str = Field(
        "",
        description="Key that signs sessions and buttons, 32 characters or more. "
        "Empty: made once and kept in the var folder.",
    )
    session_hours: float = Field(12, gt=0, description="Hours until a chat session expires.")
    message_max_chars: int = Field(2000, ge=1, description="Longest message, in characters.")
    messages_per_minute: int = Field(30, ge=1, description="Messages per minute in one session.")
    sessions_per_minute: int = Field(
        60, ge=1, description="New sessions per minute from one network address."
    )
    allowed_origins: str = Field(
        "",
        description="Origins of other sites whose pages may show the chat, such as "
        "`https://www.shop.example`; several with a space between. Empty: none.",
    )
    buyer_token_keys: str = Field(
        "",
        description="Key with which the shop signs the tokens of its signed-in buyers, 32 bytes "
        "or more. Two with a space between while you change it. Empty: no token is taken.",
    )
    buyer_token_audience: str = Field(
        "buyer-assistant", min_length=1, description="What `aud` in such a token must be."
    )
    buyer_token_minutes: float = Field(
        15, gt=0, le=60, description="Longest time between `iat` and `exp` in such a token."
    )
    wrong_pairs_per_address: int = Field(
        20,
        ge=1,
        description="Wrong order number and e-mail pairs per hour from one network address, on the "
        "pages and in chats, before no more are taken. The answers get slower before.",
    )
    verify_attempts: int = Field(
        5,
        ge=1,
        description="Wrong order number and e-mail pairs in one chat before a person is offered.",
    )
    verify_misses_per_hour: int = Field(
        10,
        ge=1,
        description="Wrong pairs per hour with the same order number or e-mail, in all chats, "
        "before no more are taken.",
    )
    shop_time_zone: str = Field(
        "UTC", description="Time zone where the buyer's own can't be told from the address."
    )
    withdrawal_informed: bool = Field(
        True,
        description="Whether the shop tells buyers of their right to withdraw before they order "
        "(Directive 2011/83/EU art. 10). `false`: they have 12 months more.",
    )
    withdrawal_informed_since: date | None = Field(
        None,
        description="First day on which it did; orders placed before have 12 months more. "
        "Empty: always.",
    )
    public_url: str = Field(
        "",
        description="Address under which buyers reach the help page, such as "
        "https://help.shop.example. Empty: receipts carry no link to their request.",
    )
    request_link_days: float = Field(
        180, gt=0, description="Days that the link in a receipt opens the request's page."
    )
    return_address: str = Field(
        "",
        description="Where parcels with a pre-paid return label go, its lines separated by `;`. "
        "Empty: the label says that the address is missing.",
    )
    support_url: str = Field(
        "/support", description="Where a buyer reaches a person outside the chat."
    )
    payment_help_url: str = Field(
        "", description="Page that helps with payments. Empty: the same as `support_url`."
    )
    account_help_url: str = Field(
        "", description="Page that helps with accounts. Empty: the same as `support_url`."
    )
    mail_from: str = Field("Returns desk <returns@example.com>", description="Sender of receipts.")
    support_email: str = Field(
        "support@example.com",
        description="Where conversations handed to a person, and messages for sellers, are mailed.",
    )
    smtp_host: str = Field(
        "", description="Mail server that sends. Empty: mail is written to files in the outbox."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="The mail server's port.")
    smtp_security: MailSecurity = Field(
        MailSecurity.STARTTLS,
        description="How mail is encrypted on its way: `starttls`, `tls` (port 465) or `none`.",
    )
    smtp_user: str = Field("", description="Name at the mail server. Empty: no log-in.")
    smtp_password: str = Field("", description="Password at the mail server.")
    smtp_timeout_seconds: float = Field(
        10, gt=0, le=60, description="Seconds that the mail server has for each answer."
    )
    help_desk_webhook_url: str = Field(
        "",
        description="Where hand-offs and messages for sellers are posted as well. Empty: nowhere.",
    )
    help_desk_webhook_secret: str = Field(
        "",
        description="Key that signs what is posted: 24 characters or more, or `whsec_` and Base64. "
        "Two with a space between while you change it.",
    )
    help_desk_webhook_timeout_seconds: float = Field(
        10, gt=0, le=60, description="Seconds that the help desk has for its answer."
    )
    shop_api_secret: str = Field(
        "",
        description="Key with which the shop signs its calls that move return requests along, like "
        "`help_desk_webhook_secret`. Empty: no call is taken.",
    )
    outbox_first_wait_seconds: float = Field(
        30, gt=0, description="Seconds until a failed message is tried again; doubles each time."
    )
    outbox_longest_wait_minutes: float = Field(
        60, gt=0, description="Longest wait between two tries, in minutes."
    )
    outbox_give_up_days: float = Field(
        5, gt=0, description="Days that a message is tried before it waits for an operator."
    )
    hand_offs_per_chat: int = Field(
        3, ge=1, description="Tickets for a person that one chat can open in 24 hours."
    )
    hand_offs_per_buyer: int = Field(
        5,
        ge=1,
        description="Tickets for a person that one buyer can open in 24 hours, in all chats.",
    )
    evidence_dir: Path | None = Field(
        None,
        description="Folder for buyers' photos, documents and videos; never a folder that a web "
        "server shows. Empty: `evidence` in the var folder.",
    )
    evidence_photo_mb: float = Field(15, gt=0, description="Largest photo, in megabytes.")
    evidence_photo_megapixels: float = Field(
        120, gt=0, le=400, description="Largest photo, in millions of pixels."
    )
    evidence_document_mb: float = Field(15, gt=0, description="Largest PDF, in megabytes.")
    evidence_document_pages: int = Field(50, ge=1, description="Most pages of a PDF.")
    evidence_video_mb: float = Field(25, gt=0, description="Largest video, in megabytes.")
    evidence_video_seconds: int = Field(60, ge=1, description="Longest video, in seconds.")
    evidence_files_per_request: int = Field(
        20, ge=1, description="Files that one return request can have."
    )
    evidence_files_per_chat: int = Field(
        40, ge=1, description="Files that one chat can send, with those of its requests."
    )
    evidence_files_per_minute: int = Field(
        30, ge=1, description="Files per minute from one network address."
    )
    evidence_unused_hours: float = Field(
        24, gt=0, description="Hours after which a file goes that no request was filed with."
    )
    evidence_keep_days: float = Field(
        180, gt=0, description="Days that files are kept after their return request has ended."
    )
    evidence_free_mb: float = Field(
        500,
        ge=0,
        description="No file is taken while less than so many megabytes are free on the disk.",
    )
    evidence_scan_command: str = Field(
        "",
        description="Command that looks for malware in each file before anything else reads it, "
        "such as `clamdscan --no-summary --fdpass {path}`. It ends with code 0 when the file is "
        "clean and 1 when it isn't; else no file is taken. Empty: nothing looks.",
    )
    evidence_scan_seconds: float = Field(
        20, gt=0, le=25, description="Seconds that this command has."
    )
    demo: bool = Field(
        True, description="Load demo orders into an empty desk and list some on the help page."
    )
    spacy_pipeline: str = Field(
        "", description="Installed spaCy pipeline to use. Empty: our own, built at set-up."
    )
    chromium: str = Field(
        "", description="Chromium or Chrome for the browser tests. Empty: looked for."
    )
    fixed_now: datetime | None = Field(
        None, description="For rehearsals and tests: the moment the clock shows, with time zone."
    )

    class Config:
        """Where pydantic reads the settings from."""

        env_prefix = "ASSISTANT_"
        env_file = ROOT / ".env"
        extra = "forbid"

    @validator("database_url", always=True)
    def _default_database(cls, value: str, values: dict) -> str:
        return value or f"sqlite:///{values['var_dir']}/desk.db"

    @validator("outbox_dir", always=True)
    def _default_outbox(cls, value: Path | None, values: dict) -> Path:
        return value or values["var_dir"] / "outbox"

    @validator("evidence_dir", always=True)
    def _default_evidence(cls, value: Path | None, values: dict) -> Path:
        return value or values["var_dir"] / "evidence"

    @validator("evidence_scan_command")
    def _names_the_file(cls, value: str) -> str:
        try:
            words = shlex.split(value)
        except ValueError as error:
            raise ValueError(f"isn't a command: {error}") from error
        if words and not any("{path}" in word for word in words[1:]):
            raise ValueError("must have {path} where the file's path goes")
        return value

    @validator("withdrawal_informed_since", pre=True)
    def _is_a_day(cls, value: object) -> object:
        # Pydantic would take 20260101 for seconds since 1970.
        return date.fromisoformat(value) if isinstance(value, str) and value else value or None

    @validator("secret_key")
    def _long_enough(cls, value: str) -> str:
        value = value.strip()
        if value and len(value) < KEY_CHARS:
            raise ValueError(f"must have {KEY_CHARS} characters or more, or be empty")
        return value

    @validator("allowed_origins")
    def _are_origins(cls, value: str) -> str:
        for origin in value.split():
            parts = urlsplit(origin)
            if origin != f"{parts.scheme}://{parts.netloc}".lower() or not (
                parts.scheme in ("http", "https") and parts.hostname
            ):
                raise ValueError(
                    f"{origin!r} isn't an origin: http:// or https:// and a host, in small "
                    "letters, without a path or a slash at the end"
                )
        return value

    @validator("smtp_user")
    def _log_in_encrypted(cls, value: str, values: dict) -> str:
        if value and values.get("smtp_security") is MailSecurity.NONE:
            raise ValueError("needs smtp_security starttls or tls, or the password could be read")
        return value

    @validator("help_desk_webhook_url", "public_url")
    def _is_a_web_address(cls, value: str) -> str:
        value = value.strip()
        parts = urlsplit(value)
        if value and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError("must begin with http:// or https:// and name a host")
        return value

    @validator("public_url")
    def _without_a_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @validator("help_desk_webhook_secret", always=True)
    def _signs(cls, value: str, values: dict) -> str:
        keys = secret_keys(value)
        if any(len(key) < WEBHOOK_KEY_BYTES for key in keys):
            raise ValueError(f"must have {WEBHOOK_KEY_BYTES} characters or more")
        if values.get("help_desk_webhook_url") and not keys:
            raise ValueError("is needed when help_desk_webhook_url is set")
        return value

    @validator("buyer_token_keys")
    def _sign_tokens(cls, value: str) -> str:
        keys = value.split()
        if any(len(key.encode()) < KEY_CHARS for key in keys):
            raise ValueError(f"must have {KEY_CHARS} bytes or more")
        if len(keys) > 2:
            raise ValueError("must be one key, or two while you change it")
        return value

    @validator("shop_api_secret")
    def _is_long_enough(cls, value: str) -> str:
        if any(len(key) < WEBHOOK_KEY_BYTES for key in secret_keys(value)):
            raise ValueError(f"must have {WEBHOOK_KEY_BYTES} characters or more")
        return value

    @property
    def clock(self) -> Clock:
        """The clock to use: the machine's, or the fixed one of a rehearsal."""
        return fixed_clock(self.fixed_now) if self.fixed_now else system_clock

    def origins(self) -> frozenset[str]:
        """The origins of other sites whose pages may talk to the channel."""
        return frozenset(self.allowed_origins.split())

    def pictures_dir(self) -> Path:
        """Where the pictures of items are kept."""
        return self.var_dir / "pictures"

    def signing_key(self) -> str:
        """The key for signatures, made and kept (readable by its owner only) when none is set.

        Raises:
            ValueError: when the kept key is too short to be safe.
        """
        if self.secret_key:
            return self.secret_key
        path = self.var_dir / "secret_key"
        if not path.exists():
            _make_key(path)
        key = path.read_text().strip()
        if len(key) < KEY_CHARS:
            raise ValueError(
                f"{path} has fewer than {KEY_CHARS} characters; delete it, and a new key is made"
            )
        return key


def secret_keys(secrets: str) -> tuple[bytes, ...]:
    """The keys that sign webhooks.

    Args:
        secrets: one secret or several, separated by spaces. `whsec_` goes before Base64; anything
            else is taken as it is.

    Raises:
        ValueError: what follows `whsec_` isn't Base64.
    """
    return tuple(_webhook_key(secret) for secret in secrets.split())


def _webhook_key(secret: str) -> bytes:
    if not secret.startswith(WEBHOOK_KEY_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret[len(WEBHOOK_KEY_PREFIX) :], validate=True)
    except binascii.Error as error:
        raise ValueError(f"what follows {WEBHOOK_KEY_PREFIX} isn't Base64") from error


def _make_key(path: Path) -> None:
    """Write a new key, whole or not at all; of several who do so at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
