"""Settings: the only place that reads the environment (and ``.env``). Each is refused at start
with one clear line when wrong."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import available_timezones

from dotenv.parser import Binding, parse_stream
from environs import Env
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from engine.delivery.channels.base import Channel
from engine.delivery.channels.maildir import MaildirChannel
from engine.delivery.channels.smtp import Server, SmtpChannel, Tls
from engine.delivery.mailbox import Mailbox
from engine.delivery.returning import LONGEST_LOCAL, ReturnAddresses
from engine.journey.addresses import MAIL
from engine.values.addresses import is_domain, is_host, is_local, mailboxes
from engine.values.languages import LANGUAGES, Lang, language_of
from lti.wire.addresses import Network, read_networks
from web.words.marking import _ as N_
from web.words.terminal import gettext as _

_KNOWN_WORDS = (
    "secret",
    "password",
    "changeme",
    "change-me",
    "relecture",
    "azerty",
    "qwerty",
    "example",
    "12345",
    "abcdef",
)


class SettingsFault(Exception):
    """One or more settings are wrong. ``lines`` holds one line each: the variable, what is
    wrong, what to do."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Settings:
    """What an installation chose. Paths are relative to the working directory; ``tick_seconds``
    are wall seconds."""

    base_url: str
    database_url: str
    secret_key: str
    time_zone: str
    language: Lang
    smtp: Server | None
    mail_from: str
    maildir: Path
    packs: Path
    tick_seconds: int
    trusted_proxies: int
    lti_allow_nets: tuple[Network, ...]
    log_level: str
    bounce_address: str = ""
    bounce_mailbox: Mailbox | None = None
    bounce_secret: str = ""
    metrics_token: str = field(default="", repr=False)
    demo: bool = False

    @property
    def https(self) -> bool:
        """Whether readers reach the pages through TLS."""
        return self.base_url.startswith("https://")

    @property
    def return_addresses(self) -> ReturnAddresses:
        """Where mails come back that cannot be delivered, each to an address of its own."""
        return ReturnAddresses(self.bounce_address, self.secret_key)

    def channels(self, wall: Callable[[], datetime]) -> dict[str, Channel]:
        """The ways to reach people that these settings switch on, by name. Mail is always one: the
        mail server, or the maildir where there is none."""
        if self.smtp is not None:
            return {MAIL: SmtpChannel(self.smtp, self.mail_from, wall)}
        return {MAIL: MaildirChannel(self.maildir, self.mail_from, wall)}

    def __repr__(self) -> str:
        return f"Settings({self.base_url}, demo={self.demo})"


@dataclass(frozen=True)
class Variable:
    """One setting: its field, its variable, its default as a person would write it, and what it is
    for.

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


_NO_SITE = N_(
    "is not the address of a site. Write it without a path, a user or a password, such as "
    "https://relecture.example.org (a name with accents in its xn--… form)."
)
_NO_DATABASE = N_(
    "is neither SQLite nor PostgreSQL. Write sqlite:///var/relecture.db or "
    "postgresql://user:password@host/name."
)
_NO_SERVER = N_(
    "is not a mail server. Write smtp://user:password@host:587 or "
    "smtps://user:password@host:465; a @, : or / in the password is written %40, %3A, %2F."
)


_NO_MAILBOX = N_(
    "is not a mailbox. Write imaps://user:password@host:993/INBOX; a @, : or / in the user or the "
    "password is written %40, %3A, %2F."
)


def _parts(text: str, otherwise: str) -> tuple[SplitResult, str, int | None]:
    """A URL in parts, its host and its port (None when it says none). Raises
    ``ValueError(otherwise)``, which repeats nothing."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(_(otherwise)) from None
    if not is_host(host) or port == 0 or parts.netloc.endswith(":"):
        raise ValueError(_(otherwise))
    return parts, host, port


def _base_url(text: str) -> str:
    parts, _host, _port = _parts(text, _NO_SITE)
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or more:
        raise ValueError(_(_NO_SITE))
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(text: str) -> str:
    scheme, _sign, rest = text.partition("://")
    if scheme in ("postgresql", "postgres"):
        text = f"postgresql+psycopg://{rest}"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(_(_NO_DATABASE)) from None
    if url.drivername == "sqlite":
        return _sqlite(url, text)
    if url.drivername != "postgresql+psycopg":
        raise ValueError(_(_NO_DATABASE))
    if (url.host and not is_host(url.host)) or not 0 < (
        5432 if url.port is None else url.port
    ) < 65536:
        raise ValueError(
            _(
                "names no host, or no port from 1 to 65535. Write "
                "postgresql://user:password@host:5432/name; a @, : or / in the password is "
                "written %40, %3A, %2F."
            )
        )
    return text


