"""Every field has a control that needs no JavaScript: what was said is there again, what is wrong
is tied to it, and what a browser then sends is what was said."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import pytest
from flask import Flask, render_template
from werkzeug.datastructures import MultiDict

from engine.forms.base import Field
from engine.forms.form import Form
from engine.forms.text import Text
from engine.packs.model import AnyActivity
from engine.packs.prompts import Prompt
from engine.values.errors import Invalid
from engine.values.reasons import Reason
from tests.unit.forms.samples import CHOICE, EVERY, GRADE, IF, LINE, SCALE, TEXT, THEN
from web.pages.preview import create_app
from web.site import forms
from web.words.reasons import words
from web.words.sentences import TERMS

MORE = Text("more")
"""One more field, so that no tap sends the form."""
SAID = {string: string.upper() for field in EVERY for string in field.strings()}


class Browser(HTMLParser):
    """What a browser makes of a page: the controls as they would be sent, and who names them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.buttons: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self.ids: set[str] = set()
        self.unnamed: list[str] = []
        self.pointed: set[str] = set()
        self._labelled: set[str] = set()
        self._inside: list[str] = []
        self._area = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        name, value = had.get("name", ""), had.get("value", "")
        self._inside.append(tag)
        self.ids |= {had["id"]} if "id" in had else set()
        self.pointed |= set(had.get("aria-describedby", "").split())
        if tag == "label":
            self._labelled.add(had.get("for", ""))
        if tag in ("input", "select", "textarea"):
            self.names.add(name)
            heads = set(had.get("aria-labelledby", "").split())
            named = heads <= self.ids if heads else had.get("id") in self._labelled
            if not named and "label" not in self._inside:
                self.unnamed.append(name)
        if tag == "button" and name:
            self.buttons.append((name, value))
        if tag == "input" and (had.get("type") not in ("radio", "checkbox") or "checked" in had):
            self.sent.append((name, value))
        if tag == "select":
            self._select = name
        if tag == "option" and "selected" in had:
            self.sent.append((self._select, value))
        if tag == "textarea":
            self._area = name
            self.sent.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[-1] = (self._area, data)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    made = create_app(tmp_path)
    with made.test_request_context("/", headers={"Host": "localhost"}):
        made.preprocess_request()
        yield made


def shown(*fields: Field, wrong: Invalid | None = None, **written: Any) -> Browser:
    """The controls of a form in which that was written."""
    page = render_template(
        "forms/form.html",
        form=Form(fields),
        said=SAID,
        wrong=wrong,
        written=written,
        labelled="question",
    )
    return Browser(page)


def name(field: Field) -> str:
    return f"{field.kind}-{field.id}"


def test_every_kind_has_its_template() -> None:
    templates = Path(forms.__file__).parents[1] / "templates" / "forms"
    pieces = {"form", "pieces"}
    assert {file.stem for file in templates.glob("*.html")} - pieces == {f.kind for f in EVERY}


@pytest.mark.parametrize("field", EVERY, ids=name)
def test_what_was_said_is_there_again_and_sent_as_it_was(app: Flask, field: Field) -> None:
    value = field.parse({field.id: field.sample})
    page = shown(field, MORE, **forms.as_written({field.id: value, "more": "…"}))
    assert field.parse(forms.said(MultiDict(page.sent))) == value


@pytest.mark.parametrize("field", EVERY, ids=name)
def test_nothing_is_said_in_ones_place(app: Flask, field: Field) -> None:
    page, start = shown(field, MORE), getattr(field, "start", {})
    stands = [start] if isinstance(start, str) else map(str, start.values())
    assert {value for _, value in page.sent} <= {"", *stands}
    assert {name.split(".")[0] for name in page.names} == {field.id, "more"}


@pytest.mark.parametrize("field", EVERY, ids=name)
def test_each_control_is_named(app: Flask, field: Field) -> None:
    assert shown(field, MORE).unnamed == []


@pytest.mark.parametrize("field", EVERY, ids=name)
def test_what_is_wrong_stands_at_the_control_that_it_is_about(app: Flask, field: Field) -> None:
    for nonsense in ({}, {field.id: {"nonsense": 1}}):
        try:
            field.parse(nonsense)
        except Invalid as wrong:
            where = str(wrong.field)
            page = shown(field, MORE, wrong=wrong)
            assert f"{where}-fault" in page.ids & (page.pointed | {f"{field.id}-fault"})


@pytest.mark.parametrize("field", [f for f in EVERY if f.taps()], ids=name)
def test_alone_one_tap_sends_it_and_the_one_that_a_mail_chose_is_set_off(
    app: Flask, field: Field
) -> None:
    page = shown(field)
    assert page.buttons == [(field.id, option.id) for option in field.taps()]
    assert (page.names, page.sent) == (set(), [])


def test_words_and_a_tap_are_sent_by_the_tap_and_by_no_enter(app: Flask) -> None:
    html = render_template(
        "forms/form.html",
        form=Form((LINE, CHOICE)),
        said=SAID,
        wrong=None,
        written={},
        labelled="question",
    )
    assert html.index("<button disabled hidden>") < html.index('name="note"')
    assert Browser(html).buttons == [("who", "ines"), ("who", "nobody")]


@pytest.mark.parametrize("fields", [(IF, THEN), (GRADE, SCALE), (TEXT,)])
def test_what_no_tap_sends_has_a_button(app: Flask, fields: tuple[Field, ...]) -> None:
    html = render_template(
        "forms/form.html",
        form=Form(fields),
        said=SAID,
        wrong=None,
        written={},
        labelled="question",
    )
    assert '<button class="button">' in html and Browser(html).buttons == []


@pytest.mark.parametrize("field", EVERY, ids=name)
def test_all_that_the_shell_says_of_it_has_words(app: Flask, field: Field) -> None:
    app.testing = True  # a code without words raises
    value = field.words(field.sample, SAID.__getitem__, "fr")
    labels = [option.label for option in field.taps()]
    for reason in (value, field.invitation(SAID.__getitem__), *labels):
        assert not isinstance(reason, Reason) or "%" not in words(reason, language="fr")


def test_each_kind_of_prompt_says_to_its_author_what_it_asks_for() -> None:
    kinds = [
        get_args(kind.model_fields["kind"].annotation) for kind in get_args(get_args(Prompt)[0])
    ]
    assert {name for (name,) in kinds} == set(TERMS["asking"])


def test_authors_read_every_kind_of_activity_by_a_word() -> None:
    kinds = {
        get_args(one.model_fields["kind"].annotation)[0]
        for one in get_args(get_args(AnyActivity)[0])
    }
    assert kinds == set(TERMS["kind"])
