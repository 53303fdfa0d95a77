"""The pack that authors start from, the schema that their editors read, the arcs that they
choose among."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from engine.packs.arcs import Arc, arcs
from engine.packs.lint import check_pack
from engine.packs.model import Debrief
from engine.packs.new import STARTERS, new_pack
from engine.packs.read import read_pack
from engine.packs.schema import schema
from engine.values.errors import Invalid

SCHEMA = Path(__file__).parents[3] / "docs" / "pack.schema.json"


def test_a_new_pack_bears_its_name_and_has_neither_fault_nor_warning() -> None:
    files = new_pack("mon-pack")
    assert check_pack(files) == () and read_pack(files).id == "mon-pack"


@pytest.mark.parametrize("name", ["", "Mon pack", "-x", "x" * 61, "../x"])
def test_a_new_pack_needs_an_id(name: str) -> None:
    with pytest.raises(Invalid, match="pack-id"):
        new_pack(name)


def test_the_schema_in_the_docs_is_the_one_of_the_models() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()


def test_the_schema_describes_both_files_and_leaves_no_reference_open() -> None:
    whole = schema()
    assert whole["anyOf"] == [{"$ref": "#/$defs/Manifest"}, {"$ref": "#/$defs/ModuleSpec"}]
    used = {part.split('"')[0] for part in json.dumps(whole).split("#/$defs/")[1:]}
    assert used == set(whole["$defs"])


@pytest.mark.parametrize("arc", arcs().values(), ids=arcs())
def test_each_arc_holds_together(arc: Arc) -> None:
    ids, days = [stage.id for stage in arc.stages], [stage.day for stage in arc.stages]
    assert len(set(ids)) == len(ids)
    assert (
        all(before < after for before, after in pairwise(days))
        and days[0] >= 1
        and days[-1] < arc.end_day
    )
    assert arc.reveal_after in ids and arc.closes_with == ids[-1]
    reveal = ids.index(arc.reveal_after)
    assert [stage.after_reveal for stage in arc.stages] == [i > reveal for i in range(len(ids))]
    assert all(stage.weight > 0 for stage in arc.stages) and "did-it-happen" in ids and arc.source


@pytest.mark.parametrize("arc", arcs())
def test_a_debrief_may_follow_each_arc(arc: str) -> None:
    asked = ({"id": "a", "stage": "transfer", "kind": "text", "minutes": 1},)
    assert Debrief.model_validate({"arc": arc, "prompts": asked}).arc == arc


@pytest.mark.parametrize("kind", sorted(STARTERS))
def test_each_kind_has_a_starter_with_neither_fault_nor_warning(kind: str) -> None:
    files = new_pack("mon-pack", kind)
    assert check_pack(files) == ()
    [module] = read_pack(files).modules.values()
    assert module.spec.activity.kind == kind


def test_all_five_arcs_ship() -> None:
    assert set(arcs()) == {"what-so-what-now-what", "4f", "orid", "gibbs", "kolb"}