def _sqlite(url: URL, text: str) -> str:
    """``sqlite:///`` and a file: not memory, of which each connection has its own, and no
    option, since all are set here."""
    if not text.startswith("sqlite:///") or url.database in (None, "", ":memory:"):
        raise ValueError(_("names no file. Write sqlite:///var/relecture.db."))
    if url.query:
        raise ValueError(
            _(
                "has options, and a SQLite file takes none here. Write it without what follows "
                "the question mark."
            )
        )
    return text


def _secret_key(text: str) -> str:
    what = _weakness(text)
    if what:
        raise ValueError(
            f"{what} "
            + _('Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"')
        )
    return text


def _weakness(key: str) -> str | None:
    """What makes a key easy to guess, or None. A random key of 32 hexadecimal digits passes."""
    if len(key) < 32:
        return _("is too short (%(length)s characters, 32 are needed).", length=len(key))
    if len(set(key)) < 9 or any(key.count(key[i : i + 6]) > 1 for i in range(len(key) - 6)):
        return _("repeats itself, so it can be guessed.")
    if any(word in key.lower() for word in _KNOWN_WORDS):
        return _("holds a well-known word, so it can be guessed.")
    return None


def _time_zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(
            _("is not a time zone. Write a name of the IANA list, such as Europe/Paris.")
        )
    return text


def _language(text: str) -> Lang:
    if found := language_of(text):
        return found
    wanted = ", ".join(LANGUAGES)
    raise ValueError(_("is not a language of the pages. Write one of: %(ids)s.", ids=wanted))


def _smtp_url(text: str) -> Server | None:
    if not text:
        return None
    parts, host, port = _parts(text, _NO_SERVER)
    wish = re.fullmatch(r"(?:starttls=(?:(yes|1|true|on)|no|0|false|off))?", parts.query.lower())
    if parts.scheme not in ("smtp", "smtps") or parts.path.strip("/") or parts.fragment or not wish:
        raise ValueError(_(_NO_SERVER))
    tls: Tls = (
        "implicit"
        if parts.scheme == "smtps"
        else "starttls"
        if wish[1] or not parts.query
        else "none"
    )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii() or not (user + password).isprintable():
        raise ValueError(
            _(
                "has a user or a password with a sign that is not ASCII, which no mail server is "
                "told here. Choose a password of plain letters, digits and signs."
            )
        )
    return Server(
        host, port or {"implicit": 465, "starttls": 587, "none": 25}[tls], tls, user, password
    )


def _sender(text: str) -> str:
    """One address, bare or after a name. Its domain may be a single word: mails of a machine's
    own need no more."""
    try:
        found = [box.addr_spec for box in mailboxes(text)]
    except ValueError:
        found = []
    local, _at, domain = found[0].rpartition("@") if len(found) == 1 else ("", "", "")
    if (
        not is_local(local)
        or not is_domain(domain)
        or not (text == found[0] or text.endswith(f"<{found[0]}>"))
    ):
        raise ValueError(
            _(
                "is not one e-mail address, bare or after a name. Write it such as: Relecture "
                "<relecture@example.org>; a name with a comma or a bracket stands between "
                "quotation marks."
            )
        )
    return text


def _bounce_address(text: str) -> str:
    local, _at, domain = text.rpartition("@")
    if text and not (
        is_local(local) and is_domain(domain) and "+" not in local and len(local) <= LONGEST_LOCAL
    ):
        raise ValueError(
            _(
                "is not an address with at most %(most)s characters before the @ and no plus. "
                "Write it such as bounces@example.org; what comes to bounces+…@ there has to "
                "reach the same mailbox.",
                most=LONGEST_LOCAL,
            )
        )
    return text.lower()


def _bounce_mailbox(text: str) -> Mailbox | None:
    if not text:
        return None
    parts, host, port = _parts(text, _NO_MAILBOX)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    good = (user + password + folder).isascii() and (user + password + folder).isprintable()
    tls = parts.scheme == "imaps"
    if parts.scheme not in ("imap", "imaps") or not user or not good or '"' in folder:
        raise ValueError(_(_NO_MAILBOX))
    if not tls and host not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError(
            _(
                "would send its password in clear. Write imaps://…; imap:// is for a server on "
                "this machine alone."
            )
        )
    return Mailbox(host, port or (993 if tls else 143), user, password, folder, tls)


