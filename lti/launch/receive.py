"""What a platform posts back to us, turned into exactly one verified ``Launch``, or refused with
its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.storage.database import Database
from lti.launch import states
from lti.launch.claims import read_launch
from lti.launch.login import OwnRoute
from lti.launch.reasons import PlatformError, TargetForeign
from lti.launch.values import Launch
from lti.launch.verify import SKEW, verify
from lti.platforms import registrations
from lti.platforms.platform_keys import PlatformKeys
from lti.wire.refusals import LaunchRefused


@dataclass(frozen=True)
class Receiver:
    """What it takes to receive launches. ``own`` tells our pages."""

    db: Database
    keys: PlatformKeys
    own: OwnRoute
    skew: timedelta = SKEW

    def receive(self, params: Mapping[str, str], browser: str | None, wall: datetime) -> Launch:
        """The launch that these form fields carry, once: its state is used up as the last act, in
        one atomic step, so that of fifty equal posts at once one is a launch and the others are
        refused (OpenID Connect Core 1.0, section 3.2.2.11).

        ``browser`` is the secret that the login gave to this browser. Raises ``LaunchRefused``,
        also for an error that a platform sends in place of a token (Security Framework 1.0, section
        5.1.1.5).
        """
        if "error" in params:
            raise LaunchRefused(
                PlatformError(
                    error=params["error"][:100], why=params.get("error_description", "")[:300]
                )
            )
        login = states.pending(self.db, params.get("state"), browser, wall)
        try:
            return self._verified(params.get("id_token"), login, wall)
        except LaunchRefused as refused:
            if refused.reason.code != "state-reused":
                registrations.note_failure(self.db, login.registration, wall, refused.reason)
            raise

    def _verified(self, token: str | None, login: states.PendingState, wall: datetime) -> Launch:
        registration = login.registration
        claims = verify(
            token,
            registration,
            lambda kid: self.keys.key(registration, kid),
            login.nonce_hash,
            wall,
            self.skew,
        )
        launch = read_launch(claims, registration, login.target)
        if not self.own(launch.target):
            raise LaunchRefused(TargetForeign(target=launch.target[:200]))
        registrations.check_deployment(self.db, registration, launch.deployment, wall)
        with self.db.write(registration.tenant) as session:
            states.use(session, login, wall)
            registrations.note_launch(
                session, registration, wall, round(claims["iat"] - wall.timestamp())
            )
            session.commit()
        registrations.learn_hosts(self.db, registration, launch.service_urls, wall)
        return launch
