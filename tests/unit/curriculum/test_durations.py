"""How long something takes, as people write it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.curriculum.durations import minutes_between, minutes_of


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1h30", 90),
        ("1H30", 90),
        ("1 h 15", 75),
        ("1h45mn", 105),
        ("1 h 30 min", 90),
        ("1 heure et 30 minutes", 90),
        ("2 h", 120),
        ("2h00", 120),
        ("3 heures", 180),
        ("1,5 h", 90),
        ("1.5 hours", 90),
        ("1,5", 90),
        ("90", 90),
        ("90 min", 90),
        ("60\u00a0min", 60),
        ("15'", 15),
        ("15’", 15),
        ("~ 20 min", 20),
        ("environ 2h", 120),
        ("env. 2 h", 120),
        ("01:30", 90),
        ("1:30:00", 90),
        ("45:00", 45),
        ("0,5 j", 210),
        ("½ journée", 210),
        ("demi-journée", 210),
        ("1 jour", 420),
        ("2 jours", 840),
        ("une heure", 60),
        ("2 x 45 min", 90),
        ("2h + 1h", 180),
        ("1 à 2 h", 60),
        ("1h30 à 2h", 90),
        ("30-45 min", 30),
        ("9h-12h30", 210),
        ("de 14h à 16h30", 150),
        ("14:00 – 16:00", 120),
        ("2:00 pm - 4:00 pm", 120),
        ("2h (dont 15 min de pause)", 120),
    ],
)
def test_a_duration_is_written_in_many_ways(text: str, minutes: int) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "bientôt", "[ ]", "à définir", "12/03/2026", "h", "3h/semaine", "-2", "2 séances"]
)
def test_what_is_no_duration_is_none(text: str) -> None:
    assert minutes_of(text) is None


def test_a_bare_number_has_the_unit_of_its_heading() -> None:
    assert (minutes_of("3", "h"), minutes_of("3", "min"), minutes_of("2,5", "min")) == (180, 3, 2)


def test_durations_and_hours_of_workbooks_are_durations() -> None:
    assert minutes_of(timedelta(hours=30)) == 1800
    assert minutes_of(time(1, 30)) == 90
    assert minutes_of(date(2026, 3, 12)) is None


def test_one_hour_of_the_day_lasts_for_no_time() -> None:
    assert (minutes_between("9h"), minutes_between("9h-12h"), minutes_between(time(9))) == (
        None,
        180,
        None,
    )


@given(st.integers(0, 23), st.integers(0, 59))
def test_hours_and_minutes_are_read_back_however_they_are_joined(hours: int, minutes: int) -> None:
    for text in (f"{hours}h{minutes:02}", f"{hours} h {minutes:02} min", f"{hours}:{minutes:02}"):
        assert minutes_of(text) == hours * 60 + minutes


@given(st.text("0123456789hHmin:,.'-+x àj ", max_size=30))
def test_any_text_is_some_minutes_or_none(text: str) -> None:
    found = minutes_of(text)
    assert found is None or 0 <= found <= 100_000
