"""Contexts: a platform's course and ours, linked at the first launch; and the links that teachers
placed in it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import unquote

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import outlines
from engine.curriculum.outline import Audience, Outline
from engine.storage.queries import launches
from engine.storage.queries.running import change
from engine.storage.tables import Course, LtiContext, Membership
from engine.storage.work import Work
from engine.values.languages import Lang
from lti.launch.values import Launch
from lti.platforms.registrations import Registration
from lti.wire import names
from lti.wire.reasons import ClaimMalformed
from lti.wire.refusals import LaunchRefused

COUNTS = ("finished", "complete", "both")
"""What a teacher can choose to count: finishing the experience, completing its debrief, or a share
of both."""

UNGRADED = "none"
"""No grade is wanted: no column is created for the link. A column that the teacher adds in the
platform is used all the same."""
MAKES_COLUMNS = frozenset(
    {"moodle", "canvas", "desire2learn", "blackboardlearn", "sakai", "sakailms.org"}
)
"""Platforms that make the column of a link themselves, where the teacher wants one: a launch there
without a column is not graded, and one that we added would be another, beside the link."""
PLACED = "placed:"
"""Begins the id that we give to a link that was placed by Deep Linking, until somebody follows it
and we learn its own."""
SAYS_GRADES = frozenset({"moodle"})
"""Platforms that name their grade service in Deep Linking requests, if it is on."""
HISTORY = "context_history"
"""The custom parameter in which a platform that supports ``$Context.id.history`` lists what a
course was copied from, nearest first (LTI 1.3 core, appendix B)."""
NEWS = timedelta(hours=1)
"""How often it is recorded that a course was opened."""
MAX_HISTORY = 20
"""How many ancestors of a course are searched for one that is known here."""


@dataclass(frozen=True)
class ContextKey:
    """Identifies a context, whose id is unique only within its deployment (LTI 1.3 core, section
    5.4.1)."""

    registration: str
    deployment: str
    context: str

    def row(self, unit: Session) -> LtiContext | None:
        """The row of the context, or None if the course was never opened."""
        return unit.get(
            LtiContext, (unit.info["tenant"], self.registration, self.deployment, self.context)
        )


def key_of(launch: Launch) -> ContextKey | None:
    """The context of a launch; a link outside any course counts as a course of its own. None if
    there is neither."""
    if launch.context is not None:
        return ContextKey(launch.registration, launch.deployment, launch.context.id)
    if launch.resource_link is not None:
        return ContextKey(
            launch.registration, launch.deployment, f"link:{launch.resource_link.id}"[:255]
        )
    return None


@dataclass(frozen=True)
class ContextServices:
    """The service addresses of a platform's course, as its launches named them; when we asked to be
    notified of copies, and when its members are next read (None: not yet, never). Wall time."""

    roster_url: str | None = None
    line_items_url: str | None = None
    groups_url: str | None = None
    notices_url: str | None = None
    notices_at: datetime | None = None
    sync_at: datetime | None = None

    def learned(self, launch: Launch, wall: datetime) -> ContextServices:
        """The services updated from this launch, which need not name all of them."""
        roster_url = launch.roster.url if launch.roster else self.roster_url
        notices_url, notices_at = self.notices_url, self.notices_at
        if launch.notices is not None and names.CONTEXT_COPY_NOTICE in launch.notices.types:
            notices_url = launch.notices.url
            notices_at = notices_at if self.notices_url == notices_url else None
        return ContextServices(
            roster_url,
            (launch.grades and launch.grades.line_items) or self.line_items_url,
            launch.groups.url if launch.groups else self.groups_url,
            notices_url,
            notices_at,
            self.sync_at or (wall if roster_url or notices_url else None),
        )


@dataclass(frozen=True)
class OpenCourse:
    """A course of ours that was opened from a platform: its id, its slug, the services of its
    context, and when it was last opened (wall time)."""

    id: str
    slug: str
    services: ContextServices
    opened_at: datetime


def open_again(work: Work, launch: Launch, key: ContextKey, known: OpenCourse) -> OpenCourse:
    """Opens the course of a known context, and updates its services to those that this launch
    names. The opening is recorded at most once an hour."""
    services = known.services.learned(launch, work.wall)
    if services == known.services and timedelta(0) <= work.wall - known.opened_at < NEWS:
        return known
    change(
        work.session,
        launches.OPEN_CONTEXT,
        of_registration=key.registration,
        of_deployment=key.deployment,
        of_context=key.context,
        wall=work.wall,
        **{f"new_{name}": value for name, value in vars(services).items()},
    )
    return replace(known, services=services, opened_at=work.wall)


def open_first(
    work: Work, launch: Launch, key: ContextKey, account: str, language: Lang
) -> OpenCourse:
    """Creates our course for a context that nobody has opened before. It gets the plan of the
    course it was copied from if the user who launches teaches both."""
    services = ContextServices().learned(launch, work.wall)
    made = new_course(work, key, _title(launch), language, services)
    origin = origin_of(
        work.session, key, map(unquote, launch.custom.get(HISTORY, "").split(",")[:MAX_HISTORY])
    )
    if (
        origin is not None
        and launch.course_role == "facilitator"
        and _teaches(work.session, account, origin)
    ):
        outlines.copy_plan(work.session, course_of(work.session, origin), made)
    work.session.flush()
    return OpenCourse(made.id, made.slug, services, work.wall)


def _teaches(unit: Session, account: str, context: LtiContext) -> bool:
    there = unit.get(Membership, (unit.info["tenant"], context.course, account))
    return there is not None and there.role == "facilitator"


def new_course(
    work: Work,
    key: ContextKey,
    title: str,
    language: Lang,
    services: ContextServices = ContextServices(),
) -> Course:
    """Creates our course for that context, with an empty outline, and opens it. Raises
    ``LaunchRefused("claim-malformed")`` if its slug belongs to another course."""
    unit, slug = work.session, _slug(key, title)
    if unit.scalars(select(Course.id).where(Course.slug == slug)).first() is not None:
        raise LaunchRefused(ClaimMalformed(claim=names.CONTEXT))
    outline = Outline(slug, title[:200] or "—", language, Audience(language), ())
    made = outlines.import_outline(unit, outline, work.now)
    known = vars(services)
    unit.add(LtiContext(**vars(key), course=made.id, opened_at=work.wall, **known))
    return made


def origin_of(unit: Session, key: ContextKey, origins: Iterable[str]) -> LtiContext | None:
    """The first known context among ``origins``, the courses that this one was copied from."""
    return next(
        (
            row
            for origin in origins
            if (row := ContextKey(key.registration, key.deployment, origin).row(unit))
        ),
        None,
    )


def course_of(unit: Session, context: LtiContext) -> Course:
    """Our course for a context."""
    return unit.scalars(select(Course).where(Course.id == context.course)).one()


@dataclass(frozen=True)
class PlatformLink:
    """A placed link as its launches described it. ``context``: the context it is in; ``line_item``:
    its gradebook column."""

    context: str
    item: str
    module: str | None
    title: str = ""
    line_item: str | None = None
    graded: bool = False

    def learned(self, launch: Launch, line_items_url: str | None) -> PlatformLink:
        """The link updated from this launch, in a course whose columns are at
        ``line_items_url``."""
        title = (launch.resource_link and launch.resource_link.title) or self.title
        made = replace(self, title=title[:200])
        if launch.grades is None:
            return made
        line_item = launch.grades.line_item or self.line_item
        column = line_item or (line_items_url and _lets_us_make_columns(launch))
        graded = names.SCOPE_SCORE in launch.grades.scopes and bool(column)
        return replace(made, line_item=line_item, graded=graded)


def _lets_us_make_columns(launch: Launch) -> bool:
    """Whether a link without a column may get one from us: its teacher chose what counts, we may
    manage columns, and the platform is none that would have made it if it were wanted."""
    scopes = launch.grades.scopes if launch.grades else ()
    return (
        launch.custom.get("counts") in COUNTS
        and names.SCOPE_LINE_ITEM in scopes
        and (launch.platform.product or "").lower() not in MAKES_COLUMNS
    )


def placed_id(context: str, resource: str) -> str:
    """The id of a placed link that nobody has followed, in that context, to that resource of
    ours."""
    return PLACED + hashlib.sha256(f"{context}\0{resource}".encode()).hexdigest()[:32]


def takes_grades(launch: Launch, registration: Registration) -> bool:
    """Whether links that are placed now can be graded, as far as we can tell: several platforms
    name no grade service in a Deep Linking request, though they have one."""
    if launch.grades is not None:
        return names.SCOPE_SCORE in launch.grades.scopes
    if (launch.platform.product or "").lower() in SAYS_GRADES:
        return False
    return not registration.scopes or names.SCOPE_SCORE in registration.scopes


def counts_of(launch: Launch) -> str:
    """What the teacher chose to count when the link was placed; both if the link does not say."""
    said = launch.custom.get("counts", "")
    return said if said in COUNTS else "both"


def _title(launch: Launch) -> str:
    context, link = launch.context, launch.resource_link
    return (context and (context.title or context.label)) or (link and link.title) or ""


def _slug(key: ContextKey, title: str) -> str:
    """A slug: words of the title, and a suffix that no other context has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:27].strip("-") or "lms"
    mark = hashlib.sha256(
        "\0".join((key.registration, key.deployment, key.context)).encode()
    ).hexdigest()[:32]
    return f"{words}-{mark}"
