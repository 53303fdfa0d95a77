"""The one HTTP client for addresses that a platform gave: guarded against server-side request
forgery and endless answers."""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from engine.values.lines import one_line
from lti.wire.addresses import Address, Network, is_allowed, is_public, read_address
from lti.wire.reading import read_json
from lti.wire.reasons import (
    FetchAddressMalformed,
    FetchAddressRefused,
    FetchNotHttps,
    FetchNotJson,
    FetchRedirected,
    FetchTooLarge,
    FetchTooSlow,
    FetchUnreachable,
)
from lti.wire.refusals import FetchRefused
from lti.wire.urls import host_of

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to addresses as text, all of them. Raises ``OSError`` when there are none."""

MAX_BYTES = 8 * 1024 * 1024
MAX_SECONDS = 10.0
MAX_SAID = 300
WORDS = ("error_description", "message", "reason", "detail", "errors", "error")
"""The fields in which platforms say why they refuse, the most telling first."""
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers (names in lower case), body. Never a redirect."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON, whatever content type it claims (see ``read_json``). Raises
        ``FetchRefused("fetch-not-json")``."""
        try:
            return read_json(self.body)
        except (ValueError, RecursionError) as wrong:
            raise FetchRefused(FetchNotJson(status=self.status)) from wrong

    @property
    def said(self) -> str:
        """What a refusal says in its own words, wherever platforms put them, on one line: at most
        300 characters; empty if it says nothing that can be shown."""
        try:
            text = _words_in(read_json(self.body))
        except (ValueError, RecursionError):
            text = self.body[:MAX_SAID].decode("utf-8", "replace")
            text = "" if "<" in text else text
        return one_line(text)[:MAX_SAID]


def _words_in(said: Any) -> str:
    """The words in a refusal that is JSON: OAuth's, or the forms of Canvas and Moodle."""
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        return next((words for one in said if (words := _words_in(one))), "")
    if not isinstance(said, dict):
        return ""
    found = (_words_in(said.get(name)) for name in WORDS)
    return next((words for words in found if words), "")


class Http(Protocol):
    """A port. Both raise ``FetchRefused``; any status but a redirect is an answer."""

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """One request, one answer."""

    def check(self, url: str) -> None:
        """Whether ``send`` would go there at all."""


@dataclass(frozen=True)
class _Target:
    """An address checked and ready to be connected to: what was resolved is what is used, so DNS
    cannot change its mind."""

    url: SplitResult
    host: str
    port: int
    addresses: tuple[Address, ...]


