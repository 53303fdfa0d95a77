"""Whether a licence is written as SPDX writes one: the shape of the expression, never a list of the
licences there are.

Source: SPDX 3.0.1, annex “SPDX license expressions”, whose grammar has not changed since 2.3 but
for operators in lower case.
"""

from __future__ import annotations

import re

_ID = r"[A-Za-z0-9.-]+"
_LICENCE = re.compile(rf"(DocumentRef-{_ID}:)?LicenseRef-{_ID}|{_ID}\+?")
_ADDITION = re.compile(rf"(DocumentRef-{_ID}:)?AdditionRef-{_ID}|{_ID}")
_JOINS = ("AND", "OR", "and", "or")
_WITH = ("WITH", "with")
_UNVERSIONED = re.compile(r"CC-BY(-[A-Z]+)*")
EXAMPLE = "write one such as CC-BY-SA-4.0, or LicenseRef- and a name of your own"
PATTERN = (
    r"^[( ]*[A-Za-z0-9.:-]+\+?[) ]*( (AND|OR|WITH|and|or|with) [( ]*[A-Za-z0-9.:-]+\+?[) ]*)*$"
)
"""For editors, which know regular expressions only: a little more than what is right, since they
cannot count parentheses."""


def misfit(text: str) -> tuple[str, str] | None:
    """What is wrong with ``text`` as a licence, and what to do; None when it has the shape of
    one."""
    wrong = _wrong(text)
    return wrong and (f"“{text}” is no SPDX licence: {wrong[0]}", wrong[1])


def _wrong(text: str) -> tuple[str, str] | None:
    words = re.findall(r"[()]|[^\s()]+", text)
    before, opened = "(", 0
    for word in words:
        if wrong := _misplaced(word, before, opened):
            return wrong, EXAMPLE
        if _UNVERSIONED.fullmatch(word):
            return (
                f"“{word}” lacks its version",
                f"write “{word}-4.0”, or the version that you mean",
            )
        opened += (word == "(") - (word == ")")
        before = "licence" if _is_licence(word, before) else "addition" if before in _WITH else word
    if opened or before not in ("licence", "addition", ")"):
        return (
            "a parenthesis is open at the end"
            if before in ("licence", "addition", ")")
            else "it ends too early"
        ), EXAMPLE
    return None


def _is_licence(word: str, before: str) -> bool:
    return before in ("(", *_JOINS) and word != "("


def _misplaced(word: str, before: str, opened: int) -> str | None:
    """What is wrong with a word of the expression after what came before: a licence, an
    addition, an operator, a parenthesis."""
    if before in ("(", *_JOINS):
        right = word == "(" or (word not in (*_JOINS, *_WITH) and _LICENCE.fullmatch(word))
        return None if right else f"“{word}” is no name of a licence"
    if before in _WITH:
        return (
            None
            if word not in (*_JOINS, *_WITH) and _ADDITION.fullmatch(word)
            else f"“{word}” is no name of an exception"
        )
    if word == ")":
        return None if opened else "this parenthesis closes none"
    if word in _WITH:
        return None if before == "licence" else f"“{word}” must follow the name of a licence"
    return None if word in _JOINS else f"AND, OR or WITH is needed before “{word}”"
