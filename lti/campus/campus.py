"""The running platform's state, behind one lock: clients, launches, members, links, grades."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from joserfc.jwk import RSAKey

from lti.campus import clients, deep_links, gradebook, tokens
from lti.campus.clients import Client
from lti.campus.deep_links import Link
from lti.campus.gradebook import Column, Gradebook
from lti.campus.launches import Intent
from lti.campus.refusals import PlatformRefused
from lti.campus.roster import Roster
from lti.campus.tokens import Access
from lti.wire.http import Http
from lti.wire.refusals import FetchRefused


@dataclass
class Campus:
    """One platform. ``base`` is its address and issuer; ``http`` fetches tools' keys; ``wall``
    returns the current time."""

    base: str
    roster: Roster
    http: Http
    wall: Callable[[], datetime]
    key: RSAKey = field(default_factory=lambda: tokens.new_key(secrets.token_hex(8)))
    clients: dict[str, Client] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    book: Gradebook = field(default_factory=Gradebook)
    intents: dict[str, Intent] = field(default_factory=dict)
    _invites: set[str] = field(default_factory=set)
    _nonces: set[str] = field(default_factory=set)
    _access: dict[str, Access] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def invite(self) -> str:
        """Creates a registration token, valid for one registration (Dynamic Registration 1.0,
        section 3.5.1)."""
        token = secrets.token_urlsafe(24)
        self._invites.add(token)
        return token

    def register(self, token: str, said: Any) -> Client:
        """Creates a client; the token is used up only if that succeeds. Raises
        ``PlatformRefused``."""
        with self.lock:
            if token not in self._invites:
                raise PlatformRefused(
                    "invalid_token", "the registration token is unknown or was used", 401
                )
            client = clients.read_registration(said, f"client-{len(self.clients) + 1}")
            self._invites.remove(token)
            self.clients[client.id] = client
            return client

    def client(self, client_id: str) -> Client:
        """The client with that id. Raises ``PlatformRefused``, 404."""
        if client_id not in self.clients:
            raise PlatformRefused("not_found", "no such tool", 404)
        return self.clients[client_id]

    def intend(
        self, client: Client, user: str, link: Link | None, locale: str, target: str
    ) -> Intent:
        """Records that a member is about to open that link, or Deep Linking. Raises
        ``PlatformRefused`` if ``user`` is not a member."""
        if self.roster.find(user) is None:
            raise PlatformRefused("not_found", f"{user[:60]} is no member of the course", 404)
        intent = Intent(secrets.token_urlsafe(16), client.id, user, link, locale, target)
        self.intents[intent.hint] = intent
        return intent

    def use_nonce(self, nonce: str) -> None:
        """Marks a nonce as used. Raises ``PlatformRefused`` if it already was."""
        with self.lock:
            if nonce in self._nonces:
                raise PlatformRefused("invalid_request", "nonce was used before")
            self._nonces.add(nonce)

    def keys_of(self, client: Client) -> Any:
        """The tool's key set, fetched again each time. Raises ``PlatformRefused``."""
        try:
            return self.http.send("GET", client.keys_url).json()
        except FetchRefused as wrong:
            raise PlatformRefused(
                "invalid_client", f"the tool's keys cannot be had: {wrong}"
            ) from wrong

    def give(self, access: Access) -> str:
        """Issues an access token for what was granted."""
        token = secrets.token_urlsafe(24)
        self._access[token] = access
        return token

    def allowed(self, header: str, scopes: Sequence[str]) -> Client:
        """The client that this bearer token belongs to, if it covers one of ``scopes`` (RFC 6750
        section 3). Raises ``PlatformRefused``."""
        kind, _, token = header.partition(" ")
        access = self._access.get(token) if kind.lower() == "bearer" else None
        if access is None or self.wall() >= access.until:
            raise PlatformRefused(
                "invalid_token", "the access token is missing, unknown or over", 401
            )
        if not access.scopes.intersection(scopes):
            raise PlatformRefused(
                "insufficient_scope", f"this needs one of {' '.join(scopes)}", 403
            )
        return self.clients[access.client_id]

    def place(
        self, client: Client, items: Sequence[dict[str, Any]], hint: str | None = None
    ) -> list[Link]:
        """Turns content items into links, each with its line item if it brought one; all of them or
        none. ``hint`` is the deep linking request they answer, which is then closed. Raises
        ``PlatformRefused``."""
        with self.lock:
            if hint is not None and hint not in self.intents:
                raise PlatformRefused(
                    "not_found", "that deep linking request was answered already", 404
                )
            first = len(self.links) + 1
            placed = [
                deep_links.read_item(item, f"link-{n}", client.id, client.home_url)
                for n, item in enumerate(items, first)
            ]
            links, book = {**self.links, **{link.id: link for link in placed}}, self.book
            for link in placed:
                if link.grade is not None:
                    said = {"label": link.title, **link.grade, "resourceLinkId": link.id}
                    book, _ = gradebook.added(book, said, client.id, links)
            self.links, self.book = links, book
            self.intents.pop(hint or "", None)
            return placed

    def line_item(self, client: Client, number: int) -> Column:
        """A column of that tool. Raises ``PlatformRefused``, 404."""
        column = self.book.columns.get(number)
        if column is None or column.client_id != client.id:
            raise PlatformRefused("not_found", "no such line item", 404)
        return column

    def line_item_of(self, link: Link | None) -> str | None:
        """The address of a link's line item, if it has exactly one (AGS 2.0, section 3.1)."""
        columns = self.book.of(link.client_id, link=link.id) if link else ()
        return columns[0].url(self.base) if len(columns) == 1 else None
