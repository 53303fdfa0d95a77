"""Words of authors and learners in pages: what may pass, and what never becomes markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.words.markdown import inline, plain, render


def test_emphasis_lists_and_quotations_are_rendered() -> None:
    html = render("Un *mot*.\n\n> Une lettre\n\n- un\n- deux")
    assert "<em>mot</em>" in html
    assert "<blockquote>\n<p>Une lettre</p>" in html
    assert "<li>un</li>" in html


def test_raw_html_is_shown_as_text() -> None:
    assert render("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "//ailleurs.example",
        "http://a.example",
        "data:text/html,x",
        "ailleurs",
    ],
)
def test_a_link_that_is_neither_ours_nor_https_loses_its_address(address: str) -> None:
    assert "href" not in render(f"[là]({address})")


def test_an_https_link_is_kept_and_tells_nothing_of_where_one_came_from() -> None:
    assert (
        render("[là](https://a.example/b)")
        == '<p><a href="https://a.example/b" rel="noopener noreferrer">là</a></p>\n'
    )


def test_an_image_of_the_pack_is_shown_and_any_other_becomes_its_alternative_text() -> None:
    known = {"halle.png": "/images/halle.png"}
    assert '<img src="/images/halle.png" alt="La halle">' in render(
        "![La halle](halle.png)", known.get
    )
    assert render("![La halle](https://ailleurs.example/x.png)", known.get) == "<p>La halle</p>\n"


def test_headings_and_indented_lines_stay_words() -> None:
    assert render("# Titre") == "<p># Titre</p>\n"
    assert render("    dialogue") == "<p>dialogue</p>\n"


def test_a_label_has_no_paragraph_and_no_link() -> None:
    assert inline("Rappeler *Inès* [là](https://a.example)") == "Rappeler <em>Inès</em> là"


def test_plain_text_keeps_paragraphs_quotations_lists_and_addresses() -> None:
    assert (
        plain("Un *mot*\ncoupé.\n\n> Lettre\n\n1. un\n2. [deux](https://a.example)")
        == "Un mot coupé.\n\n> Lettre\n\n– un\n\n– deux (https://a.example)"
    )


def test_plain_text_undoes_the_escapes_that_keep_a_learners_stars_literal() -> None:
    assert plain(r"2 \* 3 \_ 4") == "2 * 3 _ 4"


@given(st.text(alphabet=st.sampled_from(list("<>&\"'/=ajscript:()[]!*`\n #onerror")), max_size=80))
def test_nothing_written_becomes_a_script_or_a_handler(text: str) -> None:
    html = render(text, lambda name: f"/i/{len(name)}.png").lower()
    assert "<script" not in html
    for tag in html.split("<")[1:]:
        assert "onerror" not in tag.split(">")[0] or "onerror" in tag.split('"')[1::2]
        assert "javascript:" not in tag.split(">")[0].split("title=")[0]
