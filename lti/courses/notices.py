"""Notices that a platform sends on its own initiative (Platform Notification Service 1.0): verified
like a launch, but without a login."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lti.launch.claims import context_of, deployment_of
from lti.launch.reasons import NoticeMalformed, VersionWrong
from lti.launch.values import Context
from lti.launch.verify import SKEW, KeyOf, check_audience, check_issuer, check_times, signed_claims
from lti.platforms.registrations import Registration
from lti.wire import names
from lti.wire.refusals import LaunchRefused

MAX_NOTICES = 100


@dataclass(frozen=True)
class Notice:
    """One verified notice. ``id`` is the platform's: the same notice may be sent again, and then
    changes nothing.

    A context copy (``kind`` *LtiContextCopyNotice*) names the new course as ``context``, and the
    courses it was copied from.
    """

    id: str
    kind: str
    deployment: str
    context: Context | None
    copied_from: tuple[str, ...]


def read_notices(body: Any) -> tuple[str, ...]:
    """The signed notices in a platform's post, ``{"notices": [{"jwt": …}]}``. Raises
    ``LaunchRefused("notice-malformed")``."""
    listed = body.get("notices") if isinstance(body, dict) else None
    if not isinstance(listed, list) or len(listed) > MAX_NOTICES:
        raise LaunchRefused(NoticeMalformed())
    tokens = [one.get("jwt") if isinstance(one, dict) else None for one in listed]
    if not all(isinstance(token, str) for token in tokens):
        raise LaunchRefused(NoticeMalformed())
    return tuple(str(token) for token in tokens)


def verify_notice(
    token: str, registration: Registration, key_of: KeyOf, now: datetime, skew: timedelta = SKEW
) -> Notice:
    """A notice that this platform signed for us, now. Issuer, audience, times and version are
    checked as for a launch (Security Framework 1.0, section 5.1.3); a context copy must name its
    course. The caller checks whether the deployment is known.

    Raises ``LaunchRefused``.
    """
    claims = signed_claims(token, key_of)
    check_issuer(claims, registration)
    check_audience(claims, registration)
    check_times(claims, now, skew)
    if claims.get(names.VERSION) != names.LTI_VERSION:
        raise LaunchRefused(VersionWrong(version=str(claims.get(names.VERSION))[:20]))
    said = claims.get(names.NOTICE)
    notice = said if isinstance(said, dict) else {}
    context = context_of(claims)
    kind = _text(notice, "type")
    if kind == names.CONTEXT_COPY_NOTICE and context is None:
        raise LaunchRefused(NoticeMalformed(claim=names.CONTEXT))
    origins = claims.get(names.ORIGIN_CONTEXTS)
    return Notice(
        _text(notice, "id"),
        kind,
        deployment_of(claims),
        context,
        tuple(str(one) for one in origins if isinstance(one, str | int))
        if isinstance(origins, list)
        else (),
    )


def _text(notice: Mapping[str, Any], name: str) -> str:
    value = notice.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 255:
        raise LaunchRefused(NoticeMalformed(claim=f"{names.NOTICE} {name}"))
    return value
