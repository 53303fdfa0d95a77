"""Turns a platform's post into exactly one verified ``Launch``, or refuses it with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from engine.storage.work import Units, Work
from engine.values.errors import RelectureError
from lti.launch import states
from lti.launch.claims import read_launch
from lti.launch.login import OwnRoute
from lti.launch.reasons import PlatformError, StateReused, TargetForeign
from lti.launch.states import Login
from lti.launch.values import Launch
from lti.launch.verify import SKEW, verify
from lti.platforms import registrations
from lti.platforms.platform_keys import PlatformKeys
from lti.wire.refusals import LaunchRefused

T = TypeVar("T")
Arrive = Callable[[Work, Login, Launch], T]
"""Handles a launch, in the unit of work that accepts it; if it raises, the launch is rolled
back."""


@dataclass(frozen=True)
class Receiver:
    """The dependencies needed to receive launches. ``own`` recognises our pages."""

    units: Units
    keys: PlatformKeys
    own: OwnRoute
    skew: timedelta = SKEW

    def receive(self, params: Mapping[str, str], browser: str | None, arrive: Arrive[T]) -> T:
        """Verifies the launch in these form fields and returns what ``arrive`` makes of it, once.

        One query reads what is known of the login; the token is then verified while no transaction
        is open; one unit of work then uses up the state and calls ``arrive``. So of fifty identical
        concurrent posts exactly one is a launch (OpenID Connect Core 1.0, section 3.2.2.11), and if
        ``arrive`` fails nothing has been used up and the same post can be tried again.

        ``browser`` is the secret that the login gave to this browser. Raises ``LaunchRefused``,
        also for an error that a platform sends in place of a token (Security Framework 1.0, section
        5.1.1.5), and anything ``arrive`` raises. A refusal is recorded in the registration's
        health.
        """
        if "error" in params:
            raise LaunchRefused(
                PlatformError(
                    error=params["error"][:100], why=params.get("error_description", "")[:300]
                )
            )
        wall = self.units.clock.wall()
        with self.units.db.across("lti-lookup") as door:
            login = states.pending(door, params.get("state"), browser, wall)
        launch = None
        try:
            claims = self._verified(params.get("id_token"), login, wall)
            launch = read_launch(claims, login.registration, login.target)
            if not self.own(launch.target):
                raise LaunchRefused(TargetForeign(target=launch.target[:200]))
            with self.units.write(login.registration.tenant) as work:
                self._take(work, login, launch, claims)
                arrived = arrive(work, login, launch)
                work.commit()
                return arrived
        except RelectureError as refused:
            if not isinstance(refused.reason, StateReused):
                seen = launch.deployment if launch else None
                registrations.note_refusal(self.units, login.registration, refused.reason, seen)
            raise

    def _verified(self, token: str | None, login: Login, wall: datetime) -> dict[str, Any]:
        registration = login.registration
        return verify(
            token,
            registration,
            lambda kid: self.keys.key(registration, kid, login.keys_at),
            login.nonce_hash,
            wall,
            self.skew,
        )

    def _take(self, work: Work, login: Login, launch: Launch, claims: Mapping[str, Any]) -> None:
        registration = login.registration
        registrations.hold(work, registration.id)
        states.use(work, login, launch.deployment)
        skew = round(claims["iat"] - work.wall.timestamp())
        registrations.note_launch(work, registration, login.health, skew)
        registrations.learn_hosts(work, registration, launch.service_urls, login.hosts)
