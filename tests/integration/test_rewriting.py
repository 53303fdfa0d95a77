"""Rows that change without being loaded: what a session already holds of them changes too."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.spacing.values import Pace
from engine.storage.queries import journeys
from engine.storage.rewriting import NoSuchRow, rewrite
from engine.storage.tables import Learner
from tests import builders

pytestmark = pytest.mark.both_databases
PACE = {"missed_in_a_row": 2, "gap_factor": 1.5, "asked_to_lighten": True}


def test_the_object_that_a_session_holds_of_a_rewritten_row_has_the_new_values(
    tmp_path: Path,
) -> None:
    there = builders.world(tmp_path)
    with there.db.write("town") as unit:
        lea = builders.learner(unit, there.library, builders.course(unit))
        lea.zone = "UTC"
        rewrite(unit, Learner, journeys.CHANGE_PACE, {"id": lea.id}, **PACE)
        assert Pace(lea.missed_in_a_row, lea.gap_factor, lea.asked_to_lighten) == Pace(**PACE)
        unit.commit()
    with there.db.read("town") as unit:
        found = unit.get_one(Learner, ("town", lea.id))
        assert (found.zone, found.gap_factor, found.asked_to_lighten) == ("UTC", 1.5, True)


def test_rewriting_reaches_no_row_of_another_organisation_and_says_so(tmp_path: Path) -> None:
    there = builders.world(tmp_path, "town", "village")
    with there.db.write("town") as unit:
        lea = builders.learner(unit, there.library, builders.course(unit))
        unit.commit()
    with there.db.write("village") as unit:
        with pytest.raises(NoSuchRow, match="Learner: id"):
            rewrite(unit, Learner, journeys.CHANGE_PACE, {"id": lea.id}, **PACE)
        unit.commit()
    with there.db.read("town") as unit:
        assert unit.get_one(Learner, ("town", lea.id)).missed_in_a_row == 0
