"""Decides who may see what, by the table of ``rights``. Things that are not yours are not found: a
page never reveals that something exists for others."""

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
    """Passes the ``Person`` to the view as its first argument. Visitors are sent to sign in;
    accounts that are not learners get a 404."""
    return _only(lambda reader: reader.learns, view)


def joined_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Like ``learner_required``, but a learner who has not accepted the trust contract yet (or has
    stopped) is first sent to read it."""

    @wraps(view)
    def joined(reader: Person, /, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not reader.joined:
            return redirect(url_for("learner.contract"), 303)
        return view(reader, *args, **kwargs)

    return learner_required(joined)


def facilitator_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Passes the ``Person`` to the view as its first argument. Visitors are sent to sign in; people
    who facilitate nothing get a 404. See ``own_course``."""
    return _only(lambda reader: reader.facilitates, view)


def administrator_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Passes the ``Person`` to the view as its first argument. Visitors are sent to sign in; people
    who do not administer the organisation get a 404."""
    return _only(lambda reader: reader.may("administer"), view)


def packs_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Passes the ``Person`` to the view as its first argument. Visitors are sent to sign in; people
    who neither design packs nor administer the organisation get a 404."""
    return _only(lambda reader: reader.may("see-packs"), view)


def own_courses(unit: Session, reader: Person) -> list[Course]:
    """The courses that this person facilitates (for an administrator, all of the organisation's),
    by title. Their outlines, which are large, are loaded only when accessed."""
    return list(
        unit.scalars(
            _own(reader).options(load_only(Course.slug, Course.title)).order_by(Course.title)
        )
    )


def own_course(unit: Session, reader: Person, slug: str) -> Course:
    """That course, if this person facilitates it. Raises ``NotFound("course-unknown")``."""
    found = unit.scalars(_own(reader).where(Course.slug == slug)).one_or_none()
    if found is None:
        raise NotFound(CourseUnknown())
    return found


def _own(reader: Person) -> Select[Course]:
    query = select(Course)
    if reader.may("facilitate-all"):
        return query
    return query.join(
        Membership, (Membership.tenant == Course.tenant) & (Membership.course == Course.id)
    ).where(Membership.account == reader.id, Membership.role == "facilitator")
