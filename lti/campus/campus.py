"""The running platform's state, behind one lock: clients, launches, members, links, grades."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from joserfc.jwk import RSAKey

from lti.campus import clients, columns, deep_links, gradebook, ids, launches, tokens
from lti.campus.claims import Issue, claims
from lti.campus.clients import Client
from lti.campus.deep_links import Link
from lti.campus.gradebook import Column, Gradebook
from lti.campus.launches import Intent, Names
from lti.campus.profiles.profile import DEFAULT, Placement, Profile
from lti.campus.refusals import PlatformRefused, refused
from lti.campus.roster import Person, Roster
from lti.campus.tokens import Access
from lti.platforms.dynamic import SCOPES
from lti.wire.http import Http
from lti.wire.refusals import FetchRefused

STANDING = 1_000_000
"""Added to the number of a link, the number of its line item where that stands before its column
is made."""


@dataclass
class Campus:
    """One platform, in the manner of ``profile``. ``base`` is its address; ``http`` fetches tools'
    keys; ``wall`` returns the current time. ``launched``: the members who have launched."""

    base: str
    roster: Roster
    http: Http
    wall: Callable[[], datetime]
    key: RSAKey = field(default_factory=lambda: tokens.new_key(secrets.token_hex(8)))
    profile: Profile = DEFAULT
    clients: dict[str, Client] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    book: Gradebook = field(default_factory=Gradebook)
    intents: dict[str, Intent] = field(default_factory=dict)
    launched: set[str] = field(default_factory=set)
    _invites: set[str] = field(default_factory=set)
    _nonces: set[str] = field(default_factory=set)
    _access: dict[str, Access] = field(default_factory=dict)
    _last_link: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def issuer(self) -> str:
        """The issuer; the platform's address, unless its profile names another."""
        return self.profile.identity.issuer.format(base=self.base)

    @property
    def services(self) -> str:
        """Where roster and gradebook are served."""
        away = self.profile.identity.services_elsewhere
        return ids.elsewhere(self.base) if away else self.base

    @property
    def token_url(self) -> str:
        """Where tokens are given."""
        away = self.profile.identity.tokens_elsewhere
        return f"{ids.elsewhere(self.base) if away else self.base}/token"

    @property
    def token_audience(self) -> str | None:
        """The audience of assertions, if it is neither the token address nor of no matter."""
        own = self.profile.tokens.audience == "own"
        return self.profile.registering.authorization_server if own else None

    def invite(self) -> str:
        """Creates a registration token, valid for one registration (Dynamic Registration 1.0,
        section 3.5.1)."""
        token = secrets.token_urlsafe(24)
        self._invites.add(token)
        return token

    def check_invite(self, token: str) -> None:
        """Raises ``PlatformRefused``, 401, for a registration token that is not valid."""
        if token not in self._invites:
            raise PlatformRefused(
                "invalid_token", "the registration token is unknown or was used", 401
            )

    def register(self, token: str, said: Any) -> Client:
        """Creates a client; the token is used up only if that succeeds. Raises
        ``PlatformRefused``."""
        manners = self.profile.registering
        with self.lock:
            if not manners.dynamic:
                raise PlatformRefused("not_found", "tools are entered by hand here", 404)
            self.check_invite(token)
            if manners.domain_checked:
                clients.check_domain(said)
            client = replace(
                clients.read_registration(said, self._next_client()),
                enabled=manners.enabled_at_once,
            )
            self._invites.remove(token)
            self.clients[client.id] = client
            return client

    def enter(self, said: Any) -> Client:
        """Creates a client by hand, from the same description, with every scope. Raises
        ``PlatformRefused``."""
        with self.lock:
            client = clients.read_registration(said, self._next_client())
            scopes = frozenset({*SCOPES, *self.profile.columns.scopes})
            client = self.clients[client.id] = replace(client, scopes=scopes)
            return client

    def _next_client(self) -> str:
        return self.profile.identity.clients.format(n=len(self.clients) + 1)

    def client(self, client_id: str) -> Client:
        """The client with that id. Raises ``PlatformRefused``, 404."""
        if client_id not in self.clients:
            raise PlatformRefused("not_found", "no such tool", 404)
        return self.clients[client_id]

    def enable(self, client: Client) -> None:
        """An administrator lets a client be used."""
        with self.lock:
            self.clients[client.id] = replace(client, enabled=True)

    def switch_grades(self, client: Client, on: bool) -> None:
        """An administrator lets a client have grades, or none."""
        with self.lock:
            self.clients[client.id] = replace(client, grades=on)

    def person(self, user: str) -> Person:
        """The member with that id, who may launch. Raises ``PlatformRefused``, 404."""
        person = self.roster.find(user)
        if person is None or person.kind not in self.profile.people.launch:
            raise PlatformRefused("not_found", f"{user[:60]} is no member of the course", 404)
        return person

    def intend(
        self, client: Client, user: str, link: Link | None, locale: str, **more: Any
    ) -> Intent:
        """Records that a member is about to open that link, or Deep Linking. Raises
        ``PlatformRefused``: if ``user`` is not a member or may not choose links, and if the client
        is not enabled."""
        kind, authors = self.person(user).kind, self.profile.choosing.authors
        if not client.enabled:
            raise PlatformRefused("unauthorized_client", "nobody has enabled that tool yet", 403)
        if link is None and authors is not None and kind not in authors:
            raise PlatformRefused("access_denied", f"{user[:60]} may not choose links", 403)
        hint = secrets.token_urlsafe(16)
        intent = Intent(hint, client.id, user, link, locale, self.wall(), **more)
        self.intents[hint] = intent
        return intent

    def login_fields(self, client: Client, intent: Intent, storage: bool) -> dict[str, str]:
        """What starts the login of that intent."""
        subject = ids.subject(self.profile, self.base, self.person(intent.user))
        named = Names(self.issuer, self.profile.identity.deployment, subject)
        return launches.login_fields(self.profile.launching, named, client, intent, storage)

    def issue(self, client: Client, params: Mapping[str, str]) -> dict[str, Any]:
        """The claims that answer an authentication request. Raises ``PlatformRefused``."""
        intent = launches.check_request(params, client, self.intents)
        launches.check_fresh(intent, self.profile.launching, self.wall())
        person = self.roster.find(intent.user)
        if person is None:
            raise PlatformRefused("login_required", f"{intent.user} left the course")
        if ids.subject(self.profile, self.base, person) != params.get("login_hint"):
            raise PlatformRefused("login_required", "login_hint is not that of the launch")
        self._use_nonce(params["nonce"])
        self.intents[intent.hint] = replace(intent, used=True)
        self.launched.add(person.id)
        line_item = self.line_item_of(intent.link)
        return claims(
            Issue(
                self.profile,
                self.base,
                self.issuer,
                self.services,
                client,
                intent,
                person,
                params["nonce"],
                line_item,
                self.wall(),
            )
        )

    def _use_nonce(self, nonce: str) -> None:
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

    def forget_tokens(self) -> None:
        """No token that was given opens anything any more."""
        self._access.clear()

    def allowed(self, header: str, scopes: Sequence[str]) -> Client:
        """The client that this bearer token belongs to, if it covers one of ``scopes`` (RFC 6750
        section 3). Raises ``PlatformRefused``."""
        manners = self.profile.tokens
        kind, _, token = header.partition(" ")
        access = self._access.get(token) if kind.lower() == "bearer" else None
        if access is None or self.wall() >= access.until:
            raise PlatformRefused(
                "invalid_token", "the access token is missing, unknown or over", manners.over
            )
        client = self.clients[access.client_id]
        if not (access.scopes & client.granted(self.profile)).intersection(scopes):
            raise PlatformRefused(
                "insufficient_scope", f"this needs one of {' '.join(scopes)}", manners.insufficient
            )
        return client

    def place(
        self,
        client: Client,
        items: Sequence[dict[str, Any]],
        hint: str | None = None,
        placement: Placement | None = None,
    ) -> list[Link]:
        """Turns content items into links, each with its line item if it brought one; all of them or
        none. ``hint`` is the deep linking request they answer, which is then closed. Raises
        ``PlatformRefused``."""
        placement = placement or self.profile.choosing.by_hand
        with self.lock:
            if hint is not None and hint not in self.intents:
                raise PlatformRefused(
                    "not_found", "that deep linking request was answered already", 404
                )
            placed = [
                deep_links.read_item(item, n, client.id, client.home_url, placement)
                for n, item in enumerate(items, self._last_link + 1)
            ]
            book = self.book
            for link in placed if client.grades else ():
                book = columns.placed(book, self.profile, link, placement)
            kept = {} if hint and self.profile.choosing.replaces else self.links
            self.links, self.book = {**kept, **{link.id: link for link in placed}}, book
            self._last_link += len(placed)
            self.intents.pop(hint or "", None)
            return placed

    def accept_grades(self, link: Link, on: bool) -> None:
        """A teacher lets a link have grades, or takes its column away."""
        with self.lock:
            self.book = columns.without(self.book, self.profile, link)
            self.links[link.id] = replace(link, grades=on)
            if on:
                self.book = columns.made_for(self.book, self.profile, link, "own")

    def drop_column(self, number: int) -> None:
        """A teacher deletes a column with its marks."""
        with self.lock:
            self.book = gradebook.removed(self.book, number)

    def line_item(self, client: Client, number: int) -> Column:
        """A column of that tool. Raises ``PlatformRefused``, 404."""
        column = self.book.columns.get(number)
        if column is None or column.client_id != client.id:
            raise refused(self.profile.scores.no_column)
        return column

    def score(self, client: Client, number: int, said: Any) -> None:
        """Takes a score. Raises ``PlatformRefused``."""
        manners = self.profile.scores
        user = str(said.get("userId")) if isinstance(said, dict) else ""
        with self.lock:
            person = ids.person_of(self.profile, self.base, self.roster, user)
            gradable = person is not None and (
                manners.gradable is None or person.kind in manners.gradable
            )
            column = self._scored_column(client, number)
            self.book = gradebook.scored(
                self.book, column, said, gradable, manners, person.id if person else None
            )

    def _scored_column(self, client: Client, number: int) -> Column:
        """The column that a score is for; made now, where that is the manner. Raises
        ``PlatformRefused``."""
        link = self.links.get(f"link-{number - STANDING}")
        if link is None or not link.grades or not client.grades:
            return self.line_item(client, number)
        if not self.book.of(client.id, link=ids.link_id(self.profile, link)):
            self.book = columns.made_for(self.book, self.profile, link, "own")
        return self.book.of(client.id, link=ids.link_id(self.profile, link))[0]

    def results(self, column: Column, subject: str | None) -> list[dict[str, Any]]:
        """The results of everybody, or of that user (AGS 2.0, section 3.3), as tools read them."""
        told = gradebook.results(self.book, column, self.services)
        for said in told:
            person = self.roster.find(said["userId"])
            if person is not None:
                said["userId"] = ids.subject(self.profile, self.base, person)
            if not self.profile.scores.comments_told:
                said.pop("comment", None)
        return [said for said in told if subject in (None, said["userId"])]

    def link_of(self, client: Client, wire: str) -> Link:
        """A link of that tool, by the id that the tool knows. Raises ``PlatformRefused``, 404."""
        for link in self.links.values():
            if link.client_id == client.id and ids.link_id(self.profile, link) == wire:
                return link
        raise PlatformRefused("not_found", "no such resource link", 404)

    def line_item_of(self, link: Link | None) -> str | None:
        """The address of a link's line item, if it has exactly one (AGS 2.0, section 3.1)."""
        if link is None:
            return None
        wire, client = ids.link_id(self.profile, link), self.clients[link.client_id]
        if self.profile.columns.at_first_score:
            return f"{self.services}/lineitems/{STANDING + link.number}/lineitem"
        with self.lock:
            link = self.links.get(link.id, link)
            found = self.book.of(link.client_id, link=wire)
            first = any(place.column == "first-launch" for place in self._placements())
            if first and not found and client.grades and link.grades:
                self.book = columns.made_for(self.book, self.profile, link, "own")
                found = self.book.of(link.client_id, link=wire)
        return found[0].url(self.services) if len(found) == 1 else None

    def _placements(self) -> Sequence[Placement]:
        return (*self.profile.choosing.placements.values(), self.profile.choosing.by_hand)
