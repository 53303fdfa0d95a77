"""The French catalogue: complete, sure of itself, and set as French is set."""

from __future__ import annotations

import re

from web.words import catalogues

HOLE = re.compile(r"%\(\w+\)[sd]")
CODE = re.compile(
    r"""`[^`]*`|"[^"]*"|\{\w+!r\}|\b\w+://[^\s»]*|\(op\u202f:[^)]*\)|«\u202f[\w%()-]+: [^»]*»"""
    r"|\[chose [^]]*\]|!\[|[A-Z]+:[A-Z]+|\S+\?user=|«\u202f: \u202f»|::1|^relecture .*$",
    re.MULTILINE,
)
"""What is typed as it stands, and takes no spaces that are French: between backticks or straight
quotation marks, addresses, « nom: valeur »."""


def said(message: object) -> list[str]:
    return list(message) if isinstance(message, tuple | list) else [str(message)]


def test_every_message_of_the_code_is_in_the_catalogue() -> None:
    known = {
        (message.id if isinstance(message.id, str) else message.id[0])
        for message in catalogues.written("fr")
    }
    used = {
        (message.id if isinstance(message.id, str) else message.id[0])
        for message in catalogues.extracted()
    }
    assert used - known == set()


def test_no_message_is_kept_that_the_code_does_not_use() -> None:
    known = {message.id for message in catalogues.written("fr")}
    assert known - {message.id for message in catalogues.extracted()} == set()


def test_every_message_is_translated_for_sure() -> None:
    assert list(catalogues.untranslated(catalogues.written("fr"))) == []


def test_translations_have_the_holes_of_their_messages() -> None:
    for message in catalogues.written("fr"):
        wanted = {hole for text in said(message.id) for hole in HOLE.findall(text)}
        for text in said(message.string):
            assert set(HOLE.findall(text)) <= wanted, text
        assert {hole for text in said(message.string) for hole in HOLE.findall(text)} == wanted, (
            message.id
        )


def test_french_has_its_thin_spaces_and_its_apostrophes() -> None:
    for message in catalogues.written("fr"):
        for text in said(message.string) if message.id else ():
            prose = CODE.sub("…", text)
            assert not re.search(r"[^\u202f/][;!?»]|[^\u202f\d]:(?!/)|«[^\u202f]|\w'\w", prose), (
                text
            )
