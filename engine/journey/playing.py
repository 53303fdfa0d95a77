"""Living an experience: open it, act, finish. Every act is saved at once; double submits and the
back button are harmless."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.journey.news import tell
from engine.journey.planning import replan
from engine.packs.activities.base import Acts, Screen
from engine.packs.model import Module
from engine.storage.queries import journeys
from engine.storage.queries.running import rows
from engine.storage.tables import Enrolment, Learner, Membership, Placement, Step
from engine.storage.work import Work
from engine.values.errors import Conflict, Invalid, NotFound, Refused


@dataclass(frozen=True)
class Scene:
    """Where a learner stands in an experience: ``number`` is that of the next act (the page
    sends it back)."""

    enrolment: Enrolment
    module: Module
    acts: Acts
    screen: Screen

    @property
    def number(self) -> int:
        """The number of the next act, from 1."""
        return len(self.acts) + 1


def begin(work: Work, learner: Learner, course: str, section: str) -> Enrolment:
    """Begin the experience placed in that section, or find the one already begun.

    Raises ``NotFound("placement-unknown")``, ``Refused("contract-first")``,
    ``Refused("prerequisite-first")``.
    """
    if learner.contract_at is None or learner.stopped_at is not None:
        raise Refused("contract-first")
    member = select(Membership).where(Membership.course == course, Membership.account == learner.id)
    placement = work.session.scalars(
        select(Placement).where(Placement.course == course, Placement.section == section)
    ).one_or_none()
    if placement is None or work.session.scalars(member).one_or_none() is None:
        raise NotFound("placement-unknown", section=section)
    begun = work.session.scalars(
        select(Enrolment).where(
            Enrolment.learner == learner.id,
            Enrolment.pack == placement.pack,
            Enrolment.module == placement.module,
        )
    ).one_or_none()
    if begun is not None:
        return begun
    module = work.library.module(placement.pack, placement.version, placement.module)
    _check_prerequisites(work.session, learner, placement.pack, module)
    enrolment = Enrolment(
        learner=learner.id,
        course=course,
        section=section,
        pack=placement.pack,
        version=placement.version,
        module=placement.module,
        started_at=work.now,
    )
    work.session.add(enrolment)
    work.session.flush()
    return enrolment


def scene(work: Work, learner: Learner, enrolment_id: str) -> Scene:
    """Where the learner stands. Raises ``NotFound("enrolment-unknown")`` for anybody else's
    experience."""
    enrolment = work.session.scalars(
        select(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.learner == learner.id)
    ).one_or_none()
    if enrolment is None:
        raise NotFound("enrolment-unknown")
    module = work.library.module(enrolment.pack, enrolment.version, enrolment.module)
    acts = acts_of(work.session, enrolment.id)
    return Scene(enrolment, module, acts, module.spec.activity.screen(acts))


def act(work: Work, learner: Learner, enrolment_id: str, number: int, option: str) -> Scene:
    """Take one option. Sent twice, it counts once. Finishing plans the first touch.

    Raises ``Conflict("already-decided")`` when act ``number`` was already taken otherwise (back
    button, other tab) and ``Invalid("act-impossible")`` when the option is not on the screen;
    nothing changes then.
    """
    here = scene(work, learner, enrolment_id)
    if 1 <= number <= len(here.acts):
        if here.acts[number - 1] == option:
            return here
        raise Conflict("already-decided")
    if number != here.number or option not in {o.id for o in here.screen.options}:
        raise Invalid("act-impossible", act=option[:60])
    work.session.add(Step(enrolment=enrolment_id, number=number, act=option, at=work.now))
    acts = (*here.acts, option)
    after = Scene(here.enrolment, here.module, acts, here.module.spec.activity.screen(acts))
    if after.screen.finished:
        here.enrolment.finished_at = work.now
        tell(work.session, learner.id, enrolment_id)
        replan(work, learner)
    return after


def acts_of(unit: Session, enrolment: str) -> Acts:
    """Everything done in an experience so far, in order."""
    return tuple(row.act for row in rows(unit, journeys.ACTS, enrolment=enrolment))


def _check_prerequisites(unit: Session, learner: Learner, pack: str, module: Module) -> None:
    finished = set(
        unit.scalars(
            select(Enrolment.module).where(
                Enrolment.learner == learner.id,
                Enrolment.pack == pack,
                Enrolment.finished_at.is_not(None),
            )
        )
    )
    missing = [m for m in module.spec.after if m not in finished]
    if missing:
        raise Refused("prerequisite-first", modules=missing)
