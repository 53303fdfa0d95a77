"""Days as people write them, or none: what may be two days is none."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.curriculum.days import Calendar, spans

FRENCH = Calendar(True, (), date(2026, 1, 10))
MONDAY = date(2026, 3, 16)
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"


@pytest.mark.parametrize(
    "text",
    [
        "16/03/2026",
        "16/3/26",
        "16.03.2026",
        "16.03.26",
        "16-03-2026",
        "2026-03-16",
        "2026/03/16",
        "2026-03-16 00:00:00",
        "2026-03-16T09:00:00Z",
        "16/03/2026 09:00",
        "16/03/2026 à 9h30",
        "16 mars 2026",
        "16 mars",
        "lundi 16 mars 2026",
        "Lundi 16 mars",
        "lun. 16/03",
        "Le 16 mars 2026, 14h-17h",
        "March 16, 2026",
        "Mon, Mar-16",
        "16-Mar-26",
        "Monday 16th of March 2026",
        "16/03/2026 (visio)",
        "M Mar 16",
        "Mon 03-16",
        "semaine du 16 mars 2026",
        "Jour 3 (16 mars 2026)",
        "16 mars 2026 matin",
    ],
)
def test_one_day_is_written_in_many_ways(text: str) -> None:
    assert spans([text], FRENCH) == [(MONDAY, None)]


@pytest.mark.parametrize(
    "text",
    [
        "du 16/03/2026 au 20/03/2026",
        "du 16 au 20 mars 2026",
        "16-20 mars 2026",
        "16 – 20 mars",
        "du lundi 16 au vendredi 20 mars",
        "March 16-20, 2026",
        "16/03 au 20/03/2026",
        "16, 18 et 20 mars 2026",
        "2026-03-16 - 2026-03-20",
    ],
)
def test_several_days_are_the_first_and_the_last(text: str) -> None:
    assert spans([text], FRENCH) == [(MONDAY, date(2026, 3, 20))]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Semaine 3",
        "12 personnes",
        "31/02/2026",
        "mars 2026",
        "lundi",
        "B12",
        "9h30",
        "20/03",
        "3",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    calendar = FRENCH if text != "20/03" else Calendar(True)
    assert spans([text], calendar) == [None]


def test_a_range_may_cross_a_month_or_a_year() -> None:
    assert spans(["30 mars au 3 avril 2026"], FRENCH) == [(date(2026, 3, 30), date(2026, 4, 3))]
    assert spans(["28/12 - 03/01"], Calendar(True, (2026,))) == [
        (date(2026, 12, 28), date(2027, 1, 3))
    ]


def test_mar_is_a_tuesday_before_a_day_and_a_month_elsewhere() -> None:
    assert (
        spans(["mar. 17 mars 2026", "mar 17/03/2026", "Mar 17, 2026"], FRENCH)
        == [(date(2026, 3, 17), None)] * 3
    )


def test_a_year_that_nobody_wrote_is_that_of_the_course() -> None:
    days = ["15/10", "01/12", "12/01", "02/02"]
    assert [span[0].year for span in spans(days, Calendar(True, (2025, 2026))) if span] == [
        2025,
        2025,
        2026,
        2026,
    ]


def test_a_weekday_tells_the_year() -> None:
    assert spans(["jeudi 12 mars"], Calendar(True, (), date(2027, 6, 1))) == [
        (date(2026, 3, 12), None)
    ]


def test_without_any_year_a_day_is_near_today_or_none() -> None:
    assert spans(["15 janvier"], Calendar(True, (), date(2026, 11, 30))) == [
        (date(2027, 1, 15), None)
    ]
    assert spans(["15 janvier"], Calendar(True)) == [None]


def test_a_column_tells_whether_the_day_or_the_month_comes_first() -> None:
    english = Calendar(None)
    assert spans(["1/24/2022", "2/1/2022"], english)[1] == (date(2022, 2, 1), None)
    assert spans(["24/1/2022", "1/2/2022"], english)[1] == (date(2022, 2, 1), None)
    assert spans(["03/04/2026", "03/11/2026", "04/01/2026"], english)[0] == (date(2026, 3, 4), None)
    assert spans(["03/04/2026"], english) == [None]
    assert spans(["03/04/2026"], Calendar(False)) == [(date(2026, 3, 4), None)]


def test_a_day_of_a_workbook_is_itself() -> None:
    moment = datetime.fromisoformat("2026-03-16 09:00")
    assert spans([MONDAY, moment, timedelta(1)], FRENCH) == [(MONDAY, None), (MONDAY, None), None]


@given(st.dates(date(1975, 1, 1), date(2060, 12, 31)), st.integers(0, 7))
def test_any_day_is_read_back_from_each_way_of_writing_it(day: date, way: int) -> None:
    month = MONTHS.split(" ")[day.month - 1]
    text = (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%y}",
        f"{day:%d-%m-%Y}",
        f"{day.day} {month} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%A} {day.day} {day:%b} {day.year}",
        f"{day:%d/%m/%Y} 14:00",
    )[way]
    assert spans([text], FRENCH) == [(day, None)]


@given(st.text("0123456789/.- marsjeudiu:h,", max_size=40), st.sampled_from([True, False, None]))
def test_any_text_is_a_day_or_none(text: str, day_first: bool | None) -> None:
    [found] = spans([text], Calendar(day_first, (), date(2026, 1, 1)))
    assert found is None or found[1] is None or found[0] <= found[1]