def system_resolver(host: str, port: int) -> Sequence[str]:
    """What the operating system's resolver says."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@cache
def _trusting_the_system() -> ssl.SSLContext:
    """Certificates are checked against the system's authorities; reading those takes long, so it
    is done once."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class GuardedHttp:
    """https to public addresses alone; no redirects, proxies, cookies or compression; size and
    total time capped.

    ``allowed`` networks (``RELECTURE_LTI_ALLOW_NETS``) may be private, and may speak plain http.
    ``max_seconds`` covers everything from the name's resolution to the last byte.
    """

    allowed: Sequence[Network] = ()
    max_bytes: int = MAX_BYTES
    max_seconds: float = MAX_SECONDS
    resolve: Resolver = system_resolver
    tls: ssl.SSLContext = field(default_factory=_trusting_the_system)

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """One request. Raises ``FetchRefused``, whose ``host`` says where it was to go (never
        the whole address)."""
        deadline = time.monotonic() + self.max_seconds
        target = self._checked(url, deadline)
        try:
            with self._connected(target, deadline) as connection:
                return self._exchange(connection, target, method, dict(headers or {}), body)
        except (OSError, http.client.HTTPException, ValueError) as wrong:
            if time.monotonic() >= deadline:
                raise FetchRefused(
                    FetchTooSlow(host=target.host, seconds=self.max_seconds)
                ) from wrong
            raise FetchRefused(FetchUnreachable(host=target.host, why=_why(wrong))) from wrong

    def check(self, url: str) -> None:
        """Whether ``send`` would go there at all: well written, https where it must be, no refused
        address. Goes nowhere.

        Raises ``FetchRefused``, also for a name that has no address.
        """
        self._checked(url, time.monotonic() + self.max_seconds)

    def _checked(self, url: str, deadline: float) -> _Target:
        parts, host, port = _parts(url)
        addresses = tuple(map(read_address, self._resolved(host, port, deadline)))
        if parts.scheme != "https" and not all(
            is_allowed(address, self.allowed) for address in addresses
        ):
            raise FetchRefused(FetchNotHttps(host=host))
        if not all(
            is_public(address) or is_allowed(address, self.allowed) for address in addresses
        ):
            raise FetchRefused(FetchAddressRefused(host=host))
        return _Target(parts, host, port, addresses)

    def _resolved(self, host: str, port: int, deadline: float) -> Sequence[str]:
        """The addresses of a host, asked in a thread of its own: the system's resolver knows no
        time limit."""
        said: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                said.put(self.resolve(host, port))
            except (OSError, UnicodeError) as wrong:
                said.put(wrong)

        threading.Thread(target=ask, daemon=True).start()
        try:
            found = said.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty as late:
            raise FetchRefused(FetchTooSlow(host=host, seconds=self.max_seconds)) from late
        if isinstance(found, Exception) or not found:
            raise FetchRefused(FetchUnreachable(host=host, why="no such name"))
        return found

    @contextmanager
    def _connected(self, target: _Target, deadline: float) -> Iterator[http.client.HTTPConnection]:
        """A connection to a checked address, cut at the deadline even when bytes keep dripping."""
        sock = _first_open(target, deadline)
        if target.url.scheme == "https":
            sock = self.tls.wrap_socket(
                sock, server_hostname=target.host, do_handshake_on_connect=False
            )
        watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [sock])
        watchdog.daemon = True
        watchdog.start()
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = sock
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            yield connection
            if time.monotonic() >= deadline:
                raise FetchRefused(FetchTooSlow(host=target.host, seconds=self.max_seconds))
        finally:
            watchdog.cancel()
            connection.close()
            sock.close()

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        target: _Target,
        method: str,
        headers: dict[str, str],
        body: bytes | None,
    ) -> Answer:
        path = (target.url.path or "/") + (f"?{target.url.query}" if target.url.query else "")
        sent = {
            "Accept": "application/json",
            "User-Agent": "Relecture",
            **headers,
            "Host": _host_header(target),
            "Connection": "close",
        }
        connection.request(method, path, body=body, headers=sent)
        with connection.getresponse() as response:
            if 300 <= response.status < 400:
                raise FetchRefused(FetchRedirected(host=target.host, status=response.status))
            content = response.read(self.max_bytes + 1)
            if len(content) > self.max_bytes:
                raise FetchRefused(FetchTooLarge(host=target.host, bytes=self.max_bytes))
            if response.length:
                raise http.client.IncompleteRead(content, response.length)
            return Answer(response.status, _headers(response), content)


def _why(wrong: Exception) -> str:
    """What the network said; never a ``ValueError`` of the client, which quotes what was to be
    sent, tokens included."""
    return (
        str(wrong)[:200]
        if isinstance(wrong, OSError | http.client.HTTPException)
        else type(wrong).__name__
    )


def _parts(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        host, port = host_of(url), parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as wrong:
        raise FetchRefused(FetchAddressMalformed()) from wrong
    if (
        not host
        or not port
        or "@" in parts.netloc
        or not url.isascii()
        or any(c.isspace() or not c.isprintable() for c in url)
    ):
        raise FetchRefused(FetchAddressMalformed(host=host))
    return parts, host, port


def _first_open(target: _Target, deadline: float) -> socket.socket:
    """A socket to the first address that takes the connection."""
    trouble = OSError("no address")
    for address in target.addresses:
        try:
            return socket.create_connection(
                (str(address), target.port), timeout=max(0.01, deadline - time.monotonic())
            )
        except OSError as wrong:
            trouble = wrong
    raise trouble


def _cut(sock: socket.socket) -> None:
    """End both directions of a socket that another thread may be reading, TLS or not."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return


def _host_header(target: _Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == PORTS[target.url.scheme] else f"{host}:{target.port}"


def _headers(response: http.client.HTTPResponse) -> dict[str, str]:
    """Header fields by lower-case name; repeated ones joined by commas (RFC 9110 section 5.3)."""
    joined: dict[str, str] = {}
    for name, value in response.getheaders():
        lower = name.lower()
        joined[lower] = f"{joined[lower]}, {value}" if lower in joined else value
    return joined
