"""The demo's tables: one in the middle of a game, one that waits for one more seat, and what its
people do at them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

from sqlalchemy import select

from engine.journey import joining, playing, tables
from engine.journey.home import experiences
from engine.journey.tables import OTHERS
from engine.packs.activities.together import GATHERING, Together
from engine.people.accounts import account_by_email
from engine.storage.tables import Enrolment, Learner, Placement
from engine.storage.work import Work

GAME = "le-tarif-de-la-navette"
"""The experience that the demo's people live together, or not at all."""
GOING = 3
"""How many sit at the table that goes on; recorded voices hold its other seats."""
THINKS = timedelta(hours=10)
"""How long somebody takes for a step (learning time)."""


def gather(work: Work, emails: Iterable[str]) -> None:
    """Has these people sit down, in that order: at a table that begins with the first three, then
    at one that waits, until it has one seat left. Nothing if the game is not placed."""
    placed = work.session.scalars(select(Placement).where(Placement.module == GAME)).first()
    if placed is None:
        return
    module = work.library.module(placed.pack, placed.version, GAME)
    accounts = (account_by_email(work.session, email) for email in emails)
    learners = [joining.learner_of(work.session, one.id) for one in accounts if one is not None]
    ready = [one for one in learners if _may_begin(work, one)]
    for n, learner in enumerate(ready[: GOING + len(module.spec.activity.seats) - 1], start=1):
        seat = tables.sit_down(work, learner, placed.course, placed.section, OTHERS)
        if n == GOING:
            tables.begin_now(work, learner, seat.id)


def play_on(work: Work, learner: Learner) -> None:
    """Says what this person's recorded voice would, at each table that has waited for them for a
    while."""
    here = select(Enrolment.id).where(
        Enrolment.learner == learner.id,
        Enrolment.module == GAME,
        Enrolment.finished_at.is_(None),
    )
    for enrolment in work.session.scalars(here).all():
        scene = playing.scene(work, learner, enrolment, hold=True)
        if scene.screen.key == GATHERING or not scene.screen.form.fields or scene.screen.finished:
            continue
        kind = cast(Together, scene.module.spec.activity)
        table = kind.standing(scene.acts, work.now)
        if table.since is not None and work.now - table.since > THINKS:
            said = table.kind.voice(table.done, scene.enrolment.seat)
            playing.act(work, learner, enrolment, scene.number, said)


def _may_begin(work: Work, learner: Learner) -> bool:
    return learner.contract_at is not None and any(
        one.module[1] == GAME and one.state == "new"
        for one in experiences(work, learner, learner.account.language)
    )
