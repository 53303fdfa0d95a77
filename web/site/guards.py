"""Who may see what. What is not yours is not found: a page never tells that something exists for
others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, load_only

from engine.courses.reasons import CourseUnknown
from engine.storage.tables import Course, Membership
from engine.values.errors import NotFound
from web.site.context import Person, person
from web.site.reasons import PageUnknown

P = ParamSpec("P")


def _only(
    may: Callable[[Person], bool], view: Callable[Concatenate[Person, P], ResponseReturnValue]
) -> Callable[P, ResponseReturnValue]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        reader = person()
        if reader is None:
            here = request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("account.sign_in", next=here))
        if not may(reader):
            raise NotFound(PageUnknown())
        return view(reader, *args, **kwargs)

    return guarded


def learner_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """The view gets the ``Person`` first. Visitors sign in; accounts that do not learn find
    nothing."""
    return _only(lambda reader: reader.learns, view)


def joined_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """As ``learner_required``; who has not said yes to the trust contract (or has stopped) reads
    it first."""

    @wraps(view)
    def joined(reader: Person, /, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not reader.joined:
            return redirect(url_for("learner.contract"), 303)
        return view(reader, *args, **kwargs)

    return learner_required(joined)


def facilitator_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """The view gets the ``Person`` first. Visitors sign in; those who facilitate nothing find
    nothing. See ``own_course``."""
    return _only(lambda reader: reader.facilitates, view)


def administrator_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """The view gets the ``Person`` first. Visitors sign in; those who do not run the
    organisation find nothing."""
    return _only(lambda reader: reader.role == "administrator", view)


def own_courses(unit: Session, reader: Person) -> list[Course]:
    """The courses that this person facilitates, all of the organisation's for an administrator,
    by title. Their outlines, which are large, stay in the database until they are looked at."""
    return list(
        unit.scalars(
            _own(reader).options(load_only(Course.slug, Course.title)).order_by(Course.title)
        )
    )


def own_course(unit: Session, reader: Person, slug: str) -> Course:
    """That course, when this person facilitates it. Raises ``NotFound("course-unknown")``."""
    found = unit.scalars(_own(reader).where(Course.slug == slug)).one_or_none()
    if found is None:
        raise NotFound(CourseUnknown())
    return found


def _own(reader: Person) -> Select[Course]:
    query = select(Course)
    if reader.role == "administrator":
        return query
    return query.join(
        Membership, (Membership.tenant == Course.tenant) & (Membership.course == Course.id)
    ).where(Membership.account == reader.id, Membership.role == "facilitator")