def _optional_secret(text: str) -> str:
    return _secret_key(text) if text else ""


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return read_networks(text)
    except ValueError as wrong:
        raise ValueError(
            _(
                "holds “%(said)s”, which is no network. Write them such as: 10.0.0.0/8, "
                "192.168.4.20.",
                said=str(wrong).partition(" ")[0].strip("'"),
            )
        ) from None


def _log_level(text: str) -> str:
    if text.upper() not in logging.getLevelNamesMapping():
        raise ValueError(_("is not a level of logging. Write one of: DEBUG, INFO, WARNING, ERROR."))
    return text.upper()


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or len(text) > 9 or not low <= int(text) <= high:
            raise ValueError(
                _(
                    "is not a whole number from %(low)s to %(high)s. Write it in digits alone.",
                    low=low,
                    high=high,
                )
            )
        return int(text)

    return read


VARIABLES = (
    Variable(
        "base_url",
        "http://127.0.0.1:8000",
        N_(
            "Address at which readers reach the pages. With https://, cookies are "
            "sent over TLS only and browsers are told to stay on TLS."
        ),
        _base_url,
    ),
    Variable(
        "database_url",
        "sqlite:///var/relecture.db",
        N_("SQLite file, or PostgreSQL as `postgresql://user:password@host/name`."),
        _database_url,
    ),
    Variable(
        "secret_key",
        None,
        N_(
            "Signs sessions and mailed links; at least 32 random characters. Required "
            "(the demo makes its own). Changing it signs everybody out and kills every mailed link."
        ),
        _secret_key,
    ),
    Variable(
        "time_zone",
        "Europe/Paris",
        N_("Time zone offered to learners until they choose theirs."),
        _time_zone,
    ),
    Variable(
        "language",
        LANGUAGES[0],
        N_("Language of pages for readers whose browser asks for none of ours: %(languages)s."),
        _language,
    ),
    Variable(
        "smtp_url",
        "",
        N_(
            "Mail server: `smtp://user:password@host:587` (STARTTLS; add `?starttls=no` for a "
            "relay without it) or `smtps://user:password@host:465`. When empty, mails are written "
            "to the maildir."
        ),
        _smtp_url,
    ),
    Variable("mail_from", "Relecture <relecture@localhost>", N_("Sender of every mail."), _sender),
    Variable(
        "maildir", "var/mail", N_("Folder that receives mails when there is no mail server."), Path
    ),
    Variable(
        "packs",
        "content_packs",
        N_("Folder of content packs that `relecture demo` installs."),
        Path,
    ),
    Variable(
        "tick_seconds",
        "20",
        N_("Seconds between two looks of the worker for what is due."),
        _whole(1, 3600),
    ),
    Variable(
        "trusted_proxies",
        "0",
        N_("How many reverse proxies stand in front; their `X-Forwarded-*` headers are believed."),
        _whole(0, 9),
    ),
    Variable(
        "lti_allow_nets",
        "",
        N_(
            "Networks (`10.0.0.0/8, 127.0.0.1`) whose LMSs may have private addresses and speak "
            "plain http: an LMS on your own premises. All others must speak https from public "
            "addresses."
        ),
        _networks,
    ),
    Variable(
        "bounce_address",
        "",
        N_(
            "Address to which mails come back that cannot be delivered (`bounces@example.org`); "
            "what comes to `bounces+…@` there has to reach the same mailbox. When empty, they come "
            "back to the sender, and nobody learns of it."
        ),
        _bounce_address,
    ),
    Variable(
        "bounce_mailbox",
        "",
        N_(
            "Mailbox where they are read every five minutes: "
            "`imaps://user:password@host:993/INBOX`. Keep one for this alone: reports are deleted "
            "from it."
        ),
        _bounce_mailbox,
    ),
    Variable(
        "bounce_secret",
        "",
        N_(
            "Lets a mail service report them to `/hooks/bounces`, signed with this; at least 32 "
            "random characters."
        ),
        _optional_secret,
    ),
    Variable(
        "metrics_token",
        "",
        N_(
            "Lets a monitor read `/metrics` with `Authorization: Bearer …`; at least 32 random "
            "characters. When empty, there is no such page."
        ),
        _optional_secret,
    ),
    Variable("log_level", "INFO", N_("`DEBUG`, `INFO`, `WARNING` or `ERROR`."), _log_level),
)
"""Every setting. ``relecture settings`` prints this table; ``docs/operating.md`` holds that
print."""

