"""Settings: the only place that reads the environment (and ``.env``). Each is refused at start with one clear line when wrong."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

from environs import Env

from engine.delivery.channels.smtp import Server, Tls
from lti.addresses import Network, read_networks

LANGUAGES = ("fr", "en")
_KNOWN_WORDS = ("secret", "password", "changeme", "change-me", "relecture", "azerty", "qwerty", "example", "12345", "abcdef")


class SettingsFault(Exception):
    """One or more settings are wrong. ``lines`` holds one line each: the variable, what is wrong, what to do."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Settings:
    """What an installation chose. Paths are relative to the working directory; ``tick_seconds`` are wall seconds."""

    base_url: str
    database_url: str
    secret_key: str
    time_zone: str
    language: str
    smtp: Server | None
    mail_from: str
    maildir: Path
    packs: Path
    tick_seconds: int
    trusted_proxies: int
    lti_allow_nets: tuple[Network, ...]
    log_level: str
    demo: bool = False

    @property
    def https(self) -> bool:
        """Whether readers reach the pages through TLS."""
        return self.base_url.startswith("https://")

    def __repr__(self) -> str:
        return f"Settings({self.base_url}, demo={self.demo})"


@dataclass(frozen=True)
class Variable:
    """One setting: its field, its variable, its default as a person would write it, and what it is for.

    ``read`` turns text into the value; it raises ``ValueError`` with what is wrong and what to do.
    """

    field: str
    default: str | None
    meaning: str
    read: Callable[[str], Any]

    @property
    def name(self) -> str:
        """What it is called in the environment."""
        return f"RELECTURE_{self.field.upper()}"


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("is not the address of a site. Write it without a path, such as https://relecture.example.org.")
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(text: str) -> str:
    if text.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + text.partition("://")[2]
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("is neither SQLite nor PostgreSQL. Write sqlite:///var/relecture.db "
                         "or postgresql://user:password@host/name.")
    return text


def _secret_key(text: str) -> str:
    what = _weakness(text)
    if what:
        raise ValueError(f"{what}. Make one with: python3 -c \"import secrets; print(secrets.token_urlsafe(48))\"")
    return text


def _weakness(key: str) -> str | None:
    """What makes a key easy to guess, or None. A random key of 32 hexadecimal digits passes."""
    if len(key) < 32:
        return f"is too short ({len(key)} characters, 32 are needed)"
    if len(set(key)) < 9 or any(key.count(key[i:i + 6]) > 1 for i in range(len(key) - 6)):
        return "repeats itself, so it can be guessed"
    if any(word in key.lower() for word in _KNOWN_WORDS):
        return "holds a well-known word, so it can be guessed"
    return None


def _time_zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("is not a time zone. Write a name of the IANA list, such as Europe/Paris.")
    return text


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError(f"is not a language of the pages. Write one of: {', '.join(LANGUAGES)}.")
    return text


def _smtp_url(text: str) -> Server | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not _is_port(parts.netloc):
        raise ValueError("is not a mail server. Write smtp://user:password@host:587 or smtps://user:password@host:465.")
    encrypted = dict(parse_qsl(parts.query)).get("starttls", "yes").lower() not in ("0", "no", "false", "off")
    tls: Tls = "implicit" if parts.scheme == "smtps" else "starttls" if encrypted else "none"
    port = parts.port or {"implicit": 465, "starttls": 587, "none": 25}[tls]
    return Server(parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))


def _is_port(netloc: str) -> bool:
    port = re.search(r":(\d*)$", netloc.rpartition("@")[2])
    return ":" not in netloc.rpartition("@")[2] or bool(port and port[1] and 0 < int(port[1]) < 65536)


def _address(text: str) -> str:
    if not re.search(r"[^\s@<>]+@[^\s@<>]+", text) or "\n" in text:
        raise ValueError("holds no e-mail address. Write it such as: Relecture <relecture@example.org>.")
    return text


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return read_networks(text)
    except ValueError as wrong:
        raise ValueError(f"is not a list of networks ({wrong}). Write them such as: 10.0.0.0/8, 192.168.4.20.") from None


