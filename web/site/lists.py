"""The people of a course as a file that spreadsheets open: one row a person, counts and states."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO, StringIO

from flask import Response
from flask_babel import gettext, to_user_timezone

from engine.courses.progress import REFUSED, Progress
from web.site import language

Cell = str | int | datetime | None
Rows = Iterable[Sequence[Cell]]

BOM = "\ufeff"
"""By which Excel knows that a file is UTF-8."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AS_THEY_ARE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""What somebody is called is never a formula or a link."""


def state_names() -> Mapping[str, str]:
    """What each state is called, in the reader's language."""
    return {
        "invited": gettext("invited"),
        "joined": gettext("contract not accepted yet"),
        "ready": gettext("has not begun"),
        "active": gettext("active"),
        "paused": gettext("having a break"),
        "quiet": gettext("quiet"),
        "stopped": gettext("stopped"),
        "done": gettext("done"),
        REFUSED: gettext("email refused"),
        "unbegun": gettext("in the course, has not begun"),
    }


def headings() -> list[Cell]:
    """The first row, in the reader's language."""
    return [
        gettext("Name"),
        gettext("Address"),
        gettext("Cohort"),
        gettext("State"),
        gettext("Email refused"),
        gettext("Experiences begun"),
        gettext("Experiences finished"),
        gettext("Answers"),
        gettext("Debriefs complete"),
        gettext("Last sign of life"),
    ]


def row(one: Progress) -> list[Cell]:
    """One person; times are those of the reader's zone."""
    return [
        one.name,
        one.email,
        ", ".join(one.cohorts),
        state_names()[one.state],
        gettext("yes") if one.refused else "",
        one.begun,
        one.finished,
        one.answers,
        one.debriefs_done,
        to_user_timezone(one.seen).replace(tzinfo=None) if one.seen else None,
    ]


def as_csv(rows: Rows, name: str) -> Response:
    """Separated by semicolons where commas are decimal signs. What a spreadsheet would take for a
    formula is text: it begins with an apostrophe."""
    written = StringIO()
    delimiter = ";" if language.current() == "fr" else ","
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerows([_as_text(cell) for cell in cells] for cells in rows)
    return _file(BOM + written.getvalue(), "text/csv; charset=utf-8", name)


def as_xlsx(rows: Rows, name: str) -> Response:
    """A workbook of one sheet; text is text, numbers are numbers, times are times."""
    import xlsxwriter  # only this needs it

    written = BytesIO()
    with xlsxwriter.Workbook(written, AS_THEY_ARE) as book:
        bold, moment = (
            book.add_format(its) for its in ({"bold": True}, {"num_format": "yyyy-mm-dd hh:mm"})
        )
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 2, 28)
        sheet.set_column(3, 9, 18)
        for at, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(at, column, cell, moment)
                elif isinstance(cell, int):
                    sheet.write_number(at, column, cell)
                elif cell:
                    sheet.write_string(at, column, cell, None if at else bold)
    return _file(written.getvalue(), XLSX, name)


def _as_text(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, str) and cell.lstrip(" ").startswith(STARTS_A_FORMULA):
        return f"'{cell}"
    return cell


def _file(content: str | bytes, kind: str, name: str) -> Response:
    return Response(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
