"""A form is read whole or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.forms.base import Field
from engine.forms.form import Form
from engine.values.errors import Invalid

from .samples import CHOICE, EVERY, GRADE, HAPPENED, IF, LINE, PLACE, SCALE, TEXT, THEN

forms = st.lists(st.sampled_from(EVERY), unique_by=lambda f: f.id, max_size=4).map(
    lambda some: Form(tuple(some))
)


@given(forms)
def test_its_schema_accepts_its_sample_and_nothing_less_or_more(form: Form) -> None:
    schema = Draft202012Validator(form.json_schema())
    assert form.parse(form.sample) == form.sample and schema.is_valid(form.sample)
    assert not schema.is_valid({**form.sample, "more": 1})
    for field in form.fields:
        assert not schema.is_valid({k: v for k, v in form.sample.items() if k != field.id})


def test_what_a_browser_sends_and_what_an_api_sends_are_one() -> None:
    form = Form((PLACE, SCALE, LINE))
    value = {"stance": {"x": 2, "y": 4}, "share": 3, "note": ""}
    flat = {"stance.x": "2", "stance.y": "4", "share": "3", "note": "", "csrf_token": "x"}
    assert form.parse(value) == form.parse(flat) == value


def test_one_wrong_field_refuses_all() -> None:
    with pytest.raises(Invalid) as refused:
        Form((IF, THEN)).parse({"if": "il pleut", "then": " "})
    assert refused.value.field == "then"


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        ((CHOICE,), "who"),
        ((LINE, HAPPENED), "happened"),
        ((HAPPENED, LINE), None),
        ((GRADE, SCALE), None),
        ((TEXT,), None),
        ((), None),
    ],
)
def test_a_tap_sends_the_form_when_it_is_the_only_one_and_comes_last(
    fields: tuple[Field, ...], sender: str | None
) -> None:
    assert Form(fields).sender == sender


def test_one_tap_gives_a_whole_answer_only_when_nothing_else_is_asked() -> None:
    assert [(f, o.id) for f, o in Form((SCALE,)).taps()] == [("share", str(n)) for n in range(1, 6)]
    assert [o.id for _, o in Form((GRADE,)).taps()] == ["4", "3", "2", "1"], "the best one first"
    assert Form((LINE, HAPPENED)).taps() == Form((TEXT,)).taps() == ()


def test_it_costs_what_its_fields_cost_and_is_worth_what_the_best_is_worth() -> None:
    plan = Form((IF, THEN))
    assert (plan.minutes, plan.gain, plan.own_words) == (1.0, 0.35, True)
    follow_up = Form((LINE, HAPPENED))
    assert (follow_up.minutes, follow_up.gain, follow_up.own_words) == (0.5, 0.30, False)
    assert (Form().minutes, Form().gain, Form().own_words) == (0, 0, False)