def _log_level(text: str) -> str:
    if text.upper() not in logging.getLevelNamesMapping():
        raise ValueError("is not a level of logging. Write one of: DEBUG, INFO, WARNING, ERROR.")
    return text.upper()


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"is not a whole number from {low} to {high}.")
        return int(text)
    return read


VARIABLES = (
    Variable("base_url", "http://127.0.0.1:8000", "Address at which readers reach the pages. With https://, cookies are "
             "sent over TLS only and browsers are told to stay on TLS.", _base_url),
    Variable("database_url", "sqlite:///var/relecture.db", "SQLite file, or PostgreSQL as `postgresql://user:password@host/name`.",
             _database_url),
    Variable("secret_key", None, "Signs sessions and mailed links; at least 32 random characters. Required "
             "(the demo makes its own). Changing it signs everybody out and kills every mailed link.", _secret_key),
    Variable("time_zone", "Europe/Paris", "Time zone offered to learners until they choose theirs.", _time_zone),
    Variable("language", "fr", "Language of pages for readers whose browser asks for none of ours: `fr` or `en`.", _language),
    Variable("smtp_url", "", "Mail server: `smtp://user:password@host:587` (STARTTLS; add `?starttls=no` for a relay without it) "
             "or `smtps://user:password@host:465`. When empty, mails are written to the maildir.", _smtp_url),
    Variable("mail_from", "Relecture <relecture@localhost>", "Sender of every mail.", _address),
    Variable("maildir", "var/mail", "Folder that receives mails when there is no mail server.", Path),
    Variable("packs", "content_packs", "Folder of content packs that `relecture demo` installs.", Path),
    Variable("tick_seconds", "20", "Seconds between two looks of the worker for what is due.", _whole(1, 3600)),
    Variable("trusted_proxies", "0", "How many reverse proxies stand in front; their `X-Forwarded-*` headers are believed.",
             _whole(0, 9)),
    Variable("lti_allow_nets", "", "Networks (`10.0.0.0/8, 127.0.0.1`) whose LMSs may have private addresses and speak plain "
             "http: an LMS on your own premises. All others must speak https from public addresses.", _networks),
    Variable("log_level", "INFO", "`DEBUG`, `INFO`, `WARNING` or `ERROR`.", _log_level),
)
"""Every setting. ``relecture settings`` prints this table; ``docs/operating.md`` holds that print."""

_FIELDS = {"smtp_url": "smtp"}


def load(*, demo: bool = False, dotenv: Path = Path(".env"), overrides: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``RELECTURE_*``, then ``.env``, then the defaults; ``overrides`` (by field) win over all.

    In the demo a missing secret is made once and kept under ``var/``. Raises ``SettingsFault`` with every fault found.
    """
    env = Env()
    if dotenv.is_file():
        env.read_env(str(dotenv), recurse=False)
    given = {v.field: env.str(v.name, "").strip() for v in VARIABLES} | dict(overrides or {})
    if demo and not given["secret_key"]:
        given["secret_key"] = kept_secret(Path("var/demo-secret"))
    values, faults = {}, []
    for variable in VARIABLES:
        try:
            values[_FIELDS.get(variable.field, variable.field)] = _value(variable, given[variable.field])
        except ValueError as wrong:
            faults.append(f"{variable.name} {wrong}")
    if faults:
        raise SettingsFault(*faults)
    return Settings(**values, demo=demo)


def _value(variable: Variable, text: str) -> Any:
    if text:
        return variable.read(text)
    if variable.default is None:
        raise ValueError("is missing. Make one with: python3 -c \"import secrets; print(secrets.token_urlsafe(48))\"")
    return variable.read(variable.default)


def kept_secret(path: Path) -> str:
    """The secret kept in ``path``, made on first use and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def as_markdown() -> str:
    """The table of settings, as Markdown."""
    rows = [f"| `{v.name}` | {f'`{v.default}`' if v.default else ('required' if v.default is None else 'empty')} | {v.meaning} |"
            for v in VARIABLES]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows]) + "\n"
