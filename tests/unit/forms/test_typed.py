"""What somebody typed, kept and shown."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from engine.forms.typed import escape
from engine.values.lines import one_line


def shown(markdown: str) -> str:
    """What a browser shows of one paragraph; fails when it holds anything but text."""
    rendered = MarkdownIt("default", {"linkify": False}).render(markdown)
    found = re.fullmatch(r"<p>([^<>]*)</p>\n", rendered)
    assert found, rendered
    return html.unescape(found[1])


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80).filter(
        lambda t: one_line(t) == t
    )
)
@settings(max_examples=150, deadline=None)
def test_what_a_learner_typed_is_shown_as_typed(text: str) -> None:
    assert shown(f"x {escape(text)} y") == f"x {text} y"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "**gras**",
        "[ici](https://x.test)",
        "![](x.png)",
        "# titre",
        "1. un",
        "- un",
        "> dit",
        "`code`",
        "a\n\n    b",
        "&lt;",
        "{ending}",
        "\\*",
        "http://x.test",
        "| a | b |",
    ],
)
def test_no_markup_of_a_learner_does_anything(text: str) -> None:
    assert shown(escape(text)) == " ".join(text.split())
