"""What a page that tries an experience takes for an answer, and what it sends along itself."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from engine.forms.form import Form
from engine.packs.activities.base import Screen
from web.pages.trying import _fresh


@pytest.mark.parametrize("name", ["prompt", "share", "occurrence", "enrolment", "act"])
def test_a_field_of_a_story_may_be_called_like_what_a_question_sends_along(name: str) -> None:
    sent = MultiDict({"kept.at": "0", "csrf_token": "x", name: "Une clef."})
    assert _fresh(sent, Screen("told", None, (), Form())) == {name: "Une clef."}


def test_a_question_says_which_one_it_is_beside_its_answer() -> None:
    sent = MultiDict({"kept.at": "2", "prompt": "what", "occurrence": "1", "text": "Une clef."})
    end = Screen("end", None, (), Form(), finished=True)
    assert _fresh(sent, end) == {"text": "Une clef."}
