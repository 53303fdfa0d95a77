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
from web.site import unkept
from web.site.context import Person, person
from web.site.reasons import PageUnknown, SignedOut
from web.site.security import own_path
from web.site.signing import Expired

P = ParamSpec("P")


def _only(
    may: Callable[[Person], bool], view: Callable[Concatenate[Person, P], ResponseReturnValue]
) -> Callable[P, ResponseReturnValue]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        reader = person()
        if reader is None:
            return _to_sign_in()
        if not may(reader):
            raise NotFound(PageUnknown())
        return view(reader, *args, **kwargs)

    vars(guarded)["guarded"] = True
    return guarded


def _to_sign_in() -> ResponseReturnValue:
    """Asks who it is, then back to this page. What somebody wrote meanwhile is held; if it cannot
    be, a page of its own shows it."""
    if request.method == "GET":
        here: str | None = request.full_path.rstrip("?")
    else:
        here = own_path(request.path)
        if not unkept.hold() and unkept.own_words():
            raise Expired(SignedOut())
    return redirect(url_for("account.sign_in", next=here))


def learner_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Passes the ``Person`` to the view as its first argument. Visitors are sent to sign in;
    accounts that are not learners get a 404."""
    return _only(lambda reader: reader.learns, view)


def joined_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Like ``learner_required``, but a learner who has not accepted the trust contract yet is
    first sent to read it."""

    @wraps(view)
    def joined(reader: Person, /, *args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not reader.joined:
            unkept.hold()
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


def courses_or_packs_required(
    view: Callable[Concatenate[Person, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Passes the ``Person`` to the view as its first argument. Visitors are sent to sign in; people
    who neither facilitate nor see packs get a 404."""
    return _only(lambda reader: reader.facilitates or reader.may("see-packs"), view)


def own_courses(unit: Session, reader: Person, *, archived: bool = False) -> list[Course]:
    """The courses that this person facilitates (for an administrator, all of the organisation's),
    by title; those that are archived are a list of their own. Their outlines, which are large, are
    loaded only when accessed."""
    put_away = Course.archived_at.is_not(None) if archived else Course.archived_at.is_(None)
    columns = load_only(Course.slug, Course.title, Course.ended_at, Course.ends_on)
    return list(unit.scalars(_own(reader).where(put_away).options(columns).order_by(Course.title)))


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
