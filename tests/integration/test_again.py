"""A pack that reads an earlier answer again, lived to that question: by mail, on the page, on the
path."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from engine.packs.new import new_pack
from engine.packs.stamp import stamp
from engine.storage.tables import Answer, Placement
from tests.builders import MODULE, MONDAY, PACK
from tests.integration.learners import TENANT, There, answer, asked, installed, live

QUESTION, SIGNED = "Signez-vous encore ?", "Nadia, parce qu’elle attendait."


def reading_again(folder: Path) -> There:
    """An installation whose one experience asks at the end whether one still signs."""
    there, files = installed(folder), new_pack(PACK)
    spec, words = f"{MODULE}/module.yaml", f"{MODULE}/fr.md"
    old = b"{id: demain, stage: transfer, kind: text, minutes: 1}"
    new = b"{id: demain, stage: transfer, kind: again, prompt: regard, minutes: 1}"
    assert old in files[spec]
    files[spec] = files[spec].replace(old, new)
    before, _, _ = files[words].decode().partition("## prompt.demain.1")
    files[words] = f"{before}## prompt.demain.1\n{QUESTION}\n".encode()
    files["pack.yaml"] = files["pack.yaml"].replace(b"version: 0.1.0", b"version: 0.2.0")
    pack = there.house.services.library.install(files | stamp(files), MONDAY)
    with there.house.services.db.write(TENANT) as unit:
        unit.scalars(select(Placement)).one().version = pack.version
        unit.commit()
    return there


def test_an_answer_is_read_again_weeks_later_and_signed_or_not(tmp_path: Path) -> None:
    there = reading_again(tmp_path)
    visitor = there.enrolled()
    live(there, visitor)
    page = ""
    while QUESTION not in page:
        touch = there.next_touch()
        while QUESTION not in page and asked(page := question(visitor, touch.number)):
            answer(visitor, touch)
            page = question(visitor, touch.number)
    assert SIGNED in page and "Nadia" not in page.partition('id="question"')[0]
    assert page.index(QUESTION) < page.index(SIGNED) < page.index('name="signs" value="yes"')
    assert ">Pas tout à fait<" in page

    mail = there.house.outbox.messages[-1]
    assert QUESTION in mail.text and f"> {SIGNED}" in mail.text and SIGNED in mail.html
    assert "signs=" not in mail.text, "a line may follow, so it is answered on the page"

    said = {"signs": "not-quite", "note": "plus pour les mêmes raisons"}
    assert visitor.post(f"/touch/{touch.number}", asked(page) | said).status_code == 303
    assert said in [row.content for row in there.rows(Answer)]
    path = visitor.get("/path").text
    assert "pas tout à fait\u202f: plus pour les mêmes raisons" in path


def question(visitor, number: int) -> str:
    """The page of a touch, without what takes the last answer back."""
    return visitor.get(f"/touch/{number}").text.split("/undo")[0]
