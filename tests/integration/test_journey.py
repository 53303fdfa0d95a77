"""One learner's journey on a real database: join, live, answer, undo, slow down, leave."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.courses import slotting
from engine.journey import answering, coming, joining, leaving, pausing, playing, rereading, showing
from engine.journey.answering import Asking
from engine.journey.home import experiences
from engine.journey.planning import replan
from engine.journey.reasons import (
    OpensLater,
    PausePast,
    PauseTooLong,
    PrerequisiteFirst,
    SnoozeDays,
)
from engine.journey.record import read_record
from engine.journey.touches import close_touch, open_touch, planned_one, prompts_of, unclosed_one
from engine.packs.new import new_pack
from engine.storage.tables import Act, Answer, Enrolment, Learner, Memory, Placement, Touch
from engine.values.errors import Conflict, Invalid, NotFound, NotYet, Refused
from tests import builders
from tests.builders import World, work

pytestmark = pytest.mark.both_databases

FORMS = {
    "text": {"text": "Nadia, parce qu’elle attendait."},
    "recall": {"grade": "3"},
    "scale": {"point": "2"},
    "plan": {"if": "il pleut", "then": "j’appelle"},
    "did-it-happen": {"happened": "partly", "note": "à moitié"},
}


def lived(there: World, unit: Session) -> tuple[Learner, Enrolment]:
    made = builders.course(unit)
    who = builders.learner(unit, there.library, made)
    return who, builders.lived(unit, there, who, made)


def come_to_next(there: World, unit: Session, who: Learner) -> Touch:
    """Time goes on to the planned touch, which opens."""
    touch = planned_one(unit, who.id)
    assert touch is not None
    there.now = max(there.now, touch.due_at)
    open_touch(work(unit, now=there.now), who, touch)
    replan(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    return touch


def answer_all(there: World, unit: Session, who: Learner, touch: Touch) -> list[str]:
    answered = []
    for asked in showing.touch_view(
        work(unit, library=there.library), who.id, touch.number, "fr"
    ).left:
        answering.answer(
            work(unit, library=there.library, now=there.now, rng=there.rng),
            who.id,
            Asking(touch.number, asked.enrolment, asked.prompt, asked.occurrence),
            FORMS[asked.question.prompt.kind],
        )
        answered.append(asked.prompt)
    return answered


@pytest.fixture
def there(tmp_path: Path) -> World:
    return builders.world(tmp_path)


@pytest.fixture
def unit(there: World):
    with there.db.write(there.tenant) as session:
        yield session


def test_nothing_begins_before_the_trust_contract(there: World, unit: Session) -> None:
    made = builders.course(unit)
    who = builders.learner(unit, there.library, made, joined=False)
    with pytest.raises(Refused, match="contract-first"):
        playing.begin(work(unit, library=there.library, now=there.now), who, made.id, "s1")


def test_an_experience_begins_no_sooner_than_home_says(there: World, unit: Session) -> None:
    made = builders.course(unit)
    who = builders.learner(unit, there.library, made)
    opens = there.now.date() + timedelta(days=1)
    made.outline = {**made.outline, "starts_on": opens.isoformat()}
    unit.flush()
    now = work(unit, library=there.library, now=there.now)
    [shown] = experiences(now, who, "fr")
    with pytest.raises(NotYet) as refused:
        playing.begin(now, who, made.id, "s1")
    assert refused.value.reason == OpensLater(from_day=opens)
    assert (shown.state, shown.from_day) == ("later", opens)

    last_minute = local(opens, "00:00", who.zone) - timedelta(minutes=1)
    with pytest.raises(NotYet):
        playing.begin(work(unit, library=there.library, now=last_minute), who, made.id, "s1")
    assert not unit.scalars(select(Enrolment)).all()

    midnight = work(unit, library=there.library, now=last_minute + timedelta(minutes=1))
    assert [one.state for one in experiences(midnight, who, "fr")] == ["new"]
    assert playing.begin(midnight, who, made.id, "s1")


def test_what_was_begun_stays_open_when_its_section_moves(there: World, unit: Session) -> None:
    made = builders.course(unit)
    who = builders.learner(unit, there.library, made)
    now = work(unit, library=there.library, now=there.now)
    begun = playing.begin(now, who, made.id, "s1")
    made.outline = {**made.outline, "starts_on": "2099-01-01"}
    unit.flush()
    assert playing.begin(now, who, made.id, "s1") is begun
    assert [one.state for one in experiences(now, who, "fr")] == ["begun"]


def local(day: date, hour: str, zone: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), ZoneInfo(zone))


def with_a_sequel(files: dict[str, bytes]) -> dict[str, bytes]:
    """The starter pack as version 0.2.0, with a second experience that comes after the first."""
    folder = "la-vitrine/"
    sequel = {
        f"la-suite/{name.removeprefix(folder)}": text.replace(
            b"id: la-vitrine ", b"id: la-suite\nafter: [la-vitrine] "
        )
        for name, text in files.items()
        if name.startswith(folder)
    }
    manifest = files["pack.yaml"].replace(b"version: 0.1.0", b"version: 0.2.0")
    manifest = manifest.replace(b"[la-vitrine]", b"[la-vitrine, la-suite]")
    return {**files, **sequel, "pack.yaml": manifest}


def test_an_experience_says_which_others_come_before_it(there: World, unit: Session) -> None:
    there.library.install(with_a_sequel(new_pack(builders.PACK)), there.now)
    made = builders.course(unit)
    who = builders.learner(unit, there.library, made)
    placement = unit.scalars(select(Placement)).one()
    placement.version, placement.module = "0.2.0", "la-suite"
    with pytest.raises(NotYet) as refused:
        playing.begin(work(unit, library=there.library, now=there.now), who, made.id, "s1")
    assert refused.value.reason == PrerequisiteFirst(modules=("la-vitrine",))


def test_finishing_an_experience_plans_one_touch_and_only_one(there: World, unit: Session) -> None:
    who, enrolment = lived(there, unit)
    assert enrolment.finished_at == there.now
    planned = planned_one(unit, who.id)
    assert planned is not None and planned.due_at > there.now
    assert [p.prompt for p in prompts_of(unit, who.id, planned.number)] == ["lundi"]


def test_an_act_sent_twice_counts_once_and_another_one_in_its_place_is_refused(
    there: World, unit: Session
) -> None:
    made = builders.course(unit)
    who = builders.learner(unit, there.library, made)
    enrolment = playing.begin(work(unit, library=there.library, now=there.now), who, made.id, "s1")
    for _ in range(2):
        playing.act(
            work(unit, library=there.library, now=there.now, rng=there.rng),
            who,
            enrolment.id,
            1,
            {"choice": "nadia"},
        )
    [act] = playing.scene(work(unit, library=there.library), who, enrolment.id).acts
    assert (act.seat, act.said, act.at) == (1, {"choice": "nadia"}, there.now)
    with pytest.raises(Conflict, match="already-decided"):
        playing.act(
            work(unit, library=there.library, now=there.now, rng=there.rng),
            who,
            enrolment.id,
            1,
            {"choice": "planning"},
        )
    with pytest.raises(Invalid, match="act-impossible"):
        playing.act(
            work(unit, library=there.library, now=there.now, rng=there.rng),
            who,
            enrolment.id,
            2,
            {"choice": "nadia"},
        )
    assert unit.scalar(select(func.count()).select_from(Act)) == 1


def test_a_whole_debrief_goes_through_its_arc_and_is_complete(there: World, unit: Session) -> None:
    who, enrolment = lived(there, unit)
    seen: list[str] = []
    while planned_one(unit, who.id) is not None and len(seen) < 30:
        revealed_before = enrolment.revealed_at
        seen += answer_all(there, unit, who, come_to_next(there, unit, who))
        if revealed_before is None and enrolment.revealed_at is not None:
            assert "regard" in seen
    order = [seen.index(p) for p in ("lundi", "regard", "plan", "suite", "demain")]
    assert order == sorted(order)
    assert "rappel" in seen[seen.index("regard") :]
    assert enrolment.closed_as == "complete"
    assert there.now - builders.MONDAY < timedelta(days=100)


def test_recalls_come_back_at_growing_intervals(there: World, unit: Session) -> None:
    who, _ = lived(there, unit)
    days = []
    while planned_one(unit, who.id) is not None:
        touch = come_to_next(there, unit, who)
        if "rappel" in answer_all(there, unit, who, touch):
            days.append((there.now - builders.MONDAY).days)
    gaps = [b - a for a, b in pairwise(days)]
    assert len(gaps) >= 2 and gaps == sorted(gaps) and gaps[0] >= 2


def test_the_same_answer_twice_counts_once_and_another_is_refused(
    there: World, unit: Session
) -> None:
    who, enrolment = lived(there, unit)
    touch = come_to_next(there, unit, who)
    asking = Asking(touch.number, enrolment.id, "lundi", 1)
    for _ in range(2):
        assert answering.answer(there.work(unit), who.id, asking, {"text": "Nadia"}).touch_done
    with pytest.raises(Conflict, match="already-answered"):
        answering.answer(there.work(unit), who.id, asking, {"text": "Autre"})
    assert unit.scalar(select(func.count()).select_from(Answer)) == 1


def test_a_wrong_answer_changes_nothing(there: World, unit: Session) -> None:
    who, enrolment = lived(there, unit)
    touch = come_to_next(there, unit, who)
    with pytest.raises(Invalid, match="answer-empty"):
        answering.answer(
            work(unit, library=there.library, now=there.now, rng=there.rng),
            who.id,
            Asking(touch.number, enrolment.id, "lundi", 1),
            {"text": " "},
        )
    assert touch.state == "open"


def test_a_planned_touch_takes_no_answer_and_a_missed_one_still_does(
    there: World, unit: Session
) -> None:
    who, enrolment = lived(there, unit)
    planned = planned_one(unit, who.id)
    assert planned is not None
    asking = Asking(planned.number, enrolment.id, "lundi", 1)
    with pytest.raises(Conflict, match="touch-planned"):
        answering.answer(there.work(unit), who.id, asking, {"text": "x"})
    touch = come_to_next(there, unit, who)
    close_touch(work(unit, now=there.now), who, touch.number, "missed")
    assert answering.answer(there.work(unit), who.id, asking, {"text": "x"}).content
    unit.expire_all()
    assert (touch.state, who.missed_in_a_row) == ("answered", 0)


def test_undoing_restores_memory_reveal_pace_and_the_open_touch(
    there: World, unit: Session
) -> None:
    who, enrolment = lived(there, unit)
    who.missed_in_a_row, who.gap_factor = 2, 2.25
    first = come_to_next(there, unit, who)
    answer_all(there, unit, who, first)
    second = come_to_next(there, unit, who)
    answer_all(there, unit, who, second)
    assert enrolment.revealed_at is not None
    pace = second.pace_before
    answering.undo(
        work(unit, library=there.library, now=there.now, rng=there.rng),
        who.id,
        Asking(second.number, enrolment.id, "regard", 1),
    )
    assert enrolment.revealed_at is None and second.state == "open"
    assert pace is not None and who.gap_factor == pace["gap_factor"]
    assert planned_one(unit, who.id) is None
    assert answer_all(there, unit, who, second) == ["regard"]
    with pytest.raises(Refused, match="too-late-to-undo"):
        answering.undo(
            work(unit, library=there.library, now=there.now, rng=there.rng),
            who.id,
            Asking(first.number, enrolment.id, "lundi", 1),
        )


def test_undoing_a_first_recall_leaves_no_card(there: World, unit: Session) -> None:
    who, enrolment = lived(there, unit)
    while True:
        touch = come_to_next(there, unit, who)
        if "rappel" in answer_all(there, unit, who, touch):
            break
    assert unit.scalar(select(func.count()).select_from(Memory)) == 1
    answering.undo(
        work(unit, library=there.library, now=there.now, rng=there.rng),
        who.id,
        Asking(touch.number, enrolment.id, "rappel", 1),
    )
    assert unit.scalar(select(func.count()).select_from(Memory)) == 0


def test_who_comes_early_is_asked_what_the_arc_has_opened_by_that_day(
    there: World, unit: Session
) -> None:
    who, _ = lived(there, unit)
    assert not coming.may_come(there.work(unit), read_record(there.work(unit), who))
    with pytest.raises(Refused, match="too-early"):
        coming.open_early(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    assert planned_one(unit, who.id) is not None
    there.later(hours=20)
    assert coming.may_come(there.work(unit), read_record(there.work(unit), who))
    touch = coming.open_early(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    assert (
        touch.state == "open" and touch.opened_at == there.now and planned_one(unit, who.id) is None
    )
    with pytest.raises(Refused, match="touch-open"):
        coming.open_early(work(unit, library=there.library, now=there.now, rng=there.rng), who)


def test_who_comes_again_and_again_neither_hurries_the_arc_nor_is_asked_one_thing_twice(
    there: World, unit: Session
) -> None:
    who, enrolment = lived(there, unit)
    there.later(hours=20)
    answer_all(
        there,
        unit,
        who,
        coming.open_early(work(unit, library=there.library, now=there.now, rng=there.rng), who),
    )
    for _hours in range(12):
        with pytest.raises(Refused, match="too-early"):
            coming.open_early(work(unit, library=there.library, now=there.now, rng=there.rng), who)
        there.later(hours=1)
    assert enrolment.revealed_at is None


def test_who_comes_back_after_letting_everything_go_by_is_asked_again(
    there: World, unit: Session
) -> None:
    who, _ = lived(there, unit)
    answer_all(there, unit, who, come_to_next(there, unit, who))
    for _missed in range(3):
        touch = come_to_next(there, unit, who)
        there.later(days=7)
        close_touch(work(unit, now=there.now), who, touch.number, "missed")
        replan(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    assert come_to_next(there, unit, who).kind == "lighten"
    pausing.carry_on(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    assert answer_all(there, unit, who, come_to_next(there, unit, who)) == ["regard"]


def test_who_comes_back_is_asked_no_occurrence_twice_of_what_they_had_answered(
    there: World, unit: Session
) -> None:
    who, _ = lived(there, unit)

    def miss(touch: Touch) -> None:
        there.later(days=7)
        close_touch(work(unit, now=there.now), who, touch.number, "missed")
        replan(work(unit, library=there.library, now=there.now, rng=there.rng), who)

    def asks(touch: Touch) -> set[str]:
        return {row.prompt for row in prompts_of(unit, who.id, touch.number)}

    touch = come_to_next(there, unit, who)
    while "rappel" not in asks(touch):
        answer_all(there, unit, who, touch)
        touch = come_to_next(there, unit, who)
    miss(touch)
    touch = come_to_next(there, unit, who)
    while "rappel" not in asks(touch):
        answer_all(there, unit, who, touch)
        touch = come_to_next(there, unit, who)
    answer_all(there, unit, who, touch)
    while (touch := come_to_next(there, unit, who)).kind != "lighten":
        miss(touch)
    pausing.carry_on(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    assert planned_one(unit, who.id) is not None


def test_lighter_never_brings_questions_closer_together(there: World, unit: Session) -> None:
    who, _ = lived(there, unit)
    for before, after in ((2, 4), (4, 7), (7, 7), (14, 14), (30, 30)):
        who.gap_days = before
        pausing.lighten(work(unit, library=there.library, now=there.now, rng=there.rng), who)
        assert who.gap_days == after


def test_what_was_put_off_in_another_tab_is_kept_all_the_same(there: World, unit: Session) -> None:
    who, enrolment = lived(there, unit)
    touch = come_to_next(there, unit, who)
    pausing.snooze(work(unit, library=there.library, now=there.now, rng=there.rng), who, 7)
    done = answering.answer(
        work(unit, library=there.library, now=there.now, rng=there.rng),
        who.id,
        Asking(touch.number, enrolment.id, "lundi", 1),
        FORMS["text"],
    )
    assert done.touch_done


def test_nothing_is_taken_back_in_a_course_that_its_learner_left(
    there: World, unit: Session
) -> None:
    who, enrolment = lived(there, unit)
    answer_all(there, unit, who, come_to_next(there, unit, who))
    leaving.leave_course(
        work(unit, library=there.library, now=there.now, rng=there.rng), who, enrolment.course
    )
    with pytest.raises(Refused, match="too-late-to-undo"):
        answering.undo(
            work(unit, library=there.library, now=there.now, rng=there.rng),
            who.id,
            Asking(1, enrolment.id, "lundi", 1),
        )


def test_snoozing_brings_the_same_question_back_later(there: World, unit: Session) -> None:
    who, _ = lived(there, unit)
    touch = come_to_next(there, unit, who)
    pausing.snooze(work(unit, library=there.library, now=there.now, rng=there.rng), who, 7)
    assert touch.state == "snoozed"
    planned = planned_one(unit, who.id)
    zone = ZoneInfo(who.zone)
    on = (there.now.astimezone(zone) + timedelta(days=7)).date()
    assert planned is not None and planned.due_at.astimezone(zone).date() == on
    assert [(p.prompt, p.occurrence) for p in prompts_of(unit, who.id, planned.number)] == [
        ("lundi", 2)
    ]
    assert [p.prompt for p in prompts_of(unit, who.id, touch.number)] == ["lundi"]
    with pytest.raises(Invalid, match="snooze-days") as refused:
        pausing.snooze(work(unit, library=there.library, now=there.now, rng=there.rng), who, 3)
    assert refused.value.reason == SnoozeDays(offered=(2, 7, 14))


def test_pausing_holds_everything_until_the_day_and_resuming_lets_it_go(
    there: World, unit: Session
) -> None:
    who, _ = lived(there, unit)
    until = (there.now + timedelta(days=30)).date()
    pausing.pause(work(unit, library=there.library, now=there.now, rng=there.rng), who, until)
    planned = planned_one(unit, who.id)
    assert planned is not None and planned.due_at.date() >= until
    pausing.resume(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    assert planned_one(unit, who.id).due_at.date() < until
    today = there.now.astimezone(ZoneInfo(who.zone)).date()
    for wished, reason in (
        (today, PausePast(today=today)),
        (today + timedelta(days=367), PauseTooLong(last=today + timedelta(days=366))),
    ):
        with pytest.raises(Invalid) as refused:
            pausing.pause(
                work(unit, library=there.library, now=there.now, rng=there.rng), who, wished
            )
        assert (refused.value.reason, refused.value.field) == (reason, "until")


def test_three_missed_touches_ask_once_to_go_lighter(there: World, unit: Session) -> None:
    who, _ = lived(there, unit)
    for _ in range(3):
        touch = come_to_next(there, unit, who)
        there.later(days=8)
        close_touch(work(unit, now=there.now), who, touch.number, "missed")
        replan(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    question = come_to_next(there, unit, who)
    assert question.kind == "lighten" and not prompts_of(unit, who.id, question.number)
    pausing.lighten(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    assert question.state == "answered" and who.week_minutes == 3 and who.gap_days == 4
    planned = planned_one(unit, who.id)
    assert planned is not None and planned.kind == "prompts" and planned.minutes <= 1.5


def test_stopping_plans_nothing_and_coming_back_needs_the_contract(
    there: World, unit: Session
) -> None:
    who, _ = lived(there, unit)
    pausing.stop(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    assert planned_one(unit, who.id) is None and unclosed_one(unit, who.id) is None
    joining.accept_contract(work(unit, now=there.now), who)
    replan(work(unit, library=there.library, now=there.now, rng=there.rng), who)
    assert planned_one(unit, who.id) is not None


def test_the_path_shows_no_takeaway_before_the_reveal(there: World, unit: Session) -> None:
    who, _ = lived(there, unit)
    answer_all(there, unit, who, come_to_next(there, unit, who))
    (knot,) = rereading.path(work(unit, library=there.library, now=there.now), who, "fr")
    assert knot.reveal is None and not knot.takeaways and len(knot.answers) == 1
    answer_all(there, unit, who, come_to_next(there, unit, who))
    (knot,) = rereading.path(work(unit, library=there.library, now=there.now), who, "fr")
    assert knot.reveal and knot.takeaways


def test_preferences_harsher_than_the_limits_are_refused_by_name(
    there: World, unit: Session
) -> None:
    who, _ = lived(there, unit)
    for wish, field in (
        (joining.Preferences(week_minutes=9), "week_minutes"),
        (joining.Preferences(zone="Mars/Base"), "zone"),
        (joining.Preferences(days_off=range(1, 8)), "days_off"),
        (joining.Preferences(channel="fax"), "channel"),
    ):
        with pytest.raises(Invalid) as refusal:
            joining.set_preferences(
                work(unit, library=there.library, now=there.now, rng=there.rng), who, wish
            )
        assert refusal.value.field == field


def test_somebody_elses_experience_is_not_found(there: World, unit: Session) -> None:
    made = builders.course(unit)
    mine, other = (
        builders.learner(unit, there.library, made, e) for e in ("a@example.org", "b@example.org")
    )
    enrolment = builders.lived(unit, there, mine, made)
    with pytest.raises(NotFound):
        playing.scene(work(unit, library=there.library), other, enrolment.id)


def test_home_shows_experiences_under_their_cover_with_their_state(
    there: World, unit: Session
) -> None:
    who, _ = lived(there, unit)
    (only,) = experiences(work(unit, library=there.library, now=there.now), who, "fr")
    assert only.state == "finished" and only.minutes > 0 and only.section == "s1"


def test_learners_stay_on_the_version_that_they_began(there: World, unit: Session) -> None:
    made = builders.course(unit)
    early, late = (
        builders.learner(unit, there.library, made, e)
        for e in ("early@example.org", "late@example.org")
    )
    begun = playing.begin(work(unit, library=there.library, now=there.now), early, made.id, "s1")
    unit.commit()
    newer = new_pack(builders.PACK)
    newer["pack.yaml"] = newer["pack.yaml"].replace(b"version: 0.1.0", b"version: 0.2.0")
    there.library.install(newer, there.now)
    builders.slotted(unit, there.library, made, now=there.now)
    section = slotting.placements_of(unit, made)[0].section
    again = playing.begin(work(unit, library=there.library, now=there.now), early, made.id, section)
    assert (again.id, again.version) == (begun.id, "0.1.0")
    assert (
        playing.begin(
            work(unit, library=there.library, now=there.now), late, made.id, section
        ).version
        == "0.2.0"
    )
