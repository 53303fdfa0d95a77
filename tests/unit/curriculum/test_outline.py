"""Where a section stands in time, whatever little the teacher wrote."""

from __future__ import annotations

from datetime import date

from engine.curriculum.outline import Audience, Outline, Section


def outline(*sections: Section, starts_on: date | None = None) -> Outline:
    return Outline("c", "C", "fr", Audience("fr"), sections, starts_on)


def test_a_written_week_is_kept() -> None:
    assert outline(Section("a", "A", week=2), Section("b", "B", week=5)).weeks() == (2, 5)


def test_without_weeks_each_section_takes_the_week_after_the_one_before() -> None:
    assert outline(Section("a", "A"), Section("b", "B", week=4), Section("c", "C")).weeks() == (
        1,
        4,
        5,
    )


def test_dates_give_the_week_counted_from_the_first_day() -> None:
    course = outline(
        Section("a", "A", starts=date(2027, 1, 12)),
        Section("b", "B", starts=date(2027, 1, 26)),
        starts_on=date(2027, 1, 11),
    )
    assert course.weeks() == (1, 3)
    assert outline(*course.sections).weeks() == (1, 3)


def test_a_section_lasts_its_own_days_else_its_whole_week() -> None:
    course = outline(
        Section("a", "A", starts=date(2027, 1, 12), ends=date(2027, 1, 14)),
        Section("b", "B"),
        Section("c", "C", starts=date(2027, 1, 25)),
        starts_on=date(2027, 1, 11),
    )
    assert course.spans() == (
        (date(2027, 1, 12), date(2027, 1, 14)),
        (date(2027, 1, 18), date(2027, 1, 24)),
        (date(2027, 1, 25), date(2027, 1, 25)),
    )


def test_a_course_without_dates_has_no_days() -> None:
    assert outline(Section("a", "A", week=3)).spans() == (None,)


def test_a_section_is_found_by_its_id() -> None:
    course = outline(Section("a", "A"))
    assert course.section("a") == Section("a", "A") and course.section("z") is None
