"""Names and Role Provisioning 2.0: the members of a course, page by page, and what changed
since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lti.platforms.registrations import Registration
from lti.services.call import Caller, link, without_end
from lti.wire import names
from lti.wire.http import Answer
from lti.wire.reading import id_of, text_of
from lti.wire.reasons import ServiceMalformed
from lti.wire.refusals import ServiceRefused
from lti.wire.roles import CourseRole, looks_on, role_said
from lti.wire.urls import with_query

Status = Literal["active", "inactive", "deleted"]
MAX_MEMBERS = 100_000
"""No course has more members; a longer roster is not read to the end."""
STATUSES: Mapping[str, Status] = {"active": "active", "inactive": "inactive", "deleted": "deleted"}


@dataclass(frozen=True)
class Member:
    """A member of the course (NRPS 2.0, section 2.2). All but id, status and roles are optional.
    ``groups`` are the ids of the member's groups, if they were asked for (Course Groups 1.0)."""

    user: str
    status: Status
    roles: tuple[str, ...]
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    groups: tuple[str, ...] = ()

    @property
    def role_said(self) -> CourseRole | None:
        """The role in our course that these roles amount to; None if they do not say."""
        return role_said(self.roles)

    @property
    def looks_on(self) -> bool:
        """Whether this member neither runs the course nor learns in it."""
        return looks_on(self.roles)


@dataclass(frozen=True)
class RosterPage:
    """One page of members. ``differences`` is the address for later changes, if the platform offers
    one."""

    members: tuple[Member, ...]
    differences: str | None


def roster(
    caller: Caller,
    registration: Registration,
    url: str,
    *,
    role: str | None = None,
    resource_link: str | None = None,
    limit: int | None = None,
    groups: bool = False,
) -> Iterator[RosterPage]:
    """The roster, streamed: each page is requested only when the previous one has been used, so
    that rosters of any size fit in memory.

    ``role`` filters (section 2.4.1), ``resource_link`` limits it to members who can access that
    link (``rlid``, section 3), ``limit`` is the desired page size (section 2.4.2), ``groups`` asks
    for each member's groups (Course Groups 1.0). With the ``differences`` address of an earlier
    roster as ``url``, it yields who changed, those who left as *deleted* (NRPS 2.0, section 2.4.3).
    Raises ``ServiceRefused`` and ``FetchRefused``.
    """
    asked = with_query(
        url,
        role=role,
        rlid=resource_link,
        limit=str(limit) if limit else None,
        groups="true" if groups else None,
    )
    named = 0
    for answer in caller.pages(
        registration, asked, [names.SCOPE_ROSTER], accept=names.MEDIA_ROSTER
    ):
        page = RosterPage(read_members(answer), link(answer, "differences", asked))
        named += len(page.members)
        if named > MAX_MEMBERS:
            raise without_end(asked)
        yield page


def read_members(answer: Answer) -> tuple[Member, ...]:
    """The members on one page; entries without a user id are skipped. Raises
    ``ServiceRefused("service-malformed")``."""
    if not answer.body.strip():
        return ()  # as Sakai says that there is nobody
    said = answer.json()
    listed = said.get("members") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        raise ServiceRefused(ServiceMalformed(service="roster"))
    return tuple(member for one in listed if (member := _member(one)) is not None)


def _member(said: Any) -> Member | None:
    user = id_of(said, "user_id") if isinstance(said, dict) else None
    if user is None:
        return None
    roles = said.get("roles")
    status = STATUSES.get(str(said.get("status", "active")).lower(), "active")
    name, given, family, email = (
        text_of(said, part) for part in ("name", "given_name", "family_name", "email")
    )
    return Member(
        user,
        status,
        tuple(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else (),
        name,
        given,
        family,
        email,
        _groups(said),
    )


def _groups(said: dict[str, Any]) -> tuple[str, ...]:
    """The ids of a member's groups; some platforms send them as numbers."""
    listed = said.get("group_enrollments")
    ids = (
        (one.get("group_id") for one in listed if isinstance(one, dict))
        if isinstance(listed, list)
        else ()
    )
    return tuple(str(one) for one in ids if isinstance(one, str | int) and one != "")
