"""The content of a launch as values: one frozen ``Launch``, typed and normalised across
platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lti.wire.roles import CourseRole, looks_on, mentors, role_said

Message = Literal["resource-link", "deep-linking", "submission-review", "data-privacy"]


@dataclass(frozen=True)
class User:
    """A user. ``id`` is the platform's (None if anonymous); everything else only if the platform
    sends it."""

    id: str | None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Context:
    """The course that was launched from (LTI 1.3 core, section 5.4.1). ``id`` is unique only within
    its deployment."""

    id: str
    label: str | None = None
    title: str | None = None
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResourceLink:
    """The placed link that was followed (LTI 1.3 core, section 5.3.5)."""

    id: str
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class Platform:
    """How the platform describes itself (LTI 1.3 core, section 5.4.2)."""

    guid: str | None = None
    name: str | None = None
    product: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class Presentation:
    """How and where the launch is shown (LTI 1.3 core, section 5.4.4). ``return_url`` is a web
    address or None."""

    target: str | None = None
    return_url: str | None = None
    locale: str | None = None


@dataclass(frozen=True)
class GradeService:
    """AGS 2.0, section 3.1: the addresses of the line items and of this link's line item, and the
    scopes granted."""

    scopes: tuple[str, ...]
    line_items: str | None
    line_item: str | None


@dataclass(frozen=True)
class RosterService:
    """NRPS 2.0, section 3.6.1.1: where the members of the context are listed."""

    url: str


@dataclass(frozen=True)
class GroupService:
    """Course Groups 1.0: where the groups of the context are listed."""

    url: str
    sets_url: str | None
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class NoticeService:
    """Platform Notification Service 1.0: where to subscribe to notices, and which ones are
    offered."""

    url: str
    scopes: tuple[str, ...]
    types: tuple[str, ...]


@dataclass(frozen=True)
class DeepLinkingSettings:
    """Deep Linking 2.0, section 4.4.1: where the response goes, and what it may contain. ``data``
    is returned unchanged. ``line_items``: whether links may bring a column; None if the platform
    does not say, which is no refusal."""

    return_url: str
    accept_types: tuple[str, ...]
    targets: tuple[str, ...] = ()
    media_types: str | None = None
    multiple: bool = False
    line_items: bool | None = None
    auto_create: bool = False
    title: str | None = None
    text: str | None = None
    data: Any = None


@dataclass(frozen=True)
class Launch:
    """One verified message of a platform. ``target`` is one of our own pages. ``for_user``: the
    user whose submission is reviewed, or whom a data-privacy launch is about. ``zone``: the time
    zone that the platform names for its user, a name that may be none."""

    tenant: str
    registration: str
    deployment: str
    message: Message
    target: str
    user: User
    roles: tuple[str, ...]
    context: Context | None = None
    resource_link: ResourceLink | None = None
    platform: Platform = Platform()
    presentation: Presentation = Presentation()
    custom: Mapping[str, str] = field(default_factory=dict)
    for_user: User | None = None
    grades: GradeService | None = None
    roster: RosterService | None = None
    groups: GroupService | None = None
    notices: NoticeService | None = None
    zone: str | None = None
    deep_linking: DeepLinkingSettings | None = None

    @property
    def role_said(self) -> CourseRole | None:
        """The role in this course that the launch gives its user, None if it does not say. Who may
        author a course is sent to Deep Linking, so that says it where the roles do not; but some
        platforms offer it to whoever has an editor, learners and mentors too."""
        said = role_said(self.roles)
        if said is None and self.message == "deep-linking" and not mentors(self.roles):
            return "facilitator"
        return said

    @property
    def course_role(self) -> CourseRole:
        """The user's role in this course, if nothing else is known of them there."""
        return self.role_said or "learner"

    @property
    def looks_on(self) -> bool:
        """Whether its user neither runs the course nor learns in it."""
        return looks_on(self.roles)

    @property
    def service_urls(self) -> tuple[str, ...]:
        """Every service address that this launch names."""
        named = (
            self.grades and self.grades.line_items,
            self.grades and self.grades.line_item,
            self.roster and self.roster.url,
            self.groups and self.groups.url,
            self.groups and self.groups.sets_url,
            self.notices and self.notices.url,
        )
        return tuple(url for url in named if url)
