"""Converts an administrator's connection form to a registration; all invalid fields are reported at
once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from engine.values.errors import Invalid
from lti.platforms.dynamic import SCOPES
from lti.platforms.registrations import Registration
from lti.wire.refusals import FetchRefused
from lti.wire.urls import is_web_address, origin_of
from web.pages.lms.reasons import (
    ConnectionAddress,
    ConnectionHttps,
    ConnectionMissing,
    ConnectionOrigin,
    ConnectionTooLong,
    ConnectionTooMany,
    ConnectionUnprintable,
)
from web.site.forms import Form

Check = Callable[[str], None]
"""Checks that this installation may connect to an address. Raises ``FetchRefused``."""

LONGEST = {
    "name": 200,
    "issuer": 255,
    "client_id": 255,
    "login_url": 2000,
    "token_url": 2000,
    "keys_url": 2000,
    "token_audience": 2000,
    "deployment": 255,
}
MAX_LINES, LONGEST_LINE = 20, 255
ADDRESSES = ("issuer", "login_url", "token_url", "keys_url")
NEEDED = ("client_id", *ADDRESSES)


class FormFaults(Exception):
    """The form's faults: one per field, by its name. Nothing was changed."""

    def __init__(self, faults: Mapping[str, Invalid]) -> None:
        self.faults = faults
        super().__init__(", ".join(faults))


@dataclass(frozen=True)
class ConnectionForm:
    """The registration that the form describes, and the deployment to accept with it, if one was
    named."""

    registration: Registration
    deployment: str | None


def read(form: Form, before: Registration, check: Check) -> ConnectionForm:
    """``before`` with all the values from the form. Raises ``FormFaults``."""
    faults: dict[str, Invalid] = {}
    said = dict.fromkeys(LONGEST, "")
    for name in LONGEST:
        with _noting(faults):
            said[name] = _text(form, name, check)
    audiences: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    with _noting(faults):
        audiences = _lines(form, "audiences")
    with _noting(faults):
        frames = tuple(_origin(line, check) for line in _lines(form, "frames"))
    if faults:
        raise FormFaults(faults)
    registration = replace(
        before,
        name=said["name"],
        issuer=said["issuer"],
        client_id=said["client_id"],
        login_url=said["login_url"],
        token_url=said["token_url"],
        keys_url=said["keys_url"],
        token_audience=said["token_audience"] or None,
        audiences=audiences,
        frames=frames,
        anonymous=form.get("anonymous") == "yes",
        scopes=tuple(scope for scope in SCOPES if scope in form.getlist("scopes")),
    )
    return ConnectionForm(registration, said["deployment"] or None)


def as_form(registration: Registration) -> dict[str, str]:
    """The form's values for a registration before anything is changed."""
    texts = {name: getattr(registration, name, None) or "" for name in LONGEST}
    return {
        **texts,
        "audiences": "\n".join(registration.audiences),
        "frames": "\n".join(registration.frames),
        "anonymous": "yes" if registration.anonymous else "",
    }


@contextmanager
def _noting(faults: dict[str, Invalid]) -> Iterator[None]:
    """A context that records an error raised inside it under its field."""
    try:
        yield
    except Invalid as wrong:
        faults[str(wrong.field)] = wrong


def _text(form: Form, name: str, check: Check) -> str:
    text = form.get(name, "").strip()
    if not text and name in NEEDED:
        raise Invalid(ConnectionMissing(), field=name)
    if len(text) > LONGEST[name]:
        raise Invalid(ConnectionTooLong(most=LONGEST[name]), field=name)
    if not text.isprintable():
        raise Invalid(ConnectionUnprintable(), field=name)
    if name in ADDRESSES:
        _check_address(text, name, check)
    return text


def _check_address(text: str, name: str, check: Check) -> None:
    """Checks that this is a complete address without a password; plain http is allowed only where
    this installation may use it."""
    if (
        not is_web_address(text)
        or "@" in urlsplit(text).netloc
        or not text.isascii()
        or " " in text
    ):
        raise Invalid(ConnectionAddress(), field=name)
    if text.lower().startswith("http:"):
        try:
            check(text)
        except FetchRefused as refused:
            raise Invalid(ConnectionHttps(), field=name) from refused


def _origin(line: str, check: Check) -> str:
    """Checks and returns an origin that may frame our pages: scheme and host, nothing else."""
    if line.lower().rstrip("/") != origin_of(line):
        raise Invalid(ConnectionOrigin(line=line[:80]), field="frames")
    _check_address(line, "frames", check)
    return origin_of(line)


def _lines(form: Form, name: str) -> tuple[str, ...]:
    """The lines of a field that contains a list, without duplicates."""
    lines = tuple(
        dict.fromkeys(line.strip() for line in form.get(name, "").splitlines() if line.strip())
    )
    if len(lines) > MAX_LINES:
        raise Invalid(ConnectionTooMany(most=MAX_LINES), field=name)
    if any(len(line) > LONGEST_LINE for line in lines):
        raise Invalid(ConnectionTooLong(most=LONGEST_LINE), field=name)
    if not all(line.isprintable() for line in lines):
        raise Invalid(ConnectionUnprintable(), field=name)
    return lines
