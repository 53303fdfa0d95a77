"""Contexts: a platform's course and ours, joined at the first launch; and the links that
teachers placed in it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import outlines
from engine.curriculum.outline import Audience, Lang, Outline
from engine.storage.tables import Course, LtiContext, LtiLink, Membership
from engine.storage.work import Work
from lti.launch.values import Launch
from lti.wire import names
from lti.wire.reasons import ClaimMalformed
from lti.wire.refusals import LaunchRefused

COUNTS = ("finished", "complete", "both")
"""What a teacher can let count: the experience lived to its end, its debrief complete, or a
share of both."""

UNGRADED = "none"
"""No grade was wanted: no column is made for the link. One that the teacher adds in the platform
is used all the same."""
HISTORY = "context_history"
"""The custom parameter in which a platform that knows ``$Context.id.history`` says what a course
was copied from, the nearest first (LTI 1.3 core, appendix B)."""
MAX_HISTORY = 20
"""How many courses back we look for one that is known here."""


@dataclass(frozen=True)
class ContextKey:
    """Names a context: its id is unique in its deployment only (LTI 1.3 core, section 5.4.1)."""

    registration: str
    deployment: str
    context: str

    def row(self, unit: Session) -> LtiContext | None:
        """Its row, if the course was ever opened."""
        return unit.get(
            LtiContext, (unit.info["tenant"], self.registration, self.deployment, self.context)
        )


def key_of(launch: Launch) -> ContextKey | None:
    """The context of a launch; a link outside any course is a course of its own. None when there
    is neither."""
    if launch.context is not None:
        return ContextKey(launch.registration, launch.deployment, launch.context.id)
    if launch.resource_link is not None:
        return ContextKey(
            launch.registration, launch.deployment, f"link:{launch.resource_link.id}"[:255]
        )
    return None


def open_context(work: Work, launch: Launch, account: str, language: Lang) -> LtiContext | None:
    """The context of a launch with its course, made when it is new; its services are where this
    launch says they are.

    A new one has the plan of the course that it was copied from when whoever launches teaches both.
    """
    key = key_of(launch)
    if key is None:
        return None
    found = key.row(work.session)
    if found is None:
        made = new_course(work.session, key, _title(launch), language, work.now)
        found = LtiContext(
            registration=key.registration,
            deployment=key.deployment,
            context=key.context,
            course=made.id,
            opened_at=work.wall,
        )
        work.session.add(found)
        origin = origin_of(
            work.session, key, map(unquote, launch.custom.get(HISTORY, "").split(",")[:MAX_HISTORY])
        )
        if (
            origin is not None
            and launch.course_role == "facilitator"
            and _teaches(work.session, account, origin)
        ):
            outlines.copy_plan(work.session, course_of(work.session, origin), made)
    found.opened_at = work.wall
    _learn_services(found, launch, work.wall)
    work.session.flush()
    return found


def _teaches(unit: Session, account: str, context: LtiContext) -> bool:
    there = unit.get(Membership, (unit.info["tenant"], context.course, account))
    return there is not None and there.role == "facilitator"


def new_course(unit: Session, key: ContextKey, title: str, language: Lang, now: datetime) -> Course:
    """A course of ours for that context, its outline still empty. Raises
    ``LaunchRefused("claim-malformed")`` when its id in addresses belongs to another course."""
    slug = _slug(key, title)
    if unit.scalars(select(Course.id).where(Course.slug == slug)).first() is not None:
        raise LaunchRefused(ClaimMalformed(claim=names.CONTEXT))
    outline = Outline(slug, title[:200] or "—", language, Audience(language), ())
    return outlines.import_outline(unit, outline, now)


def origin_of(unit: Session, key: ContextKey, origins: Iterable[str]) -> LtiContext | None:
    """The first of the courses that one was copied from which is known here."""
    return next(
        (
            row
            for origin in origins
            if (row := ContextKey(key.registration, key.deployment, origin).row(unit))
        ),
        None,
    )


def course_of(unit: Session, context: LtiContext) -> Course:
    """Our side of a context."""
    return unit.scalars(select(Course).where(Course.id == context.course)).one()


def link_of(
    unit: Session, launch: Launch, context: LtiContext, item: str, module: str | None
) -> LtiLink | None:
    """The placed link that was followed, kept up to date with what this launch says; None when
    the launch names none."""
    if launch.resource_link is None:
        return None
    key = launch.registration, launch.deployment, launch.resource_link.id
    link = unit.get(LtiLink, (unit.info["tenant"], *key))
    if link is None:
        link = LtiLink(
            registration=key[0],
            deployment=key[1],
            link=key[2],
            counts=counts_of(launch),
            line_item=None,
        )
        unit.add(link)
    link.context, link.item, link.module = context.context, item, module
    link.title = (launch.resource_link.title or link.title or "")[:200]
    if launch.grades is not None:
        link.line_item = launch.grades.line_item or link.line_item
        column = link.line_item or (
            context.line_items_url and launch.custom.get("counts") != UNGRADED
        )
        link.graded = names.SCOPE_SCORE in launch.grades.scopes and bool(column)
    unit.flush()
    return link


def counts_of(launch: Launch) -> str:
    """What the teacher let count when the link was placed; both when the link does not say."""
    said = launch.custom.get("counts", "")
    return said if said in COUNTS else "both"


def _learn_services(row: LtiContext, launch: Launch, wall: datetime) -> None:
    if launch.roster is not None:
        row.roster_url = launch.roster.url
    if launch.grades is not None:
        row.line_items_url = launch.grades.line_items or row.line_items_url
    if launch.groups is not None:
        row.groups_url = launch.groups.url
    if launch.notices is not None and names.CONTEXT_COPY_NOTICE in launch.notices.types:
        row.notices_at = row.notices_at if row.notices_url == launch.notices.url else None
        row.notices_url = launch.notices.url
    if row.roster_url or row.notices_url:
        row.sync_at = row.sync_at or wall


def _title(launch: Launch) -> str:
    context, link = launch.context, launch.resource_link
    said = (context and (context.title or context.label)) or (link and link.title) or ""
    return " ".join(said.split())


def _slug(key: ContextKey, title: str) -> str:
    """An id for addresses: words of the title, and a mark that no other context has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:27].strip("-") or "lms"
    mark = hashlib.sha256(
        "\0".join((key.registration, key.deployment, key.context)).encode()
    ).hexdigest()[:32]
    return f"{words}-{mark}"