MAX_DOTENV = 100_000
"""How much of a file of settings is read, in bytes."""
_FIELDS = {"smtp_url": "smtp"}


def load(
    *, demo: bool = False, dotenv: Path = Path(".env"), overrides: Mapping[str, str] | None = None
) -> Settings:
    """Settings from ``RELECTURE_*``, then ``.env``, then the defaults; ``overrides`` (by field) win
    over all.

    In the demo a missing secret is made once and kept under ``var/``. Raises ``SettingsFault`` with
    every fault found.
    """
    env = Env()
    if dotenv.is_file():
        _proofread(dotenv)
        env.read_env(str(dotenv), recurse=False)
    given = {v.field: env.str(v.name, "").strip() for v in VARIABLES} | dict(overrides or {})
    if demo and not given["secret_key"]:
        given["secret_key"] = kept_secret(Path("var/demo-secret"))
    values, faults = {}, []
    for variable in VARIABLES:
        try:
            values[_FIELDS.get(variable.field, variable.field)] = _value(
                variable, given[variable.field]
            )
        except ValueError as wrong:
            faults.append(f"{variable.name} {wrong}")
    if faults:
        raise SettingsFault(*faults)
    return Settings(**values, demo=demo)


def _proofread(dotenv: Path) -> None:
    """Refuse a file of settings that would be read in part. Its lines are numbered and never
    repeated: they may hold secrets.

    Raises ``SettingsFault``.
    """
    try:
        with dotenv.open("rb") as file:
            data = file.read(MAX_DOTENV + 1)
        text = data.decode("utf-8")
    except OSError as wrong:
        raise SettingsFault(
            _(
                "%(file)s cannot be read (%(why)s). Let this user read it, or remove it.",
                file=dotenv,
                why=_(str(wrong.strerror)),
            )
        ) from None
    except UnicodeDecodeError as wrong:
        line = wrong.object.count(b"\n", 0, wrong.start) + 1
        where = f"{dotenv}:{line}"
        raise SettingsFault(
            _("%(place)s is not UTF-8. Save the file as UTF-8.", place=where)
        ) from None
    if len(data) > MAX_DOTENV:
        raise SettingsFault(
            _(
                "%(file)s holds more than %(most)s kB, which is the limit. Keep only settings in "
                "it.",
                file=dotenv,
                most=MAX_DOTENV // 1000,
            )
        )
    if "\0" in text:
        raise SettingsFault(
            _("%(file)s holds a NUL, as no text does. Write the file anew.", file=dotenv)
        )
    wrong_lines = [
        _line(read)
        for read in parse_stream(StringIO(text))
        if read.error or (read.key and read.value is None)
    ]
    if wrong_lines:
        raise SettingsFault(
            *(
                _(
                    "%(place)s is not a setting. Write NAME=value, or # before a remark.",
                    place=f"{dotenv}:{n}",
                )
                for n in wrong_lines
            )
        )


def _line(read: Binding) -> int:
    """The line that a statement stands on, from 1; what was read begins with the empty lines
    before it."""
    before = read.original.string
    return read.original.line + before[: len(before) - len(before.lstrip())].count("\n")


def _value(variable: Variable, text: str) -> Any:
    if not text.isprintable():
        raise ValueError(
            _(
                "holds a sign that cannot be printed, such as a line break, or one that is not "
                "UTF-8. Write it on one line, in plain text."
            )
        )
    if text:
        return variable.read(text)
    if variable.default is None:
        raise ValueError(
            _(
                'is missing. Make one with: python3 -c "import secrets; '
                'print(secrets.token_urlsafe(48))"'
            )
        )
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
    languages, required, empty = (
        ", ".join(f"`{one}`" for one in LANGUAGES),
        _("required"),
        _("empty"),
    )
    rows = [
        f"| `{v.name}` | "
        f"{f'`{v.default}`' if v.default else (required if v.default is None else empty)} "
        f"| {_(v.meaning, languages=languages)} |"
        for v in VARIABLES
    ]
    return "\n".join([_("| Variable | Default | Meaning |"), "|---|---|---|", *rows]) + "\n"
